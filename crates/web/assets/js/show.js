// P11: fetches a new code before the old one ends, and keeps the screen awake.

import { data, element, say } from './page.js';

const code = element('code');
const life = Number(data.livesFor);
let seconds = life;
let turn = 0;

if (code) {
  const path = code.getAttribute('src');
  code.addEventListener('error', () => tell(say('failed')));
  element('refresh').addEventListener('click', (event) => {
    event.preventDefault();
    renew(path);
  });
  setInterval(() => tick(path), 1000);
  navigator.wakeLock?.request('screen').catch(() => {});
}

function tick(path) {
  if (document.hidden) return;
  seconds -= 1;
  if (seconds <= 0) {
    renew(path);
    return;
  }
  element('life').value = seconds;
  tell(say('remaining', { seconds }));
}

function renew(path) {
  turn += 1;
  seconds = life;
  tell(say('updating'));
  code.src = `${path}?n=${turn}`;
}

const tell = (text) => {
  element('countdown').textContent = text;
};
