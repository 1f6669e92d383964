/* Sealing: writing needs no PIN, reading does.

   Each entry has an AES-256-GCM key of its own. That key is wrapped (RSA-OAEP, SHA-256) to the server and to the shift, both by
   their public keys. The shift's private key lies on the device encrypted by a key derived from the PIN; it is in the clear
   only in this page's memory, after the PIN, until five idle minutes have passed. docs/adr/offline.md says why. */
(function () {
  'use strict';

  const { db, kept, currentShift } = window.outbox;
  const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const ITERATIONS = 1200000;
  const IDLE_MS = 5 * 60 * 1000;
  const utf8 = new TextEncoder();
  const opened = new Map(); // shift id -> private key, not extractable
  let idle = 0;

  const toBase64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

  async function wrap(spki, rawKey) {
    const key = await crypto.subtle.importKey('spki', fromBase64(spki), OAEP, false, ['encrypt']);
    return toBase64(await crypto.subtle.encrypt(OAEP, key, rawKey));
  }

  /** Seal a JSON value. `context` is authenticated with it, so that no sealed text can stand in another's place. */
  async function seal(value, context, { server, shift }) {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
    const iv = random(12);
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8.encode(context) }, key, utf8.encode(JSON.stringify(value)));
    const rawKey = await crypto.subtle.exportKey('raw', key);
    return {
      iv: toBase64(iv),
      data: toBase64(data),
      to_server: server ? { key_id: server.id, wrapped: await wrap(server.spki, rawKey) } : null,
      to_shift: shift ? { shift: shift.id, wrapped: await wrap(shift.spki, rawKey) } : null,
    };
  }

  /** What was sealed, or undefined when its shift is locked. */
  async function open(sealed, context) {
    const key = sealed && sealed.to_shift && opened.get(sealed.to_shift.shift);
    if (!key) return undefined;
    const rawKey = await crypto.subtle.decrypt(OAEP, key, fromBase64(sealed.to_shift.wrapped));
    const aes = await crypto.subtle.importKey('raw', rawKey, 'AES-GCM', false, ['decrypt']);
    const data = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64(sealed.iv), additionalData: utf8.encode(context) }, aes, fromBase64(sealed.data));
    return JSON.parse(new TextDecoder().decode(data));
  }

  async function keyOfPin(pin, salt, iterations, uses) {
    const secret = await crypto.subtle.importKey('raw', utf8.encode(pin), 'PBKDF2', false, ['deriveKey']);
    return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, secret, { name: 'AES-GCM', length: 256 }, false, uses);
  }

  /** Make the shift's key pair and keep its private half under the PIN. Entries that are open now come along. */
  async function openShift(pin, user) {
    const pair = await crypto.subtle.generateKey({ ...OAEP, modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) }, true, ['encrypt', 'decrypt']);
    const [salt, iv, id] = [random(16), random(12), crypto.randomUUID()];
    const pinKey = await keyOfPin(pin, salt, ITERATIONS, ['encrypt']);
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey);
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8.encode(id) }, pinKey, pkcs8);
    const shift = {
      id,
      user: user || null,
      opened_at: new Date().toISOString(),
      spki: toBase64(await crypto.subtle.exportKey('spki', pair.publicKey)),
      private: { salt: toBase64(salt), iterations: ITERATIONS, iv: toBase64(iv), data: toBase64(data) },
    };
    await db.shifts.put(shift);
    await db.kept.delete('board'); // sealed to the shift before
    await hold(id, pkcs8);
    await sealAgain();
    return shift;
  }

  async function hold(id, pkcs8) {
    opened.set(id, await crypto.subtle.importKey('pkcs8', pkcs8, OAEP, false, ['decrypt']));
    stayAwake();
    say();
  }

  /** Open every shift that the PIN fits; how many those were. */
  async function unlock(pin) {
    let fitting = 0;
    for (const shift of await db.shifts.toArray()) {
      const { salt, iterations, iv, data } = shift.private;
      const pinKey = await keyOfPin(pin, fromBase64(salt), iterations, ['decrypt']);
      try {
        await hold(shift.id, await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64(iv), additionalData: utf8.encode(shift.id) }, pinKey, fromBase64(data)));
        fitting += 1;
      } catch (error) {
        if (error.name !== 'OperationError') throw error; // a PIN that does not fit is no error
      }
    }
    if (fitting) await sealAgain();
    return fitting;
  }

  /** Seal unsent entries anew for the current shift and the server's current key: both may have changed since. */
  async function sealAgain() {
    const keys = { server: await kept('key'), shift: await currentShift() };
    if (!keys.server || !keys.shift) return;
    for (const entry of await db.entries.where('status').anyOf('waiting', 'refused', 'late').toArray()) {
      const isCurrent = entry.shift === keys.shift.id && entry.sealed.to_server && entry.sealed.to_server.key_id === keys.server.id;
      const content = isCurrent ? undefined : await open(entry.sealed, contextOf(entry));
      if (content === undefined) continue;
      const verdict = entry.verdict && (await open(entry.verdict, verdictOf(entry)));
      const changes = { sealed: await seal(content, contextOf(entry), keys), shift: keys.shift.id };
      if (entry.code === 'unknown_key') Object.assign(changes, { status: 'waiting', code: '' });
      if (verdict) changes.verdict = await seal(verdict, verdictOf(entry), { shift: keys.shift });
      await db.entries.where({ id: entry.id }).and((row) => row.status === entry.status && row.written_at === entry.written_at).modify(changes);
    }
  }

  function lock() {
    if (!opened.size) return;
    opened.clear();
    say();
  }

  function say() {
    window.dispatchEvent(new CustomEvent('outbox:lock', { detail: { open: isOpen() } }));
  }

  function stayAwake() {
    idle = Date.now() + IDLE_MS;
  }

  const isOpen = () => opened.size > 0;
  const contextOf = (entry) => `${entry.id}|${entry.kind}`; // the server asks for the same
  const verdictOf = (entry) => `${entry.id}|verdict`;

  ['pointerdown', 'keydown'].forEach((name) => window.addEventListener(name, stayAwake, { passive: true }));
  const lockIfIdle = () => { if (isOpen() && Date.now() > idle) lock(); };
  window.setInterval(lockIfIdle, 5000);
  document.addEventListener('visibilitychange', lockIfIdle);
  window.addEventListener('pagehide', lock);

  Object.assign(window.outbox, { seal, open, openShift, unlock, lock, isOpen, contextOf, verdictOf });
})();
