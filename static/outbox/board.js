/* The families at reception, taken along to be read and worked without network.

   The server's list is sealed to the shift the moment it comes in; nothing of it is kept otherwise. A tap on a step is an entry of the
   outbox like any other, with what the device knew then (`base`), so that the server can merge it fact by fact. */
(function () {
  'use strict';

  const outbox = window.outbox;
  const section = document.querySelector('[data-board]');
  const STALE_MS = 24 * 3600e3; // an older list is nothing to work by, and nothing to carry about
  const FRESH_MS = 5 * 60e3;
  const MOST_CARDS = 12;
  const MARKS = ['documented', 'tested', 'isolated', 'placed'];
  const tapped = new Map(); // person or household -> facts noted in this page, until a newer list says them
  let shown = MOST_CARDS;
  let board = null; // opened, only while the shift is
  let logged = []; // families that this device logged and that have not been received

  /* ---- taking it along ---- */

  async function refresh() {
    const shift = await outbox.currentShift();
    const old = await outbox.kept('board');
    if (old && Date.now() - Date.parse(old.fetched_at) > STALE_MS) await outbox.db.kept.delete('board');
    if (!shift || document.visibilityState !== 'visible' || outbox.reach() === 'signed_out') return;
    const fetched = await outbox.ask('/tablet/board/', {}).catch((error) => error);
    if (!fetched.households) return;
    const sealed = await outbox.seal(fetched, `board|${shift.id}`, { shift });
    await outbox.keep('board', { fetched_at: new Date().toISOString(), shift: shift.id, sealed });
    tapped.clear();
    await reopen();
  }

  async function refreshIfOld() {
    const old = await outbox.kept('board');
    if (!old || Date.now() - Date.parse(old.fetched_at) > FRESH_MS) await refresh();
  }

  async function reopen() {
    if (!section) return;
    const kept = await outbox.kept('board');
    board = kept ? (await outbox.open(kept.sealed, `board|${kept.shift}`).catch(() => undefined)) || null : null;
    logged = [];
    if (outbox.isOpen()) await reopenEntries();
    section.querySelector('[data-board-age]').textContent = kept ? outbox.say('board_age', { time: outbox.clock(kept.fetched_at) }) : '';
    draw();
  }

  /** What lies in the outbox shows on the cards: steps as noted, families logged here as cards of their own. */
  async function reopenEntries() {
    for (const entry of await outbox.db.entries.where('status').anyOf('waiting', 'sending').sortBy('written_at')) {
      const content = await outbox.open(entry.sealed, outbox.contextOf(entry)).catch(() => undefined);
      if (content && entry.kind === 'step') note(content);
      if (content && entry.kind === 'arrival') logged.push(familyOf(entry, content.fields));
    }
  }

  function familyOf(entry, fields) {
    const first = (name) => ((fields[name] || [])[0] || '').trim();
    return {
      uid: entry.id, code: outbox.say('state_waiting'), isLocal: true, step_name: outbox.clock(entry.written_at),
      name: `${first('p1-given_names')} ${first('p1-surnames')}`.trim() || outbox.say('family', { n: entry.size }), people: [{ uid: null, name: '', facts: {} }],
    };
  }

  /* ---- what is known of somebody ---- */

  const keyOf = (household, person) => person.uid || household.uid;
  const factsOf = (household, person) => ({ ...person.facts, ...tapped.get(keyOf(household, person)) });

  function note(content) {
    const { documented, tested, result, ...marks } = content.facts;
    for (const uid of content.people || [content.household]) {
      tapped.set(uid, { ...tapped.get(uid), ...marks, ...(documented && { documented }), ...(tested && { tested }), ...(result && { result: result.result }) });
    }
  }

  const lacks = (household, fact) => household.people.filter((person) => !factsOf(household, person)[fact]);

  /* ---- noting a step ---- */

  async function today() {
    const now = new Date(Date.now() + ((await outbox.kept('skew')) || 0) * 1000);
    return { now, day: new Intl.DateTimeFormat('en-CA', { timeZone: section.dataset.zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now) };
  }

  async function valueOf(fact) {
    const { now, day } = await today();
    if (fact === 'documented') {
      const [kind, , days] = board.kinds.documents.find(([code]) => code === section.querySelector('#board-paper').value);
      const ends = days ? new Date(Date.parse(`${day}T00:00Z`) + days * 86400e3).toISOString().slice(0, 10) : null;
      return { kind, issued_on: day, valid_until: ends };
    }
    return fact === 'tested' ? { kind: section.querySelector('#board-test').value, taken_at: now.toISOString() } : true;
  }

  async function take(household, people, facts, label) {
    const uids = household.isLocal ? null : people.map((person) => person.uid);
    const base = household.isLocal ? {} : Object.fromEntries(people.map((person) => [person.uid, factsOf(household, person)]));
    const content = { household: household.uid, people: uids, facts, base, label: `${household.code} · ${household.name} · ${label}` };
    try {
      await outbox.put({ id: crypto.randomUUID(), kind: 'step', size: people.length, content, untouchedClock: true });
      note(content);
      section.querySelector('[data-board-age]').textContent = outbox.say('board_noted', { label });
    } catch (error) {
      section.querySelector('[data-board-age]').textContent = outbox.say(outbox.isFull(error) ? 'full' : 'no_storage');
    }
    draw();
  }

  /* ---- the cards ---- */

  const made = (name) => section.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);

  function tap(words, isFirst, deed) {
    const button = made('tap');
    button.querySelector('span').textContent = words;
    if (isFirst) button.classList.replace('btn-outline', 'btn-soft');
    button.addEventListener('click', () => { button.disabled = true; deed(); });
    return button;
  }

  function cardOf(household, position) {
    const isFirst = position === 0;
    const card = made('card');
    card.dataset.household = household.uid;
    card.querySelector('[data-code]').textContent = household.code;
    card.querySelector('[data-step]').textContent = household.step_name;
    card.querySelector('[data-name]').textContent = household.name;
    const offered = MARKS.filter((fact) => mayNote(fact) && lacks(household, fact).length);
    card.querySelector('[data-missing]').append(...offered.filter((fact) => fact !== 'isolated').map(function (fact) {
      const tag = made('tag');
      tag.querySelector('span').textContent = outbox.say(`lacks_${fact}`);
      return tag;
    }));
    const boxes = peopleOf(card, household);
    card.querySelector('[data-taps]').append(...offered.map((fact, n) => tap(outbox.say(`do_${fact}`), isFirst && n === 0, async function () {
      const ticked = household.people.filter((_, each) => boxes[each] && boxes[each].checked);
      await take(household, ticked.length ? ticked : lacks(household, fact), { [fact]: await valueOf(fact) }, outbox.say(`do_${fact}`));
    })));
    const results = resultsOf(household);
    card.querySelector('[data-with-results]').hidden = !results.length;
    card.querySelector('[data-results]').append(...results);
    return card;
  }

  /** Which papers and tests there are comes with the list; health is for those whose list tells of tests. */
  const kinds = () => (board ? board.kinds : {});
  const mayNote = (fact) => Boolean({ documented: kinds().documents, tested: kinds().tests, isolated: kinds().tests, placed: true }[fact]);

  function peopleOf(card, household) {
    if (household.people.length < 2) return [];
    card.querySelector('[data-some]').hidden = false;
    return household.people.map(function (person) {
      const line = made('person');
      line.querySelector('span').textContent = person.age === null ? person.name : `${person.name} · ${person.age}`;
      card.querySelector('[data-people]').append(line);
      return line.querySelector('input');
    });
  }

  function resultsOf(household) {
    if (household.isLocal || !kinds().results) return [];
    return household.people.filter((person) => { const facts = factsOf(household, person); return facts.tested && !facts.result; }).map(function (person) {
      const group = made('result');
      group.querySelector('legend').textContent = outbox.say('result_of', { name: person.name });
      group.querySelector('div').append(...board.kinds.results.map(([code, label]) => tap(label, false, () => take(household, [person], { result: { person: person.uid, result: code } }, label))));
      return group;
    });
  }

  function fill(select, kinds) {
    if (!kinds || select.options.length) return;
    select.append(...kinds.map(([code, label]) => new Option(label, code)));
  }

  function draw() {
    const sought = section.querySelector('#board-find').value.trim().toLocaleLowerCase();
    const families = outbox.isOpen() ? [...logged, ...(board ? board.households : [])] : [];
    const fitting = families.filter((each) => `${each.code} ${each.name} ${each.people.map((person) => person.name).join(' ')}`.toLocaleLowerCase().includes(sought));
    section.querySelector('[data-board-tools]').hidden = !families.length;
    section.querySelector('[data-board-empty]').hidden = !outbox.isOpen() || families.length > 0;
    if (families.length) {
      fill(section.querySelector('#board-paper'), kinds().documents);
      fill(section.querySelector('#board-test'), kinds().tests);
      section.querySelector('[data-board-health]').hidden = !kinds().tests;
    } else {
      section.querySelector('#board-find').value = '';
    }
    section.querySelector('ol').replaceChildren(...fitting.slice(0, shown).map(cardOf));
    section.querySelector('[data-board-more]').hidden = fitting.length <= shown;
  }

  outbox.usable.then(function () {
    if (!outbox.isUsable) return;
    if (section) {
      section.querySelector('#board-find').addEventListener('input', draw);
      section.querySelector('[data-board-more]').addEventListener('click', () => { shown += MOST_CARDS; draw(); });
      window.addEventListener('outbox:lock', (event) => reopen().then(() => event.detail.open && refreshIfOld()));
      window.addEventListener('outbox:settled', refresh);
      reopen();
    }
    if (section) refresh();
    else refreshIfOld();
    window.setInterval(refreshIfOld, 60e3);
  });
})();
