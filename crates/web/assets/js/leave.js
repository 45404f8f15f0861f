// P26: leaves, thinks again; afterwards this browser holds nothing of the person but the receipt.

import * as keystore from './keystore.js';
import { busy, calm, data, dayName, download, element, moment, put, say, show, trouble } from './page.js';
import { receipts } from './receipts.js';
import { act, post, tell } from './service.js';

element('leave')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  calm();
  busy(form.querySelector('.btn'), say('leaving'), async () => {
    try {
      const answer = await act('leave', { pin: form.elements.pin.value, clients: await clients() });
      if (answer.state === 'erased') await gone(answer.receipt);
      else location.reload();
    } catch (problem) {
      explain(form, problem);
    }
  });
});

element('cancel')?.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  busy(event.currentTarget.querySelector('.btn'), say('cancelling'), async () => {
    try {
      await act('leave_cancel');
      location.replace('/me');
    } catch (problem) {
      tell(problem);
    }
  });
});

/** The apps this device finds in its own receipts; only they are told. Without the history nobody is named. */
async function clients() {
  try {
    const { entries } = await receipts();
    return [...new Set(entries.map((entry) => entry.claims.aud).filter((name) => typeof name === 'string'))];
  } catch {
    return [];
  }
}

/** Keys, requests and caches go; the receipt is offered for keeping. */
async function gone(receipt) {
  const claims = JSON.parse(atob(receipt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  await post('/person/api/sign-out', {}).catch(() => {});
  await keystore.forgetEverything();
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.map((name) => caches.delete(name)));
  put('left-until', say('until', { erased: dayName(claims.erased_on), backups: dayName(claims.backups_until) }));
  element('save').addEventListener('click', () => download('erasure-receipt.jws', 'application/jose', receipt));
  show('before', false);
  show('left');
  element('left').focus();
  data.left = 'yes';
}

function explain(form, problem) {
  const body = problem.body ?? {};
  form.elements.pin.value = '';
  if (problem.code === 'pin_wrong') trouble(say('pin_wrong', { number: body.attempts_left ?? '' }));
  else if (problem.code === 'pin_locked') trouble(say('pin_locked', { time: body.locked_until ? moment(body.locked_until) : '' }));
  else if (problem.code === 'open_duties') trouble(say('open_duties'));
  else tell(problem);
}
