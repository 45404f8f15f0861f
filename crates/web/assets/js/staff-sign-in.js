// Signing in: the registered key signs the service's challenge, beside the password (R12.4).

import { busy, calm, data, element, knows, moment, say, trouble } from './page.js';
import { post } from './service.js';
import { keyOf, signed, takeKey } from './staff-key.js';

const form = element('staff-sign-in');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  busy(form.querySelector('.btn'), say('signing_in'), async () => {
    try {
      await signIn();
    } catch (problem) {
      explain(problem);
    }
  });
});

async function signIn() {
  const login = form.elements.login.value.trim();
  const file = form.elements.key.files[0];
  const key = file ? await takeKey(login, file) : await keyOf(login);
  if (!key) {
    trouble(say('no_key'));
    return;
  }
  const { challenge } = await post('/staff/api/challenge');
  const statement = await signed(key, login, data.issuer, 'wz-staff+jwt', { challenge });
  const answer = await post('/staff/api/sign-in', { statement, password: form.elements.password.value });
  const here = location.pathname.startsWith(answer.home);
  location.replace(here ? location.pathname : answer.home);
}

function explain(problem) {
  form.elements.password.value = '';
  const until = problem.body?.locked_until;
  const known = knows(problem.code) ? problem.code : 'bad_key';
  trouble(say(known, { time: until ? moment(until) : '' }));
}
