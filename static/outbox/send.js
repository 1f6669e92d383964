/* Sending: each entry reaches the server exactly once, however often it is sent.

   One tab sends at a time. A row leaves "waiting" only by the server's own word; a lost answer is a row that is sent again under
   the same id, which the server knows. Without network, signed out, or with the server away, rows stay and the pauses grow. */
(function () {
  'use strict';

  const { db, kept, keep, deviceId, currentShift, seal, contextOf, verdictOf, tidy } = window.outbox;
  const MOST_ITEMS = 20; // of the 50 that the server takes: a slow network shows progress sooner
  const MOST_BYTES = 900 * 1024; // the server takes 1 MB
  const TIMEOUT_MS = 30000;
  const PAUSES_S = [5, 15, 30, 60, 120, 300];
  const LEASE_MS = 60000;
  let failures = 0;
  let timer = 0;
  let reach = navigator.onLine ? 'ok' : 'away'; // ok | away (no network, or the server is) | signed_out

  class NotReached extends Error {}

  /** Reached, but what was sent cannot be read (400, in the server's own words) or is too large (413, also a proxy's). */
  class NotTaken extends NotReached {}
  const isNotTaken = (answer) => answer.status === 413 || (answer.status === 400 && (answer.headers.get('Content-Type') || '').startsWith('application/json'));

  async function ask(path, options) {
    const aborter = new AbortController();
    const alarm = window.setTimeout(() => aborter.abort(), TIMEOUT_MS);
    let answer;
    try {
      answer = await fetch(path, { credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal: aborter.signal, ...options });
      if (answer.status === 401 || answer.status === 403) throw new NotReached('signed_out');
      if (isNotTaken(answer)) throw new NotTaken(answer.status === 413 ? 'too_large' : 'unreadable');
      if (!answer.ok) throw new NotReached(String(answer.status));
      return await answer.json();
    } catch (error) {
      throw error instanceof NotReached ? error : new NotReached('network');
    } finally {
      window.clearTimeout(alarm);
    }
  }

  /** A fresh token, and what the device should know: the server's key, its clock, who is signed in. */
  async function getReady() {
    const asked = Date.now();
    const ready = await ask('/tablet/ready/', {});
    const skew = Math.round((Date.parse(ready.now) - (asked + Date.now()) / 2) / 1000);
    await db.transaction('rw', db.kept, async function () {
      await keep('key', ready.key);
      await keep('user', { id: ready.user, name: ready.name });
      await keep('skew', skew);
      await db.kept.delete('away_since');
    });
    arrived();
    return ready;
  }

  function arrived() {
    failures = 0;
    setReach('ok');
  }

  function setReach(value) {
    if (reach === value) return;
    reach = value;
    if (value === 'away') noteSince();
    window.dispatchEvent(new Event('outbox:reach'));
  }

  async function noteSince() {
    if (!(await kept('away_since'))) await keep('away_since', new Date().toISOString());
  }

  /** One tab at a time, by a lock of the browser or, where it has none, by a lease in the database. */
  async function alone(work) {
    if (navigator.locks) return navigator.locks.request('mpp-outbox', { ifAvailable: true }, (lock) => lock && work());
    const mine = crypto.randomUUID();
    const got = await db.transaction('rw', db.kept, async function () {
      const lease = await kept('lease');
      if (lease && lease.until > Date.now()) return false;
      await keep('lease', { holder: mine, until: Date.now() + LEASE_MS });
      return true;
    });
    if (!got) return undefined;
    try {
      return await work();
    } finally {
      await db.kept.where({ name: 'lease' }).and((row) => row.value.holder === mine).delete();
    }
  }

  let isSending = false;
  let isWanted = false;

  /** Send what waits. Safe to call at any moment and from any tab; asked while it is at work, it tries once more after. */
  async function flush() {
    if (!window.outbox.isUsable) return;
    if (isSending) { isWanted = true; return; }
    window.clearTimeout(timer);
    isSending = true;
    try {
      await alone(sendAll);
    } finally {
      isSending = false;
      const waits = await db.entries.where('status').anyOf('waiting', 'sending').count();
      const pause = isWanted ? 0 : PAUSES_S[Math.min(failures, PAUSES_S.length - 1)] * (1 + Math.random() / 4);
      isWanted = false;
      if (waits || reach === 'away') timer = window.setTimeout(flush, 1000 * pause);
    }
  }

  async function sendAll() {
    // The lock is ours, so whatever says "sending" was cut off in the middle of it.
    await db.entries.where({ status: 'sending' }).modify({ status: 'waiting' });
    if (reach === 'away' && !(await answers())) return;
    const tried = [];
    for (let batch = await nextBatch(tried); batch.length; batch = await nextBatch(tried)) {
      tried.push(...batch.map((entry) => entry.id));
      const ids = batch.map((entry) => entry.id);
      try {
        await send(ids);
        arrived();
        await db.entries.where('id').anyOf(ids).and((row) => row.status === 'sending').modify({ status: 'waiting' });
      } catch (error) {
        await db.entries.where('id').anyOf(ids).and((row) => row.status === 'sending' || row.status === 'waiting').modify({ status: 'waiting', code: error.message });
        if (!(error instanceof NotReached)) throw error;
        failures += 1;
        setReach(error.message === 'signed_out' ? 'signed_out' : 'away');
        return;
      }
    }
    await tidy();
    if (tried.length) window.dispatchEvent(new Event('outbox:settled'));
  }

  /** Send these together; where the server cannot take them so, one by one, so that the one it cannot take holds up no other. */
  async function send(ids) {
    const ready = await getReady();
    const answer = await post(await take(ids), ready).catch(function (error) {
      if (error instanceof NotTaken) return { results: [], notTaken: error.message };
      throw error;
    });
    if (answer.notTaken && ids.length > 1) for (const id of ids) await send([id]);
    else if (answer.notTaken) await settle({ id: ids[0], status: 'refused', reason: answer.notTaken, message: window.outbox.say(answer.notTaken) });
    for (const result of answer.results) await settle(result);
  }

  /** Whether the server answers again; asked also when nothing waits, since the page says so. */
  async function answers() {
    try {
      await getReady();
      return true;
    } catch (error) {
      if (!(error instanceof NotReached)) throw error;
      if (error.message === 'signed_out') setReach('signed_out');
      else failures += 1;
      return false;
    }
  }

  /** Mark rows as on their way, and read them only then: what was corrected a moment ago leaves corrected. */
  function take(ids) {
    return db.transaction('rw', db.entries, async function () {
      await db.entries.where('id').anyOf(ids).and((row) => row.status === 'waiting').modify((row) => { row.status = 'sending'; row.tries += 1; });
      return db.entries.where('id').anyOf(ids).and((row) => row.status === 'sending').sortBy('written_at'); // steps follow their arrival
    });
  }

  async function nextBatch(tried) {
    const waiting = await db.entries.where({ status: 'waiting' }).and((entry) => !tried.includes(entry.id) && entry.sealed.to_server).sortBy('written_at');
    let bytes = 0;
    const fitting = waiting.slice(0, MOST_ITEMS).filter((entry) => (bytes += entry.sealed.data.length + 1024) < MOST_BYTES);
    return fitting.length ? fitting : waiting.slice(0, 1);
  }

  async function post(batch, ready) {
    const body = { device: await deviceId(), device_now: new Date().toISOString(), items: batch.map(itemOf) };
    return ask('/tablet/sync/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': ready.csrf },
      body: JSON.stringify(body),
    });
  }

  /** An entry as it travels, and as it stands in an exported file. */
  function itemOf(entry) {
    const { iv, data, to_server } = entry.sealed;
    return {
      id: entry.id, kind: entry.kind, author: entry.author, written_at: entry.written_at, untouched_clock: entry.untouched_clock,
      sealed: { key_id: to_server && to_server.key_id, wrapped: to_server && to_server.wrapped, iv, data },
    };
  }

  /** The server's word on one entry. Only "received" lets go of what was written. */
  async function settle(result) {
    const entry = await db.entries.get(result.id);
    if (!entry) return;
    const changes = { settled_at: new Date().toISOString(), household: result.household || null, case_code: result.code || null, code: result.reason || '' };
    if (result.reason === 'delivered_differently') {
      // The first version had arrived and its answer was lost; the correction has not. A person must carry it over.
      changes.status = 'late';
    } else if (result.status === 'received' || result.status === 'again') {
      Object.assign(changes, { status: 'received', sealed: null, verdict: null });
    } else if (result.status === 'conflict') {
      Object.assign(changes, { status: 'conflict', sealed: null, verdict: null });
    } else if (result.status === 'refused') {
      const shift = await db.shifts.get(entry.shift || '');
      const verdict = { message: result.message || '', errors: result.errors || {} };
      Object.assign(changes, { status: 'refused', verdict: shift ? await seal(verdict, verdictOf(entry), { shift }) : null });
      window.dispatchEvent(new CustomEvent('outbox:refused', { detail: { id: entry.id, ...verdict } }));
    } else {
      failures += 1;
      Object.assign(changes, { status: 'waiting', code: 'later', settled_at: null });
    }
    await db.entries.update(entry.id, changes);
    if (entry.kind === 'arrival' && changes.status === 'received') await tryStepsAgain();
  }

  /** Steps that came before their family had landed: it may be there now. */
  function tryStepsAgain() {
    return db.entries.where({ status: 'refused' }).and((row) => row.kind === 'step' && row.code === 'missing').modify({ status: 'waiting', verdict: null, code: '' });
  }

  /** Put an entry into the outbox, or a corrected one in the place of the first. Never needs the PIN, nor the network. */
  async function put({ id, kind, size, content, untouchedClock, label }) {
    const [shift, server, user, device] = [await currentShift(), await kept('key'), await kept('user'), await deviceId()];
    const sealed = await seal(content, contextOf({ id, kind }), { server, shift });
    await db.transaction('rw', db.entries, async function () {
      const before = await db.entries.get(id);
      if (before && !['waiting', 'refused'].includes(before.status)) throw new Error('already_sent');
      await db.entries.put({
        id, kind, size, label: label || null, device, author: user && user.id, shift: shift ? shift.id : null, sealed, verdict: null,
        written_at: before ? before.written_at : new Date().toISOString(), untouched_clock: untouchedClock,
        status: 'waiting', tries: before ? before.tries : 0, code: '',
        settled_at: null, household: null, case_code: null,
      });
    });
    window.setTimeout(flush, 0);
  }

  /** Where an entry stands once the server has spoken, or after `patience` ms. */
  function settled(id, patience) {
    return new Promise(function (resolve) {
      const watching = window.outbox.watch(() => db.entries.get(id), function (entry) {
        if (entry && !['waiting', 'sending'].includes(entry.status)) finish(entry);
      });
      const alarm = window.setTimeout(async () => finish(await db.entries.get(id)), patience);
      function finish(entry) {
        window.clearTimeout(alarm);
        window.setTimeout(() => watching.unsubscribe(), 0);
        resolve(entry);
      }
    });
  }

  window.addEventListener('online', () => { failures = 0; flush(); });
  window.addEventListener('offline', () => { if (window.outbox.isUsable) setReach('away'); });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') flush(); });

  Object.assign(window.outbox, { ask, getReady, flush, put, settled, itemOf, NotReached, reach: () => (navigator.onLine ? reach : 'away') });
})();
