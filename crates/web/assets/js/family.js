// P22 and P23: what waits for a guardian is decided here, and standing consents are taken back.

import { open } from './box.js';
import { fromBase64Url, fromUtf8 } from './encoding.js';
import { historyKey } from './history-key.js';
import { busy, calm, element, make, put, say } from './page.js';
import { act, ownDevice, post, tell } from './service.js';
import { digestOf, sign } from './statement.js';

const waiting = element('waiting');
const standing = element('standing');
const language = document.documentElement.lang;

load();

async function load() {
  try {
    if (waiting) await loadWaiting();
    await loadStanding();
  } catch (problem) {
    tell(problem);
  }
}

async function loadWaiting() {
  const { requests } = await act('guardian_requests');
  put('state', requests.length === 0 ? say('none') : '');
  waiting.replaceChildren(...requests.map(card));
}

function card(request) {
  const box = make('section', 'card');
  const { scenario } = request;
  box.append(make('h3', '', `${request.child_name} · ${request.platform[language] ?? request.platform['zh-CN']}`));
  box.append(make('p', '', `${request.host} · ${scenario.purpose[language] ?? scenario.purpose['zh-CN']}`));
  const row = make('div', 'row');
  const choices = [['no', 'refuse', 'refuse', false], ['once', '', 'approve', false], ['always', 'alt', 'approve', true]];
  for (const [text, look, decision, forAll] of choices) {
    const button = make('button', `btn ${look}`, say(text));
    button.type = 'button';
    button.addEventListener('click', () => decide(button, request, decision, forAll));
    row.append(button);
  }
  box.append(row);
  return box;
}

function decide(button, request, decision, forAll) {
  calm();
  busy(button, say('signing'), async () => {
    try {
      const transaction = await digestOf(request.transaction);
      const fields = { act: 'verification', key: request.key, transaction, decision, standing: forAll };
      const statement = await sign(await ownDevice(), 'wz-guardian+jwt', fields);
      await post('/person/api/guardian-decide', { statement });
      await load();
    } catch (problem) {
      tell(problem);
    }
  });
}

async function loadStanding() {
  const { standing_consents: consents } = await act('standing_consents');
  const key = consents.length > 0 ? await historyKey(await act('receipts')) : undefined;
  const rows = await Promise.all(consents.map(async (consent) => line(consent, await platformOf(consent, key))));
  standing.replaceChildren(...(rows.length > 0 ? rows : [make('li', 'muted', say('no_standing'))]));
}

async function platformOf(consent, key) {
  try {
    const padded = await open(key.privateKey, key.publicBytes, 'receipt', fromBase64Url(consent.sealed));
    const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
    return JSON.parse(fromUtf8(padded.subarray(4, 4 + length))).platform;
  } catch {
    return say('unreadable');
  }
}

function line(consent, platform) {
  const row = make('li');
  const button = make('button', 'btn alt', say('withdraw'));
  button.type = 'button';
  button.addEventListener('click', () => busy(button, say('signing'), async () => {
    try {
      const child = consent.child ? { child: consent.child } : {};
      await act('withdraw_standing_consent', { standing: consent.id, ...child });
      await loadStanding();
    } catch (problem) {
      tell(problem);
    }
  }));
  row.append(make('span', '', `${consent.child_name} · ${platform} · ${consent.given_on}`), button);
  return row;
}
