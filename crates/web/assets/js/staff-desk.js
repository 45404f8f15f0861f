// At a desk: dangerous acts are signed by the registered key, one by one, before they are sent (R12.4).

import { busy, calm, data, element, knows, say, trouble } from './page.js';
import { post } from './service.js';
import { keyOf, signed } from './staff-key.js';

element('sign-out')?.addEventListener('click', async () => {
  await post('/staff/api/sign-out', {}).catch(() => undefined);
  location.replace('/staff/sign-in');
});

// On a phone the places scroll sideways: the one we are at is to be seen.
document.querySelector('.places [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

for (const form of document.querySelectorAll('form.signed')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    calm();
    busy(event.submitter ?? form.querySelector('.btn'), say('signing'), () => send(form));
  });
}

async function send(form) {
  try {
    const key = await keyOf(data.login);
    if (!key) {
      trouble(say('no_key'));
      return;
    }
    const statement = await signed(key, data.login, data.issuer, 'wz-staff-act+jwt', saidBy(form));
    const answer = await post(form.getAttribute('action'), { statement });
    location.assign(answer.proposal ? `/operator/proposals/${answer.proposal}` : '/operator');
  } catch (problem) {
    if (problem instanceof SyntaxError) trouble(say('bad_json'));
    else trouble(knows(problem.code) ? say(problem.code) : (problem.body?.title ?? say('unexpected')));
  }
}

function saidBy(form) {
  const { act, fixed, answer, proposal, digest } = form.dataset;
  if (answer) return { answer, proposal, digest };
  const proposed = { act, ...JSON.parse(fixed) };
  for (const field of form.elements) {
    if (!field.name || field.type === 'submit' || field.value === '') continue;
    if ('json' in field.dataset) proposed[field.name] = JSON.parse(field.value);
    else proposed[field.name] = field.type === 'number' ? Number(field.value) : field.value;
  }
  return { proposed };
}
