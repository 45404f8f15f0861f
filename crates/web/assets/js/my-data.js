// P25: what was shared (known to this device alone), correct, copy, restrict.

import * as keystore from './keystore.js';
import { busy, calm, dayName, download, element, make, put, say, show, trouble } from './page.js';
import { given, receipts } from './receipts.js';
import { act, tell } from './service.js';

const language = document.documentElement.lang.startsWith('en') ? 'english' : 'chinese';
const PLACE = '<!-- history -->';

list();
on('correct', () => say('asking'), correct);
on('export', () => say('preparing'), copy);
on('restrict', () => say('working'), async () => {
  await act('restrict');
  location.reload();
});
on('unrestrict', () => say('working'), async (form) => {
  await act('unrestrict', { pin: form.elements.lift_pin.value });
  location.reload();
});

function on(id, text, work) {
  const form = element(id);
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    calm();
    busy(form.querySelector('.btn'), text(), async () => {
      try {
        await work(form);
      } catch (problem) {
        explain(problem);
      }
    });
  });
}

/** The reason and the next step come with each refusal (PIPL 50). */
function explain(problem) {
  const { reason, next, attempts_left: left } = problem.body ?? {};
  for (const field of document.querySelectorAll('input.pin')) field.value = '';
  if (reason) trouble(`${reason[language]} ${next?.[language] ?? ''}`);
  else if (problem.code === 'pin_wrong') trouble(say('pin_wrong', { number: left ?? '' }));
  else tell(problem);
}

/** 与第三方共享清单: from this device's own receipts. */
async function list() {
  try {
    const { entries } = await receipts();
    const shared = entries.filter((entry) => entry.kind === 'approved');
    const rows = shared.map((entry) => {
      const row = make('li');
      const name = make('b', '', entry.platform);
      name.lang = 'zh-CN';
      row.append(name, make('br'), make('span', 'small muted', `${dayName(entry.day)} · ${given(entry)}`));
      return row;
    });
    element('shared').replaceChildren(...rows);
    element('shared').removeAttribute('aria-busy');
    if (rows.length === 0) put('shared-state', say('nothing_shared'));
    else show('shared-state', false);
  } catch (problem) {
    show('shared-state', false);
    tell(problem);
  }
}

async function correct() {
  const answer = await act('correct');
  if (answer.credential) await keystore.changeDevice({ credential: answer.credential });
  const texts = { unchanged: 'unchanged', changed: 'corrected', waiting: 'waiting' };
  put('corrected', say(texts[answer.state], { number: answer.queue_number ?? '' }));
}

/** The signed file and the page, with the history that only this device opens. */
async function copy(form) {
  const { entries } = await receipts();
  const answer = await act('export', { pin: form.elements.pin.value });
  const history = entries.map(({ id, day, commitment, text }) => ({ id: Number(id), day, commitment, text }));
  const file = { format: 'wz-export-1', signed: answer.export, history };
  const day = new Date(answer.prepared_at * 1000).toISOString().slice(0, 10);
  download(`wangzheng-${day}.json`, 'application/json', JSON.stringify(file, null, 1));
  download(`wangzheng-${day}.html`, 'text/html', answer.page.replace(PLACE, () => table(entries)));
  form.elements.pin.value = '';
  put('exported', say('exported'));
}

function table(entries) {
  const safe = (text) => String(text ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const cells = (entry) => [entry.day, entry.platform ?? entry.claims.title?.chinese ?? entry.claims.kind, entry.text];
  const rows = entries.map((entry) => `<tr>${cells(entry).map((cell) => `<td>${safe(cell)}</td>`).join('')}</tr>`);
  return `<table><tbody>${rows.join('\n')}</tbody></table>`;
}
