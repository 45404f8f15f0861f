// H2: the code changes every two seconds; the state is asked for; the time can be extended.

import { busy, data, element, left, now, put, say, show } from './page.js';
import { get, post, tell } from './service.js';

const EVERY = 2000;
const CLASSES = { waiting: 'plain', scanned: 'ok', decided: 'ok', expired: 'warn' };
const code = element('code');
const image = code.src;
const form = element('extend');
let expiresAt = Number(data.expiresAt);
let turn = 0;
let shown = '';

form.addEventListener('submit', (event) => {
  event.preventDefault();
  busy(form.querySelector('button'), say('working'), async () => {
    try {
      const answer = await post('/x/extend', { session: data.session });
      expiresAt = answer.expires_at ?? now() + 120;
      state('waiting');
    } catch (problem) {
      tell(problem);
    }
  });
});
setInterval(count, 1000);
count();
ask();

async function ask() {
  try {
    const answer = await get(`/x/status/${encodeURIComponent(data.session)}`);
    if (answer.expires_at) expiresAt = answer.expires_at;
    state(answer.state);
    if (answer.redirect) {
      location.replace(answer.redirect);
      return;
    }
    turn += 1;
    if (answer.state === 'waiting') code.src = `${image}?n=${turn}`;
  } catch (problem) {
    if (problem.code === 'network') state('offline');
    else if (problem.status === 404 || problem.status === 410) state('expired');
  }
  setTimeout(ask, EVERY);
}

/** Written only when it changes, so that a screen reader does not say it every two seconds. */
function state(name) {
  if (name === shown) return;
  shown = name;
  put('state', say(name));
  element('state').className = `state ${CLASSES[name] ?? 'warn'}`;
  code.classList.toggle('spent', name !== 'waiting');
}

function count() {
  const seconds = expiresAt - now();
  const lives = seconds > 0 && seconds < 3600;
  element('remaining').textContent = lives ? say('remaining', { time: left(seconds) }) : '';
  show('remaining', lives);
}
