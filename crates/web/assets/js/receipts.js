// The person's history, opened on this device: nobody else can (C1).

import { open } from './box.js';
import { fromBase64Url, fromUtf8 } from './encoding.js';
import { historyKey } from './history-key.js';
import { dayName, knows, make, say, timeOfDay } from './page.js';
import { act } from './service.js';

const CONTEXT = 'receipt';
// Most rows of one answer.
const PAGE = 500;
const NOTES = { refusal: 'refused' };

/**
 * The entries, newest first, and how many could not be opened. An entry:
 * `{ id, day, kind, platform, host, purpose, at, claims, text, commitment }`; kind is approved, refused, failed, notice, or
 * child: what this person decided as a guardian, with `child`, `what`, `decision` and the child's `receipt` besides.
 */
export async function receipts() {
  const answer = await act('receipts');
  const rows = answer.receipts;
  for (let page = rows; page.length === PAGE; rows.push(...page)) {
    ({ receipts: page } = await act('receipts', {}, undefined, { below: page.at(-1).id }));
  }
  const key = await historyKey(answer);
  const entries = [];
  let closed = 0;
  for (const row of rows) {
    try {
      entries.push(entryOf(row, await textOf(row, key)));
    } catch {
      closed += 1;
    }
  }
  return { entries, closed };
}

/** The apps of platforms that verified this person, to be told of a lock: the device names them, nobody else can. */
export async function clients() {
  const { entries } = await receipts();
  return [...new Set(entries.filter(({ kind }) => kind === 'approved').map(({ claims }) => claims.aud))].filter(Boolean).slice(0, 200);
}

/** 4-byte length ‖ text ‖ zeros. */
async function textOf(row, key) {
  const padded = await open(key.privateKey, key.publicBytes, CONTEXT, fromBase64Url(row.sealed));
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - 4) throw new RangeError('length');
  return fromUtf8(padded.subarray(4, 4 + length));
}

/** An entry holds a signed receipt, or a note of the service to the person, which begins with a brace. */
function entryOf({ id, day, commitment }, text) {
  const note = text.startsWith('{');
  const claims = JSON.parse(note ? text : fromUtf8(fromBase64Url(text.split('.')[1])));
  if (note && claims.kind.startsWith('child_')) return { id: String(id), day, commitment, text, claims, ...ofChild(claims) };
  const kind = note ? (NOTES[claims.kind] ?? 'notice') : claims.result === 'pass' ? 'approved' : 'failed';
  const { platform, host, purpose, iat } = claims;
  return { id: String(id), day, commitment, text, claims, kind, platform, host, purpose, at: iat };
}

/** A guardian's own entry: a copy of the child's receipt after a yes, or a note of what was decided. */
function ofChild(claims) {
  const receipt = claims.receipt ? JSON.parse(fromUtf8(fromBase64Url(claims.receipt.split('.')[1]))) : undefined;
  const { platform, host, purpose } = receipt ?? claims.about ?? {};
  const { child, what = 'verification', decision = 'approve', iat: at } = claims;
  return { kind: 'child', child, what, decision, receipt, platform, host, purpose, at };
}

/** What an entry is called where no platform's name stands for it. */
export function titleOf(entry) {
  return entry.kind === 'child' ? say(`child_${entry.what}_${entry.decision}`, { child: entry.child }) : noticeTitle(entry);
}

/** The text of a message in the page's language: the service writes both. */
export function noteText(text) {
  if (!text || typeof text !== 'object') return '';
  return (document.documentElement.lang.startsWith('en') ? text.english : text.chinese) ?? '';
}

/** What a notice is called. */
export function noticeTitle({ claims }) {
  const title = noteText(claims.title);
  if (title) return title;
  if (claims.topic === 'written_agreement') return say('written_agreement', { notice: claims.notice, version: claims.version });
  const key = `notice_${claims.kind.replaceAll('-', '_')}`;
  return knows(key) ? say(key) : say('notice');
}

/** Kinds of data given, as words; never their values. */
export function given({ kind, claims, receipt }) {
  const told = kind === 'child' ? receipt : kind === 'approved' ? claims : undefined;
  if (!told) return say('nothing');
  const names = (told.disclosed ?? []).map((name) => (knows(`attribute.${name}`) ? say(`attribute.${name}`) : name));
  return names.length === 0 ? say('only_result') : say('gave', { what: names.join(say('comma')) });
}

/** The tag of an outcome: word and colour. */
export function outcomeTag(entry) {
  const kind = entry.kind === 'child' ? { approve: 'approved', refuse: 'refused' }[entry.decision] : entry.kind;
  const colour = { approved: 'ok', refused: '', failed: 'warn', notice: '' }[kind];
  return make('span', `tag ${colour}`, say(kind === 'notice' ? 'notice' : kind));
}

/** One line of a list, leading to its own page. */
export function line(entry, withDay, unread = false) {
  const link = make('a');
  link.href = `/history/${encodeURIComponent(entry.id)}`;
  const words = make('span');
  const named = entry.kind !== 'notice' && entry.kind !== 'child';
  const title = make('b', '', named ? entry.platform : titleOf(entry));
  if (named) title.lang = 'zh-CN';
  if (unread) words.append(make('span', 'tag warn', say('unread')), ' ');
  words.append(title, make('br'));
  if (entry.kind === 'notice') {
    words.append(make('span', 'small muted', say('notice_from')));
  } else if (entry.kind === 'child') {
    const about = [entry.platform, entry.purpose].filter(Boolean).join(' · ');
    const small = make('span', 'small muted', about || say('child_from'));
    if (about) small.lang = 'zh-CN';
    words.append(small);
  } else {
    const purpose = make('span', 'small muted', entry.purpose);
    purpose.lang = 'zh-CN';
    words.append(purpose, make('br'), make('span', 'small muted', given(entry)));
  }
  const side = make('span');
  side.append(outcomeTag(entry), make('br'));
  const time = make('time', '', withDay ? dayName(entry.day) : entry.at ? timeOfDay(entry.at) : '');
  time.dateTime = entry.day;
  side.append(time);
  link.append(words, side);
  const row = make('li');
  row.append(link);
  return row;
}
