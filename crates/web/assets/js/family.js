// P22 and P23: what waits for a guardian is decided here, and standing consents are taken back.

import './guardian-answer.js';
import { open } from './box.js';
import { fromBase64Url, fromUtf8 } from './encoding.js';
import { historyKey } from './history-key.js';
import { busy, calm, dayName, element, knows, left, make, now, put, say, show } from './page.js';
import { receipts } from './receipts.js';
import { act, ownDevice, post, tell } from './service.js';
import { digestOf, sign } from './statement.js';

const EVERY = 4000;
const waiting = element('waiting');
const standing = element('standing');
const refresh = element('refresh');
const language = document.documentElement.lang;
const inLanguage = (text) => text[language] ?? text['zh-CN'];
let shown = '';
let deciding = false;

load();
if (waiting) setInterval(look, EVERY);
refresh?.addEventListener('click', () => busy(refresh, say('asking'), askRegister));

async function load() {
  try {
    if (waiting) await loadWaiting();
    if (standing) await loadStanding();
    if (element('uses')) await loadUses();
  } catch (problem) {
    tell(problem);
  }
}

/** What a child asks meanwhile comes by itself. */
async function look() {
  if (deciding || document.hidden) return;
  await loadWaiting().catch(() => {});
}

async function loadWaiting() {
  const { requests } = await act('guardian_requests');
  if (deciding) return;
  const open = requests.filter(({ approved }) => !approved);
  put('state', open.length === 0 ? say('none') : say('some', { number: open.length }));
  // Only what changed is drawn anew: a card does not move under a finger.
  const now_shown = open.map(({ transaction }) => transaction).join(' ');
  if (now_shown !== shown) waiting.replaceChildren(...open.map(card));
  shown = now_shown;
}

function card(request) {
  const box = make('section', 'card');
  const { scenario } = request;
  const platform = inLanguage(request.platform);
  const title = make('h3');
  const name = make('span', '', platform);
  if (!request.platform[language]) name.lang = 'zh-CN';
  title.append(`${request.child_name} → `, name);
  const given = request.attributes.map((one) => (knows(`attribute.${one}`) ? say(`attribute.${one}`) : one));
  const facts = make('dl', 'facts');
  facts.append(
    fact('host', request.host),
    fact('purpose', inLanguage(scenario.purpose)),
    fact('basis', inLanguage(scenario.legal_basis)),
    fact('gives', given.length === 0 ? say('gives_result') : say('gives_more', { what: given.join(say('comma')) })),
    fact('remaining', say('remaining_time', { time: left(request.expires_at - now()) })),
  );
  const row = make('div', 'row');
  const choices = [['no', 'refuse', 'refuse', false], ['once', '', 'approve', false], ['always', 'alt wide', 'approve', true]];
  for (const [text, look_of_it, decision, forAll] of choices) {
    const button = make('button', `btn ${look_of_it}`, say(text));
    button.type = 'button';
    button.addEventListener('click', () => decide(button, row, request, decision, forAll));
    row.append(button);
  }
  box.append(title, facts, row, make('p', 'small muted', say('always_means')));
  return box;
}

function fact(key, value) {
  const row = make('div');
  row.append(make('dt', '', say(key)), make('dd', '', value));
  return row;
}

function decide(button, row, request, decision, forAll) {
  calm();
  const others = Array.from(row.querySelectorAll('button')).filter((other) => other !== button);
  busy(button, say('signing'), async () => {
    deciding = true;
    try {
      const transaction = await digestOf(request.transaction);
      const fields = { act: 'verification', key: request.key, transaction, decision, standing: forAll };
      const statement = await sign(await ownDevice(), 'wz-guardian+jwt', fields);
      await post('/person/api/guardian-decide', { statement });
    } catch (problem) {
      tell(problem);
    } finally {
      deciding = false;
    }
    await load();
  }, others);
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
  button.setAttribute('aria-label', `${say('withdraw')}: ${platform}`);
  button.addEventListener('click', () => busy(button, say('signing'), async () => {
    calm();
    try {
      const child = consent.child ? { child: consent.child } : {};
      await act('withdraw_standing_consent', { standing: consent.id, ...child });
      await loadStanding();
    } catch (problem) {
      tell(problem);
    }
  }));
  const words = make('div');
  const name = make('b', '', platform);
  name.lang = 'zh-CN';
  words.append(name, make('br'), make('span', 'small muted', `${consent.child_name} · ${dayName(consent.given_on)}`));
  row.append(words, button);
  return row;
}

/** Platforms that a child under 14 was verified for with this guardian's consent, from the guardian's own copies. */
async function loadUses() {
  const { children } = await act('family');
  const young = children.filter(({ age_group: group }) => group === 'guardian_applies').map(({ child }) => child);
  const { entries } = await receipts();
  const platforms = new Map();
  for (const entry of entries) {
    const { handle } = entry.claims;
    if (entry.kind !== 'child' || !entry.receipt?.aud || !young.includes(handle)) continue;
    const key = `${handle} ${entry.receipt.aud}`;
    if (!platforms.has(key)) platforms.set(key, { ...entry, handle });
  }
  const rows = [...platforms.values()].map(use);
  element('uses').replaceChildren(...rows);
  show('uses-card', rows.length > 0);
}

function use({ handle, child, platform, day, receipt }) {
  const row = make('li');
  const words = make('div');
  const name = make('b', '', platform);
  name.lang = 'zh-CN';
  const small = make('span', 'small muted', `${child} · ${dayName(day)}`);
  words.append(name, make('br'), small);
  const button = make('button', 'btn alt', say('withdraw'));
  button.type = 'button';
  button.setAttribute('aria-label', `${say('withdraw_for_child')}: ${platform}`);
  button.addEventListener('click', () => busy(button, say('signing'), async () => {
    calm();
    try {
      await act('withdraw_consent', { platform: receipt.aud, child: handle });
      small.textContent = say('withdrawn_for_child');
      button.remove();
    } catch (problem) {
      tell(problem);
    }
  }));
  row.append(words, button);
  return row;
}

/** The register is asked again, about the person's own guardians or about each child. */
async function askRegister() {
  calm();
  try {
    const { children } = await act('family');
    if (children.length === 0) await act('refresh_guardians');
    for (const { child } of children) await act('refresh_guardians', { child });
    put('refreshed', say('refreshed'));
    await load();
  } catch (problem) {
    tell(problem);
  }
}
