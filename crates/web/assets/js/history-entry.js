// P18: one entry in words, and its proof in the public log.

import { busy, data, download, element, make, moment, put, say, show, trouble } from './page.js';
import { check } from './log.js';
import { given, noticeTitle, outcomeTag, receipts } from './receipts.js';
import { tell } from './service.js';

load();

async function load() {
  try {
    const { entries } = await receipts();
    const entry = entries.find(({ id }) => id === data.id);
    show('state', false);
    if (entry) draw(entry);
    else trouble(say('gone'), { text: say('back'), href: '/history' });
  } catch (problem) {
    show('state', false);
    tell(problem);
  }
}

function draw(entry) {
  const { claims } = entry;
  const rows = entry.kind === 'notice'
    ? [['what', noticeTitle(entry)]]
    : [
        ['platform', `${entry.platform} (${entry.host})`],
        ['purpose', entry.purpose],
        ['data', given(entry)],
        ['mode', modeText(claims.acr)],
        ['receipt', claims.jti],
      ];
  rows.splice(1, 0, ['when', entry.at ? moment(entry.at) : entry.day]);
  element('facts').replaceChildren(fact('result', outcomeTag(entry)), ...rows.filter(([, value]) => value).map(([key, value]) => fact(key, value)));
  show('entry');
  show('proof');
  show('export');
  const button = element('check');
  button.addEventListener('click', () => busy(button, say('checking'), () => prove(entry)));
  element('export').addEventListener('click', () => {
    const { id, day, claims: said, text, commitment } = entry;
    const receipt = text.startsWith('{') ? null : text;
    download(say('entry_file_name'), 'application/json', JSON.stringify({ id, day, claims: said, receipt, commitment }, null, 2));
  });
}

async function prove(entry) {
  try {
    const { state, facts } = await check(entry);
    put('proof-state', say(`proof_${state}`));
    element('proof-state').className = `note ${{ good: '', pending: 'warn', bad: 'bad' }[state]}`;
    element('proof-facts').replaceChildren(...facts.map(([key, value]) => fact(key, String(value), 'mono')));
    show('proof-more', facts.length > 0);
  } catch (problem) {
    tell(problem);
  }
}

/** `urn:wangzheng:mode:wz+pin` in words. */
function modeText(acr = '') {
  const parts = acr.split(':').at(-1).split('+').slice(1);
  return [say('mode_device'), ...parts.map((part) => say(`mode_${part}`))].join(' + ');
}

function fact(key, value, className) {
  const row = make('div');
  const content = make('dd', className);
  content.append(value);
  row.append(make('dt', '', say(key)), content);
  return row;
}
