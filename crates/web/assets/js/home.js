// P10: the last uses from the sealed receipts; the shell for times without a network.

import { element, make, say, show } from './page.js';
import { line, receipts } from './receipts.js';
import { words } from './service.js';
import { registerWorker } from './worker.js';

const place = element('recent');

if (place) recent();
show('offline-note', !navigator.onLine);
addEventListener('offline', () => show('offline-note'));
addEventListener('online', () => show('offline-note', false));
new BroadcastChannel('wangzheng').addEventListener('message', ({ data }) => {
  if ('locked' in data) location.reload();
});
registerWorker();

async function recent() {
  try {
    const { entries } = await receipts();
    const uses = entries.filter((entry) => entry.kind !== 'notice').slice(0, 2);
    if (uses.length === 0) {
      place.replaceChildren(make('p', 'muted', say('none_yet')));
    } else {
      const list = make('ul', 'uses');
      list.append(...uses.map((entry) => line(entry, true)));
      place.replaceChildren(list);
    }
  } catch (problem) {
    const text = make('p', 'muted', words(problem));
    if (problem.code === 'no_key') {
      const link = make('a', '', say('recover'));
      link.href = '/recover';
      text.append(' ', link);
    }
    place.replaceChildren(text);
  }
  place.removeAttribute('aria-busy');
}
