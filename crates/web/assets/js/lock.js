// P20: locks with one tap, unlocks with the 口令.

import { busy, calm, element, moment, say, trouble } from './page.js';
import { clients } from './receipts.js';
import { act, tell } from './service.js';

const windows = new BroadcastChannel('wangzheng');

element('lock')?.addEventListener('submit', (event) => {
  event.preventDefault();
  // The lock does not wait for the history: the platforms are named if it opens in time (C1).
  const form = event.currentTarget;
  const told = async () => (form.elements.tell.checked ? inTime(clients()) : []);
  run(form, say('locking'), async () => act('lock', { clients: await told() }));
});

element('unlock')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  run(form, say('unlocking'), async () => act('unlock', { pin: form.elements.pin.value, clients: await inTime(clients()) }));
});

/** What comes within two seconds; nothing otherwise. */
const inTime = (work) => Promise.race([work.catch(() => []), new Promise((resolve) => setTimeout(() => resolve([]), 2000))]);

function run(form, text, work) {
  calm();
  busy(form.querySelector('.btn'), text, async () => {
    try {
      await work();
      windows.postMessage({ locked: form.id === 'lock' });
      location.replace('/');
    } catch (problem) {
      explain(form, problem);
    }
  });
}

function explain(form, problem) {
  const body = problem.body ?? {};
  if (problem.code === 'pin_wrong') {
    form.elements.pin.value = '';
    trouble(say('pin_wrong', { number: body.attempts_left ?? '' }));
  } else if (problem.code === 'pin_locked') {
    trouble(say('pin_locked', { time: body.locked_until ? moment(body.locked_until) : '' }));
  } else {
    tell(problem);
  }
}
