// P18: one entry in words, and its proof in the public log.

import { busy, data, download, element, make, moment, put, say, show, trouble } from './page.js';
import { check } from './log.js';
import { markRead } from './read-marks.js';
import { given, noteText, outcomeTag, receipts, titleOf } from './receipts.js';
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
    ? [['what', titleOf(entry)], ...noteParagraphs(claims)]
    : entry.kind === 'child' ? decidedForChild(entry) : [
        ['platform', `${entry.platform} (${entry.host})`],
        ['purpose', entry.purpose],
        ['data', given(entry)],
        ['mode', modeText(claims.acr)],
        ['receipt', claims.jti],
      ];
  rows.splice(1, 0, ['when', entry.at ? moment(entry.at) : entry.day]);
  element('facts').replaceChildren(fact('result', outcomeTag(entry)), ...rows.filter(([, value]) => value).map(([key, value]) => fact(key, value)));
  if (entry.kind === 'notice') markRead(entry.id);
  show('entry');
  show('proof');
  show('export');
  if (entry.kind !== 'notice' && entry.kind !== 'child') {
    // Behind the `#`: which entry it is about is never sent to the service.
    element('complain').href = `/complain#${new URLSearchParams({ entry: entry.id })}`;
    show('complain');
  }
  show('manage', entry.kind === 'approved');
  const button = element('check');
  button.addEventListener('click', () => busy(button, say('checking'), () => prove(entry)));
  element('export').addEventListener('click', () => {
    const { id, day, claims: said, text, commitment } = entry;
    const receipt = text.startsWith('{') ? (said.document ?? said.receipt ?? null) : text;
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

/** What a guardian decided for a child: what, for which platform, and what left (R5.2). */
function decidedForChild(entry) {
  const { platform, host, purpose, receipt, what } = entry;
  return [
    ['what', titleOf(entry)],
    ['child', entry.child],
    ['platform', platform && `${platform} (${host})`],
    ['purpose', purpose],
    ['data', what === 'verification' ? given(entry) : undefined],
    ['mode', receipt && modeText(receipt.acr)],
    ['receipt', receipt?.jti],
  ];
}

/** What a message says: its text by lines, and the document it carries, if any. */
function noteParagraphs(claims) {
  const lines = noteText(claims.text).split('\n').filter((text) => text.trim());
  const rows = lines.map((text, index) => [index === 0 ? 'message' : 'more', text]);
  if (claims.document) rows.push(['document', claims.document]);
  return rows;
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
