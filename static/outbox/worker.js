/* The service worker: the pages that a tablet needs at the bridge open without network, from cold.

   The server writes `const SHELL = {version, pages, offline, static, mark}` above this. Kept are the shell's pages, which hold
   nobody's data, and the files they name; pages with people are never kept. The outbox lies in IndexedDB and is not touched
   here: a new version replaces pages and files, and what was written with the old one is sent all the same. */
'use strict';

const PAGES = 'mpp-pages';
const FILES = 'mpp-files';
const META = '/-/shell';
const PATIENCE_MS = 6000; // a page of the shell opens from the device after this long, whatever the network still says
const FRESH_MS = 6 * 3600e3;
const IMMUTABLE = /\.[0-9a-f]{8,}\.\w+$/; // the hash of the content stands in the name

self.addEventListener('install', (event) => event.waitUntil(refresh({}).then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => {
  if (event.data && event.data.kind === 'shell') event.waitUntil(refreshIfOld(event.data));
});
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request, url));
  else if (url.pathname.startsWith(SHELL.static)) event.respondWith(file(event.request, url));
});

async function page(request, url) {
  const kept = await (await caches.open(PAGES)).match(SHELL.pages.includes(url.pathname) ? url.pathname : SHELL.offline);
  if (!kept) return fetch(request);
  const isShell = SHELL.pages.includes(url.pathname);
  try {
    const answer = await (isShell ? within(PATIENCE_MS, fetch(request)) : fetch(request));
    return isShell && [502, 503, 504].includes(answer.status) ? kept : answer; // other pages say themselves what is wrong
  } catch {
    return kept;
  }
}

async function file(request, url) {
  const files = await caches.open(FILES);
  const kept = await files.match(url.pathname);
  if (kept && IMMUTABLE.test(url.pathname)) return kept;
  try {
    return await (kept ? within(PATIENCE_MS / 2, fetch(request)) : fetch(request));
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function within(ms, promise) {
  return Promise.race([promise, new Promise((_, refuse) => setTimeout(() => refuse(new Error('slow')), ms))]);
}

async function refreshIfOld({ language, user }) {
  const kept = await (await caches.open(PAGES)).match(META);
  const meta = kept ? await kept.json() : {};
  const isCurrent = meta.version === SHELL.version && meta.language === language && meta.user === user && Date.now() - meta.at < FRESH_MS;
  if (!isCurrent) await refresh({ language, user });
}

/** Fetch all pages and the files they name, then put them in the place of the old ones: all, or none. */
async function refresh({ language = '', user = '' }) {
  let answers;
  try {
    answers = await Promise.all(SHELL.pages.map((path) => fetch(path, { headers: { 'X-Shell': '1' }, credentials: 'same-origin', cache: 'no-store' })));
  } catch {
    return; // no network: the old shell stays
  }
  if (!answers.every((answer) => answer.ok && !answer.redirected)) return; // signed out: likewise
  const texts = await Promise.all(answers.map((answer) => answer.clone().text()));
  const named = new Set(texts.flatMap((text) => Array.from(text.matchAll(/(?:src|href)="([^"#]+)/g), (hit) => hit[1])).filter((path) => path.startsWith(SHELL.static)));
  const files = await caches.open(FILES);
  try {
    for (const path of named) {
      if (IMMUTABLE.test(path) && (await files.match(path))) continue;
      const answer = await fetch(path, { cache: 'no-cache' });
      if (!answer.ok) return;
      await files.put(path, answer);
    }
  } catch {
    return;
  }
  const pages = await caches.open(PAGES);
  await Promise.all(SHELL.pages.map((path, n) => pages.put(path, answers[n])));
  await pages.put(META, new Response(JSON.stringify({ version: SHELL.version, language, user, at: Date.now() })));
  for (const old of await files.keys()) if (!named.has(new URL(old.url).pathname)) await files.delete(old);
}
