// P27: what the service told this person; opened here, and what was read is remembered here alone.

import { element, put, say, show } from './page.js';
import { line, receipts } from './receipts.js';
import { isRead } from './read-marks.js';
import { tell } from './service.js';

load();

async function load() {
  try {
    const opened = await receipts();
    const notes = opened.entries.filter((entry) => entry.kind === 'notice');
    show('state', false);
    show('empty', notes.length === 0 && opened.closed === 0);
    show('list', notes.length > 0);
    if (opened.closed > 0) put('state', say('unreadable', { number: opened.closed }));
    element('list').replaceChildren(...notes.map((entry) => line(entry, true, !isRead(entry.id))));
  } catch (problem) {
    show('state', false);
    tell(problem);
  }
}
