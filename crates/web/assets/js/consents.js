// P19: what platforms may use, opened on this device; withdrawal and deletion, followed until the platform confirms.

import { moment, dayName, busy, calm, element, make, say, show } from './page.js';
import { receipts } from './receipts.js';
import { act, tell } from './service.js';

const dialog = element('confirm');
let chosen;

load();
element('confirm-yes').addEventListener('click', (event) => confirmed(event.currentTarget));

async function load() {
  try {
    const { entries } = await receipts();
    const platforms = byPlatform(entries);
    const states = await tracked(platforms);
    show('state', false);
    show('empty', platforms.length === 0);
    element('platforms').replaceChildren(...platforms.map((platform) => card(platform, states)));
    await service();
  } catch (problem) {
    show('state', false);
    tell(problem);
  }
}

/** Receipts and notes of the person, gathered by platform; the newest first as they come. */
function byPlatform(entries) {
  const platforms = new Map();
  for (const entry of entries) {
    const { claims } = entry;
    const client = claims.aud ?? claims.client;
    if (!client || !entry.host) continue;
    const key = `${entry.host} ${entry.platform ?? ''}`; // several platforms may share a host
    const known = platforms.get(key) ?? { client, host: entry.host, name: entry.platform, uses: [], scopes: new Set(), going: [] };
    if (entry.kind === 'approved') {
      known.uses.push(entry);
      known.scopes.add(entry.purpose);
      known.subject ??= claims.sub;
    }
    if (claims.tracking) known.going.push({ kind: claims.kind, tracking: claims.tracking, due: claims.due, at: entry.at });
    platforms.set(key, known);
  }
  return [...platforms.values()].filter(({ uses, going }) => uses.length + going.length > 0);
}

async function tracked(platforms) {
  const tracking = platforms.flatMap(({ going }) => going.map((one) => one.tracking)).slice(0, 200);
  if (tracking.length === 0) return new Map();
  const answer = await act('tracking', { tracking });
  return new Map(answer.tracking.map((one) => [one.tracking, one]));
}

function card(platform, states) {
  const box = make('section', 'card');
  const title = make('h3', '', platform.name);
  title.lang = 'zh-CN';
  const last = platform.uses[0];
  const rows = [
    ['host', platform.host],
    ['since', platform.uses.length > 0 ? dayName(platform.uses.at(-1).day) : undefined],
    ['last', last && dayName(last.day)],
    ['scope', [...platform.scopes].join(say('comma'))],
    ['subject', platform.subject],
  ];
  const facts = make('dl', 'facts');
  facts.append(...rows.filter(([, value]) => value).map(([key, value]) => fact(key, value)));
  box.append(title, facts);
  const withdrawn = platform.going.find(({ kind, at }) => kind === 'withdrawal' && !(last?.at > at));
  for (const one of platform.going) box.append(progress(one, states.get(one.tracking)));
  const actions = make('div', 'row');
  if (!withdrawn && last) actions.append(button('withdraw', platform));
  if (!platform.going.some(({ kind, at }) => kind === 'deletion_request' && !(last?.at > at))) actions.append(button('delete', platform));
  box.append(actions);
  return box;
}

/** Sent, confirmed on, or not yet: what became of what the person set going. */
function progress({ kind, due }, state) {
  const what = say(kind === 'withdrawal' ? 'withdrawn' : 'deletion_asked');
  const known = state?.state ?? 'unknown';
  const words = {
    sent: () => say('not_yet', { time: moment(state.due) }),
    overdue: () => say('overdue', { time: moment(state.due) }),
    confirmed: () => say('confirmed', { time: moment(state.at) }),
    unknown: () => say('long_ago', { time: moment(due) }),
  }[known]();
  const colour = { sent: 'warn', overdue: 'bad', confirmed: 'ok', unknown: '' }[known];
  const line = make('p', `note ${colour}`, `${what} ${words}`);
  line.dataset.state = known;
  return line;
}

function button(what, platform) {
  const made = make('button', what === 'withdraw' ? 'btn alt' : 'btn refuse', say(what));
  made.type = 'button';
  made.dataset.act = what;
  made.addEventListener('click', () => ask(what, platform));
  return made;
}

function ask(what, platform) {
  chosen = { what, platform };
  element('confirm-title').textContent = say(`${what}_title`, { name: platform.name });
  element('confirm-text').textContent = say(`${what}_text`);
  dialog.showModal();
}

async function confirmed(pressed) {
  const { what, platform } = chosen;
  const name = what === 'withdraw' ? 'withdraw_consent' : 'request_deletion';
  calm();
  await busy(pressed, say('sending'), async () => {
    try {
      await act(name, { platform: platform.client });
      dialog.close();
      await load();
    } catch (problem) {
      dialog.close();
      tell(problem);
    }
  });
}

/** Consents to the service's own processing: withdrawing them means leaving. */
async function service() {
  const { consents } = await act('consents');
  const own = consents.filter(({ notice, sealed }) => notice && !sealed);
  element('service').replaceChildren(...own.map(({ notice, given_on: on, withdrawn_on: off }) => {
    const row = make('li', '', `${say(`own_${notice.replaceAll('-', '_')}`)} · ${dayName(on)}`);
    if (off) row.append(' · ', say('withdrawn'));
    return row;
  }));
  show('service-card', own.length > 0);
}

function fact(key, value) {
  const row = make('div');
  const text = make('dd', key === 'subject' ? 'mono small' : '', value);
  row.append(make('dt', '', say(key)), text);
  return row;
}
