/* The outbox of this device: what was written here and where it stands.

   A row shows counts, times and states only; what was written lies in `sealed` (seal.js). Nothing here deletes a row whose
   content the server has not confirmed. Every script of the outbox hangs its part on `window.outbox`. */
(function () {
  'use strict';

  const KEPT_DAYS = 7; // how long a received row still shows its code and time

  const db = window.Dexie ? new Dexie('mpp-outbox', { chromeTransactionDurability: 'strict' }) : null;
  if (db) db.version(1).stores({ entries: 'id, status, written_at', shifts: 'id', kept: 'name' });

  /** A fact that belongs to the device: its id, the server's sealing key, who signed in last, the sealed board. */
  async function kept(name) {
    const row = await db.kept.get(name);
    return row && row.value;
  }

  function keep(name, value) {
    return db.kept.put({ name, value });
  }

  async function deviceId() {
    return db.transaction('rw', db.kept, async function () {
      const known = await kept('device');
      if (known) return known;
      const made = crypto.randomUUID();
      await keep('device', made);
      return made;
    });
  }

  /** The newest shift of whoever is signed in here: new entries are sealed to it. Somebody else's is not theirs to write to. */
  async function currentShift() {
    const user = await kept('user');
    return newestOf(await db.shifts.toArray(), user ? user.id : null);
  }

  /** One that came in a file opens what came with it and is never written to: who made the file knows its PIN. */
  function newestOf(shifts, user) {
    return shifts.filter((shift) => !shift.brought && (shift.user ? shift.user.id : null) === user).sort((a, b) => a.opened_at.localeCompare(b.opened_at)).pop();
  }

  /** Entries by where they stand. `unsent` is what would be missed if this device were lost now. */
  function count(entries) {
    const of = (...states) => entries.filter((entry) => states.includes(entry.status)).length;
    return { unsent: of('waiting', 'sending', 'refused', 'late'), waiting: of('waiting', 'sending'), sending: of('sending'), wrong: of('refused', 'late'), conflict: of('conflict') };
  }

  /** Forget received rows after a week, and shifts that no entry needs any more. Their content left long before. */
  async function tidy() {
    const before = new Date(Date.now() - KEPT_DAYS * 86400e3).toISOString();
    await db.entries.filter((entry) => ['received', 'conflict'].includes(entry.status) && entry.settled_at < before).delete();
    const needed = new Set((await db.entries.toArray()).map((entry) => entry.shift));
    const shifts = await db.shifts.toArray();
    const newest = new Set(shifts.map((shift) => newestOf(shifts, shift.user ? shift.user.id : null)).filter(Boolean).map((shift) => shift.id));
    const isNewest = (shift) => newest.has(shift.id) && shift.opened_at > before;
    await db.shifts.filter((shift) => !isNewest(shift) && !needed.has(shift.id)).delete();
  }

  /** Under a lock, because a browser puts no page away that holds one: a page left in the middle of making the database would be
      kept, frozen, for the way back, and whatever opens the database after it would wait for ever. */
  function open() {
    return navigator.locks ? navigator.locks.request('mpp-outbox-opens', () => db.open()) : db.open();
  }

  /** Why nothing can be kept on this device, as a name in the words of the page; '' when all is well. */
  async function trouble() {
    if (!db || !window.indexedDB) return 'no_storage';
    if (!window.crypto || !crypto.subtle || !crypto.randomUUID) return 'no_crypto';
    try {
      await open();
      return '';
    } catch (error) {
      return error.name === 'QuotaExceededError' ? 'full' : 'no_storage';
    }
  }

  /** Whether an error means that the device has no room left. */
  function isFull(error) {
    return [error, error.inner].some((each) => each && each.name === 'QuotaExceededError');
  }

  function watch(question, answer) {
    return Dexie.liveQuery(question).subscribe({ next: answer, error: () => {} });
  }

  window.outbox = { db, kept, keep, deviceId, currentShift, count, tidy, trouble, isFull, watch };
})();
