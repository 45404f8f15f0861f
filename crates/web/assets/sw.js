// Keeps the shell and one page for times without a network. Never a personal page, never an answer of the service.

const base = new URL(location.href).searchParams.get('base') ?? '/static/0/';
const NAME = `wangzheng ${base}`;
const SHELL = [
  '/offline',
  ...['css/tokens.css', 'css/base.css', 'css/frame.css', 'css/form.css', 'css/part.css', 'css/page.css'].map((name) => base + name),
  `${base}icons.svg`,
  `${base}icon.svg`,
  `${base}card.svg`,
];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const older = (names) => names.filter((name) => name.startsWith('wangzheng ') && name !== NAME);
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(older(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match('/offline')));
  } else if (pathname.startsWith(base)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
