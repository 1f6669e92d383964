/* Log arrival: saving puts the family into the outbox first, and "Received" is said only when the server has said it.

   With nothing on the device to write to, or with no shift open while there is network, the form posts as any form does. */
(function () {
  'use strict';

  const outbox = window.outbox;
  const form = document.querySelector('form[data-offline="arrival"]');
  if (!form) return;

  const KEEPS = ['crossing', 'nationality', 'nationality_other', 'language']; // what the next family most likely shares with this one
  const PATIENCE_MS = 4000; // how long the page waits for the server before it makes room for the next family
  const note = document.querySelector('[data-arrival-note]');
  const field = (name) => form.elements.namedItem(name);
  let correcting = null;
  let doubted = '';
  let clockOffered = '';
  let saving = false;

  /* ---- what the device fills in ---- */

  function wallClock() {
    const zone = form.dataset.zone || undefined;
    const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date());
    const part = (type) => parts.find((each) => each.type === type).value;
    return [`${part('year')}-${part('month')}-${part('day')}`, `${part('hour')}:${part('minute')}`];
  }

  const clockNow = () => `${valueOf('arrived_on')} ${valueOf('arrived_time')}`;

  function offerClock() {
    const [day, time] = wallClock();
    if (field('arrived_on')) field('arrived_on').value = day;
    if (field('arrived_time')) field('arrived_time').value = time;
    clockOffered = clockNow();
  }

  function offerFresh() {
    field('uid').value = crypto.randomUUID();
    offerClock();
  }

  function valueOf(name) {
    const found = field(name);
    return found ? found.value : '';
  }

  /* ---- what is written ---- */

  function fieldsWritten() {
    const fields = {};
    new FormData(form).forEach(function (value, name) {
      if (name === 'csrfmiddlewaretoken' || typeof value !== 'string') return;
      (fields[name] = fields[name] || []).push(value);
    });
    return fields;
  }

  function sizeOf(fields) {
    const chosen = Number((fields.size || ['1'])[0]) || 1;
    let last = chosen;
    for (let n = 1; n <= 12; n += 1) if (chosen >= 6 && (fields[`p${n}-given_names`] || [''])[0].trim()) last = Math.max(last, n);
    return last;
  }

  const controlsOf = (name) => { const found = field(name); return found instanceof RadioNodeList ? Array.from(found) : [found].filter(Boolean); };

  function set(name, values) {
    controlsOf(name).forEach(function (control) {
      if (['radio', 'checkbox'].includes(control.type)) control.checked = values.includes(control.value);
      else control.value = values[0] || '';
    });
  }

  const heard = (name) => controlsOf(name).forEach((control) => control.dispatchEvent(new Event('change', { bubbles: true })));

  /** Fill the form in again. What the page guesses on hearing of a change is overwritten with what was written. */
  function write(fields) {
    form.reset();
    const fill = () => Object.entries(fields).forEach(([name, values]) => set(name, values));
    fill();
    Object.keys(fields).forEach(heard);
    fill();
    carried = {};
    sayCarried();
    form.querySelectorAll('details').forEach((details) => { details.open = true; });
  }

  /** Whether nobody is told of: a second tap on "Save" comes upon the room that was made for the next family. */
  function isBlank(fields) {
    const told = ['given_names', 'surnames', 'sex', 'band', 'age', 'a_number'].map((name) => `p1-${name}`);
    return sizeOf(fields) === 1 && [...told, 'phone'].every((name) => !(fields[name] || [''])[0].trim());
  }

  /** What looks like a slip. It is said once; saving again says that it is meant. */
  function doubts(fields) {
    const found = {};
    for (const [name, [value]] of Object.entries(fields)) {
      const digits = value.replace(/\D/g, '').length;
      if (/^p\d+-a_number$/.test(name) && value.trim() && (digits < 8 || digits > 9)) found[name] = [outbox.say('doubt_a_number')];
    }
    if (isBlank(fields)) found['p1-given_names'] = [outbox.say('doubt_nobody')];
    const future = Date.parse(`${valueOf('arrived_on')}T12:00Z`) > Date.now() + 36 * 3600e3;
    if (future) found.arrived_on = [outbox.say('doubt_day')];
    return found;
  }

  /* ---- what the page says ---- */

  function tell(tone, icon, title, text, link) {
    note.className = `x-note ${tone}`;
    outbox.setIcon(note.querySelector('svg'), icon);
    note.querySelector('b').textContent = title;
    note.querySelector('p').textContent = text || '';
    const anchor = note.querySelector('a');
    anchor.hidden = !link;
    if (link) anchor.href = link;
    note.hidden = false;
    note.scrollIntoView({ block: 'nearest' });
  }

  function clearErrors() {
    form.querySelectorAll('[data-outbox-error]').forEach((each) => each.remove());
    form.querySelectorAll('[data-outbox-wrong]').forEach(function (each) {
      each.removeAttribute('aria-invalid');
      delete each.dataset.outboxWrong;
    });
  }

  /** Put the words at their fields and the focus on the first; what has no field is said above. */
  function showErrors(errors, message) {
    clearErrors();
    const template = document.getElementById('outbox-error');
    const loose = [];
    let first = null;
    for (const [name, said] of Object.entries(errors)) {
      const found = name && field(name);
      const control = found instanceof RadioNodeList ? found[0] : found;
      if (!control || control.type === 'hidden') { loose.push(...said); continue; }
      const error = template.content.firstElementChild.cloneNode(true);
      error.querySelector('[data-text]').textContent = said.join(' ');
      (control.closest('fieldset') || control.closest('.x-check') || control.parentElement).append(error);
      control.setAttribute('aria-invalid', 'true');
      control.dataset.outboxWrong = '1';
      for (let details = control.closest('details'); details; details = details.parentElement.closest('details')) details.open = true;
      first = first || control;
    }
    tell('stop', 'alert-triangle', message, loose.join(' '));
    if (first) first.focus();
  }

  const mistakesAreNamed = (errors) => Object.keys(errors).length > 0;

  /* ---- saving ---- */

  async function save() {
    const fields = fieldsWritten();
    const doubtful = doubts(fields);
    const asWritten = JSON.stringify([doubtful, fields]);
    if (mistakesAreNamed(doubtful) && doubted !== asWritten) {
      doubted = asWritten;
      showErrors(doubtful, outbox.say('doubtful'));
      return;
    }
    clearErrors();
    const id = correcting ? correcting.id : valueOf('uid').toLowerCase();
    const size = sizeOf(fields);
    let refusal = null;
    const hear = (event) => { if (event.detail.id === id) refusal = event.detail; };
    window.addEventListener('outbox:refused', hear);
    form.inert = true; // what is typed from now on would go with the fields when room is made
    try {
      // Somebody who corrects an old entry has not touched its clock now: the time in the fields is the one it was written with.
      await outbox.put({ id, kind: 'arrival', size, content: { fields }, untouchedClock: correcting ? correcting.untouched_clock && clockNow() === clockOffered : clockNow() === clockOffered });
      const entry = await outbox.settled(id, navigator.onLine ? PATIENCE_MS : 0);
      form.inert = false;
      conclude(entry, size, refusal);
    } catch (error) {
      await cannotKeep(error);
    } finally {
      form.inert = false;
      window.removeEventListener('outbox:refused', hear);
    }
  }

  function conclude(entry, size, refusal) {
    if (entry.status === 'refused' && refusal) {
      correcting = entry;
      showErrors(refusal.errors, refusal.message);
      return;
    }
    const family = outbox.say('family', { n: size });
    if (entry.status === 'received') tell('ok', 'cloud-check', outbox.say('note_received', { family, code: entry.case_code || '' }), '', entry.household && `/households/${entry.household}/`);
    else if (entry.status === 'waiting' || entry.status === 'sending') tell('warn', 'cloud-up', outbox.say('note_waiting', { family }), outbox.say('note_waiting_text'));
    else tell('warn', 'alert-circle', outbox.say('note_look', { family }), outbox.say('late_why', { code: entry.case_code || '' }));
    makeRoom(); // last: the next family begins at the top, under what was said of this one
  }

  /** Nothing could be written on the device: what was typed stays in the form, and goes the other way if there is one. */
  async function cannotKeep(error) {
    const why = { already_sent: 'being_sent' }[error.message] || (outbox.isFull(error) ? 'full' : 'no_storage');
    if (why === 'being_sent') tell('stop', 'alert-triangle', outbox.say('not_kept'), outbox.say(why));
    else await postNormally(why);
  }

  /** Post as any form does, but never into the void: what was typed would go with the page. */
  async function postNormally(otherwise) {
    try {
      const ready = await outbox.ask('/tablet/ready/', {});
      field('csrfmiddlewaretoken').value = ready.csrf;
      form.submit();
    } catch (error) {
      if (!(error instanceof outbox.NotReached)) throw error;
      tell('stop', 'alert-triangle', outbox.say('not_kept'), outbox.say(error.message === 'signed_out' ? 'sign_in_first' : otherwise));
    }
  }

  /* ---- as in the last one ---- */

  const hints = KEEPS.map((name) => ({ name, hint: document.getElementById(`id_${name}_helptext`) })).filter(({ hint }) => hint);
  hints.forEach((each) => { each.words = each.hint.textContent; });
  const written = (name) => (name === 'nationality' ? valueOf(name) + valueOf('nationality_other') : valueOf(name));
  const allWritten = () => Object.fromEntries(KEEPS.map((name) => [name, written(name)]));
  let carried = allWritten();

  /** What was taken over from the last family says so, until it is changed. */
  function sayCarried() {
    hints.forEach(({ name, hint, words }) => { hint.textContent = written(name) === carried[name] ? words : ''; });
  }
  form.addEventListener('input', sayCarried);

  function makeRoom() {
    const keeps = KEEPS.map((name) => [name, [valueOf(name)]]);
    correcting = null;
    doubted = '';
    form.reset();
    keeps.forEach(([name, values]) => set(name, values));
    ['size', ...KEEPS].forEach(heard);
    carried = allWritten();
    sayCarried();
    offerFresh();
    window.scrollTo(0, 0);
  }

  async function writesHere() {
    await outbox.usable;
    if (!outbox.isUsable || !(await outbox.kept('key'))) return false;
    return Boolean(await outbox.currentShift()) || outbox.reach() !== 'ok' || Boolean(correcting);
  }

  form.addEventListener('submit', async function (event) {
    event.preventDefault();
    if (saving) return;
    saving = true;
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    try {
      if (await writesHere()) await save();
      else await postNormally('never_online');
    } finally {
      saving = false;
      button.disabled = false;
    }
  });

  /* ---- correcting ---- */

  async function correct() {
    const id = (window.location.hash.match(/^#correct=([0-9a-f-]{36})$/) || [])[1];
    const entry = id && (await outbox.db.entries.get(id));
    if (!entry || !['waiting', 'refused'].includes(entry.status)) return;
    const content = await outbox.open(entry.sealed, outbox.contextOf(entry));
    if (!content) {
      tell('accent', 'lock', outbox.say('correct_locked'), outbox.say('correct_locked_text'));
      return;
    }
    history.replaceState(null, '', window.location.pathname);
    correcting = entry;
    write(content.fields);
    clockOffered = clockNow();
    const verdict = entry.verdict && (await outbox.open(entry.verdict, outbox.verdictOf(entry)));
    if (verdict) showErrors(verdict.errors, verdict.message);
    else tell('accent', 'pencil', outbox.say('correcting'), '');
  }

  window.addEventListener('hashchange', correct);
  window.addEventListener('outbox:lock', function (event) {
    if (event.detail.open) correct();
    else if (correcting) makeRoom(); // what was opened with the PIN does not stay on the screen without it
  });

  outbox.usable.then(function () {
    if (!outbox.isUsable) return;
    if ('shell' in document.body.dataset) offerFresh(); // the page comes from the device: its id and its clock are old
    else clockOffered = clockNow();
    correct();
  });
})();
