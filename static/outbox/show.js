/* What the outbox shows on every page: the chip in the top bar, and the list "On this device" where a page has one.
   Also starts it: asks for storage that lasts, registers the worker, sends what waits. */
(function () {
  'use strict';

  const outbox = window.outbox;
  const island = document.getElementById('outbox-words');
  const words = island ? JSON.parse(island.textContent) : {};
  const language = document.documentElement.lang;
  const ICONS = { waiting: 'cloud-up', sending: 'cloud-up', received: 'cloud-check', refused: 'cloud-x', late: 'cloud-x', conflict: 'arrows-diff' };
  const PILLS = { waiting: ['warn', 'clock'], sending: ['accent', 'cloud-up'], received: ['ok', 'check'], refused: ['stop', 'alert-triangle'], late: ['warn', 'alert-circle'], conflict: ['warn', 'arrows-diff'] };
  const SLOW_SECONDS = 8; // another page may be opening what is kept here; after that the person is told
  const NOT_TAKEN = ['unreadable', 'too_large']; // the server never opened it, so the reason tells nothing of anybody

  /** The words of the page, with their blanks filled. A pair is for one and for several. */
  function say(name, blanks) {
    const said = words[name];
    const text = Array.isArray(said) ? said[blanks.n === 1 ? 0 : 1] : said || '';
    return text.replace(/%\((\w+)\)s/g, (_, blank) => String(blanks[blank]));
  }

  function clock(moment) {
    const then = new Date(moment);
    const isToday = then.toDateString() === new Date().toDateString();
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    return new Intl.DateTimeFormat(language, isToday ? time : { day: 'numeric', month: 'short', ...time }).format(then);
  }

  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  function setIcon(svg, name) {
    const use = svg.querySelector('use');
    use.setAttribute('href', `${use.getAttribute('href').split('#')[0]}#${name}`);
  }

  /* ---- the chip ---- */

  function drawChip(entries) {
    const { waiting, wrong } = outbox.count(entries);
    const reach = outbox.reach();
    const counted = [waiting && say('chip_waiting', { n: waiting }), wrong && say('chip_wrong', { n: wrong })].filter(Boolean);
    const net = { away: say(counted.length ? 'chip_away_short' : 'chip_away'), signed_out: say('chip_signed_out') }[reach];
    const text = [...counted, net].filter(Boolean).join(' · ') || say('chip_online');
    all('[data-net="outbox"]').forEach(function (chip) {
      chip.classList.toggle('off', reach !== 'ok' || counted.length > 0);
      chip.classList.toggle('away', reach === 'away');
      chip.classList.toggle('due', counted.length > 0);
      chip.querySelector('[data-net-word]').textContent = text;
    });
    all('[data-when-away]').forEach((each) => { each.hidden = reach !== 'away'; });
    all('[data-when-signed-out]').forEach((each) => { each.hidden = reach !== 'signed_out'; });
  }

  /* ---- the list ---- */

  /** Names, messages and buttons of one row; only while its shift is open. */
  async function reveal(row, entry) {
    const content = await outbox.open(entry.sealed, outbox.contextOf(entry));
    const verdict = entry.verdict && (await outbox.open(entry.verdict, outbox.verdictOf(entry)));
    if (content && content.fields) row.querySelector('[data-names]').textContent = namesIn(content.fields);
    if (content && content.label) row.querySelector('[data-names]').textContent = content.label;
    if (verdict) {
      const said = [verdict.message, ...Object.values(verdict.errors).flat()].filter(Boolean);
      if (said.length) row.querySelector('[data-why]').textContent = Array.from(new Set(said)).join(' ');
    }
    const correct = row.querySelector('[data-correct]');
    const isArrival = content && entry.kind === 'arrival';
    correct.hidden = !(isArrival && ['waiting', 'refused'].includes(entry.status));
    correct.href = `/arrivals/new/#correct=${entry.id}`;
    const letGo = row.querySelector('[data-let-go]');
    letGo.hidden = !(content && (entry.status === 'late' || (entry.status === 'refused' && entry.kind === 'step')));
    letGo.addEventListener('click', () => outbox.db.entries.update(entry.id, { status: 'received', sealed: null, verdict: null, code: 'let_go' }));
  }

  function namesIn(fields) {
    const first = (name) => ((fields[name] || [])[0] || '').trim();
    const people = [];
    for (let n = 1; n <= 12; n += 1) people.push(`${first(`p${n}-given_names`)} ${first(`p${n}-surnames`)}`.trim());
    return people.filter(Boolean).join(', ');
  }

  function metaOf(entry) {
    const said = [say('written', { time: clock(entry.written_at) })];
    if (entry.case_code) said.unshift(entry.case_code);
    if (entry.status === 'received') said.push(say('received_at', { time: clock(entry.settled_at) }));
    if (entry.status === 'waiting' && entry.tries) said.push(say('tries', { n: entry.tries }));
    return said.join(' · ');
  }

  function whyOf(entry) {
    if (entry.status === 'refused' && entry.verdict && NOT_TAKEN.includes(entry.code)) return say(entry.code);
    if (entry.status === 'refused') return say(!entry.verdict ? 'refused_unsealed' : outbox.isOpen() ? '' : 'refused_locked');
    if (entry.status === 'late') return say('late_why', { code: entry.case_code || '' });
    if (entry.status === 'conflict') return say('conflict_why');
    if (entry.status === 'waiting' && entry.code === 'later') return say('later_why');
    return '';
  }

  function rowOf(entry, template) {
    const row = template.content.firstElementChild.cloneNode(true);
    const [tone, icon] = PILLS[entry.status];
    row.className = { received: 'sent', refused: 'wrong', late: 'wrong' }[entry.status] || 'wait';
    row.dataset.entry = entry.id;
    row.dataset.status = entry.status;
    setIcon(row.querySelector('svg'), ICONS[entry.status]);
    row.querySelector('[data-title]').textContent = entry.kind === 'step' ? say('step', { n: entry.size }) : say('family', { n: entry.size });
    row.querySelector('[data-meta]').textContent = metaOf(entry);
    row.querySelector('[data-why]').textContent = whyOf(entry);
    const link = row.querySelector('[data-file]');
    link.hidden = !entry.household;
    if (entry.household) link.href = entry.status === 'conflict' ? '/tablet/conflicts/' : `/households/${entry.household}/`;
    link.textContent = entry.status === 'conflict' ? say('decide') : say('see_file');
    const pill = row.querySelector('.x-pill');
    pill.classList.add(tone);
    setIcon(pill.querySelector('svg'), icon);
    pill.querySelector('[data-state]').textContent = say(`state_${entry.status}`);
    return row;
  }

  const RANK = { refused: 0, late: 0, conflict: 1, sending: 2, waiting: 2, received: 3 };
  let drawing = 0;

  async function drawLists(entries) {
    const mine = (drawing += 1);
    const sorted = entries.slice().sort((a, b) => RANK[a.status] - RANK[b.status] || b.written_at.localeCompare(a.written_at)).slice(0, 60);
    for (const list of all('[data-outbox]')) {
      const template = list.querySelector('template');
      const rows = [];
      for (const entry of sorted) {
        const row = rowOf(entry, template);
        if (outbox.isOpen()) await reveal(row, entry).catch(() => {});
        rows.push(row);
      }
      if (mine !== drawing) return;
      list.querySelector('ul').replaceChildren(...rows);
      list.querySelector('[data-empty]').hidden = rows.length > 0;
      list.querySelector('footer').hidden = rows.length === 0;
    }
  }

  async function drawFacts() {
    const away = outbox.reach() === 'away' && (await outbox.kept('away_since'));
    const skew = (await outbox.kept('skew')) || 0;
    all('[data-away-since]').forEach((each) => { each.textContent = away ? say('away_since', { time: clock(away) }) : ''; });
    all('[data-skewed]').forEach(function (each) {
      each.hidden = Math.abs(skew) < 120;
      const minutes = Math.round(Math.abs(skew) / 60);
      each.querySelector('p').textContent = say(skew > 0 ? 'clock_behind' : 'clock_ahead', { n: minutes });
    });
    const shift = await outbox.currentShift();
    const hasLock = shift || (await outbox.db.shifts.filter((each) => each.brought).count());
    all('[data-shift-since]').forEach((each) => { each.textContent = shift ? say('shift_since', { time: clock(shift.opened_at), name: shift.user ? shift.user.name : '' }) : ''; });
    all('[data-with-shift]').forEach((each) => { each.hidden = !shift; });
    all('[data-without-shift]').forEach((each) => { each.hidden = Boolean(shift); });
    all('[data-first]').forEach(function (each) {
      const isFirst = (each.dataset.first === 'with-shift') === Boolean(shift);
      each.classList.toggle('btn-primary', isFirst);
      each.classList.toggle('btn-outline', !isFirst);
    });
    all('[data-locked]').forEach((each) => { each.hidden = !hasLock || outbox.isOpen(); });
    all('[data-open]').forEach((each) => { each.hidden = !outbox.isOpen(); });
  }

  let latest = [];
  async function draw() {
    drawChip(latest);
    await drawFacts();
    await drawLists(latest);
  }

  /* ---- PIN ---- */

  async function unlockWith(form) {
    const field = form.querySelector('input');
    const error = form.querySelector('[data-error]');
    const button = form.querySelector('button');
    error.textContent = '';
    button.disabled = true;
    try {
      if (!(await outbox.unlock(field.value))) error.textContent = say('pin_wrong');
    } finally {
      button.disabled = false;
      field.value = '';
    }
  }

  /* ---- signing out ---- */

  async function askBeforeSigningOut() {
    const { unsent } = outbox.count(await outbox.db.entries.toArray());
    all('[data-unsent-warning]').forEach(function (note) {
      note.hidden = !unsent;
      note.querySelector('b').textContent = say('sign_out_unsent', { n: unsent });
    });
    all('form[data-sign-out]').forEach((form) => { form.dataset.unsent = unsent; });
  }

  document.addEventListener('submit', function (event) {
    const form = event.target;
    if (form.matches('[data-unlock]')) {
      event.preventDefault();
      unlockWith(form);
    } else if (form.matches('[data-sign-out]') && Number(form.dataset.unsent)) {
      event.preventDefault(); // the page of signing out says what stays here, and asks
      window.location.assign(form.dataset.signOut);
    }
  }, true);

  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-try-now]')) outbox.flush();
    if (event.target.closest('[data-lock]')) outbox.lock();
  });

  /** Say why nothing can be kept here; with '' say it no more. */
  function tell(trouble) {
    all('[data-trouble]').forEach(function (note) {
      note.hidden = !trouble;
      note.querySelector('p').textContent = say(trouble);
    });
  }

  async function start() {
    const waits = setTimeout(tell, SLOW_SECONDS * 1000, 'not_opened');
    const trouble = await outbox.trouble();
    clearTimeout(waits);
    tell(trouble);
    outbox.isUsable = !trouble;
    if (trouble) return;
    outbox.watch(() => outbox.db.entries.toArray(), (entries) => { latest = entries; draw(); askBeforeSigningOut(); });
    outbox.watch(() => outbox.db.kept.toArray(), () => draw());
    ['outbox:lock', 'outbox:reach', 'online', 'offline'].forEach((name) => window.addEventListener(name, draw));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    await noteWhoIsHere();
    reachOut(); // not awaited: the page works before the network has answered
  }

  async function reachOut() {
    if (!(await outbox.kept('key'))) await outbox.getReady().catch(() => {});
    outbox.flush();
    await register();
  }

  /** A page that the server drew knows who reads it; one that the device kept may be of somebody before. */
  async function noteWhoIsHere() {
    const { user, userName, shell } = document.body.dataset;
    const known = await outbox.kept('user');
    if (user && shell === undefined && (!known || known.id !== user)) await outbox.keep('user', { id: user, name: userName });
  }

  async function register() {
    if (!('serviceWorker' in navigator)) return;
    await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {});
    const worker = await navigator.serviceWorker.ready;
    const user = await outbox.kept('user');
    worker.active.postMessage({ kind: 'shell', language, user: user ? user.id : '' });
  }

  Object.assign(outbox, { say, clock, setIcon, usable: start() });
})();
