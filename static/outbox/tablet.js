/* The page "On this device": opening a shift, carrying the outbox over to another device. */
(function () {
  'use strict';

  const outbox = window.outbox;
  const page = document.querySelector('[data-tablet]');
  if (!page) return;

  const FORMAT = 'mpp-tracker-outbox';
  const FEWEST_DIGITS = 8;
  const part = (name) => page.querySelector(`[data-${name}]`);

  /* ---- the shift ---- */

  /** Why a PIN will not do, in words; '' when it will. Runs and repeats are what a thief tries first. */
  function weakness(pin, again) {
    if (!/^\d+$/.test(pin) || pin.length < FEWEST_DIGITS) return outbox.say('pin_short', { n: FEWEST_DIGITS });
    const steps = new Set(Array.from(pin.slice(1), (digit, n) => Number(digit) - Number(pin[n])));
    if (steps.size === 1 || new Set(pin).size < 3) return outbox.say('pin_weak');
    return pin === again ? '' : outbox.say('pin_differs');
  }

  async function openShift(form) {
    const [pin, again] = form.querySelectorAll('input');
    const error = form.querySelector('[data-error]');
    error.textContent = weakness(pin.value, again.value);
    if (error.textContent) { pin.focus(); return; }
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    try {
      if (!(await outbox.kept('key'))) await outbox.getReady();
      await outbox.openShift(pin.value, await outbox.kept('user'));
      form.reset();
      form.closest('details').open = false;
    } catch (failure) {
      error.textContent = outbox.say(failure instanceof outbox.NotReached ? 'never_online' : outbox.isFull(failure) ? 'full' : 'no_storage');
    } finally {
      button.disabled = false;
    }
  }

  /* ---- to a file, and from one ---- */

  /** All that is not received, sealed as it lies here; with the shifts, so that their PINs open it elsewhere. */
  async function exported() {
    const entries = await outbox.db.entries.filter((entry) => Boolean(entry.sealed)).sortBy('written_at');
    const shifts = await outbox.db.shifts.toArray();
    const items = entries.map((entry) => ({ ...outbox.itemOf(entry), size: entry.size, to_shift: entry.sealed.to_shift }));
    return { format: FORMAT, version: 1, device: await outbox.deviceId(), exported_at: new Date().toISOString(), items, shifts };
  }

  async function exportFile() {
    const file = new Blob([JSON.stringify(await exported(), null, 1)], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `mpp-outbox-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-')}.json`;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    const unsent = JSON.parse(await file.text()).items.length;
    part('file-said').textContent = outbox.say('exported', { n: unsent });
  }

  /** Take over what a file brings and is not here yet. What is here stays as it is. */
  async function importFile(file) {
    let brought;
    try {
      brought = JSON.parse(await file.text());
    } catch {
      brought = {};
    }
    if (brought.format !== FORMAT || !Array.isArray(brought.items)) {
      part('file-said').textContent = outbox.say('import_wrong');
      return;
    }
    let taken = 0;
    await outbox.db.transaction('rw', outbox.db.entries, outbox.db.shifts, async function () {
      for (const shift of brought.shifts || []) if (!(await outbox.db.shifts.get(shift.id))) await outbox.db.shifts.put({ ...shift, brought: true });
      for (const item of brought.items) {
        if (typeof item.id !== 'string' || !item.sealed || typeof item.sealed.data !== 'string' || (await outbox.db.entries.get(item.id))) continue;
        await outbox.db.entries.put(entryOf(item, brought.device));
        taken += 1;
      }
    });
    part('file-said').textContent = outbox.say('imported', { n: taken });
    outbox.flush();
  }

  function entryOf(item, device) {
    const { key_id, wrapped, iv, data } = item.sealed;
    return {
      id: item.id, kind: item.kind, size: Number(item.size) || 1, device, author: item.author, shift: item.to_shift ? item.to_shift.shift : null,
      sealed: { iv, data, to_server: key_id ? { key_id, wrapped } : null, to_shift: item.to_shift || null }, verdict: null,
      written_at: item.written_at, untouched_clock: item.untouched_clock === true,
      status: 'waiting', tries: 0, code: 'imported', settled_at: null, household: null, case_code: null,
    };
  }

  page.addEventListener('submit', function (event) {
    if (!event.target.matches('[data-open-shift]')) return;
    event.preventDefault();
    openShift(event.target);
  });
  page.addEventListener('click', function (event) {
    if (event.target.closest('[data-export]')) exportFile();
  });
  part('import').addEventListener('change', async function (event) {
    for (const file of event.target.files) await importFile(file);
    event.target.value = '';
  });

  outbox.usable.then(async function () {
    if (!outbox.isUsable) return;
    page.querySelectorAll('[data-usable]').forEach((each) => { each.hidden = false; });
    if (!(await outbox.currentShift())) part('open-shift').closest('details').open = true;
  });
})();
