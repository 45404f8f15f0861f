// P16: adds the requests this device has opened and not decided, and counts their time down.

import * as keystore from './keystore.js';
import { element, left, make, now, say, show } from './page.js';

const list = element('list');

if (await keystore.canKeep()) {
  const shown = new Set(Array.from(list.querySelectorAll('a'), (link) => link.getAttribute('href')));
  for (const request of await keystore.requests(now())) {
    if (shown.has(request.href)) continue;
    list.append(card(request));
    show('empty', false);
  }
}
setInterval(count, 1000);
count();

function card({ platform, purpose, href, expiresAt }) {
  const link = make('a', 'card waiting');
  link.href = href;
  link.append(make('span', 'mark', Array.from(platform)[0] ?? '·'));
  const words = make('span');
  const time = make('span', 'muted small num');
  time.dataset.expiresAt = expiresAt;
  words.append(make('b', '', platform), make('br'), purpose, make('br'), time, make('br'), make('span', 'muted small', say('here')));
  link.append(words);
  return link;
}

function count() {
  for (const place of list.querySelectorAll('[data-expires-at]')) {
    const seconds = Number(place.dataset.expiresAt) - now();
    if (seconds <= 0) {
      place.closest('a').remove();
      show('empty', list.children.length === 0);
    } else if (seconds < 3600) {
      place.textContent = say('remaining', { time: left(seconds) });
    }
  }
}
