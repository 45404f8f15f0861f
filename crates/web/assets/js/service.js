// Calls to the service: JSON, in the page's language, with what can go wrong told apart.

import * as keystore from './keystore.js';
import { data, knows, moment, say, trouble } from './page.js';
import { learnClock, sign } from './statement.js';

const PATIENCE = 20_000;

/** A refusal or failure: `code` as the service names it, `network` when it could not be reached, `no_key` without device. */
export class Problem extends Error {
  constructor(code, status, body = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.body = body;
  }
}

/** Asks. */
export const get = (path) => call('GET', path);

/** Submits. */
export const post = (path, body) => call('POST', path, body);

async function call(method, path, body) {
  const headers = { accept: 'application/json', 'accept-language': document.documentElement.lang };
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Problem('network', 0);
  }
  learnClock(response.headers.get('date'));
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Problem(answer.code ?? `http_${response.status}`, response.status, answer);
}

/** This browser's device; a Problem `no_key` when there is none. */
export async function ownDevice() {
  const device = (await keystore.canKeep()) ? await keystore.device() : undefined;
  if (!device) throw new Problem('no_key', 0);
  return device;
}

/** A signed act of the device, posted to the path of its name or to the path given. A wrong clock is tried once more. */
export async function act(name, fields = {}, path = `/person/api/${name.replaceAll('_', '-')}`, beside = {}) {
  const device = await ownDevice();
  const attempt = async () => {
    const statement = await sign(device, 'wz-act+jwt', { ...fields, act: name });
    return post(path, { statement, ...beside });
  };
  try {
    return await attempt();
  } catch (problem) {
    if (problem instanceof Problem && problem.code.includes('stale')) return attempt();
    throw problem;
  }
}

/** Opens a session for the pages. */
export async function signIn() {
  const device = await ownDevice();
  const attempt = async () => post('/person/api/session', { statement: await sign(device, 'wz-session+jwt', {}) });
  try {
    await attempt();
  } catch (problem) {
    if (!(problem instanceof Problem) || !problem.code.includes('stale')) throw problem;
    await attempt();
  }
}

// Codes that mean the same to a person.
const SAME = {
  statement_invalid: 'statement',
  statement_stale: 'statement',
  statement_replayed: 'statement',
  device_keys: 'statement',
  registry_unavailable: 'busy',
  request_unknown: 'request',
  request_expired: 'request',
  request_taken: 'request',
  other_request: 'request',
  scenario_not_approved: 'request',
  suspended: 'not_usable',
  expired: 'not_usable',
  revoked: 'not_usable',
  consent_missing: 'started_again',
  notice_outdated: 'started_again',
  application_expired: 'started_again',
  document_malformed: 'document',
  document_no_match: 'document',
  document_not_read: 'document',
  document_lost: 'document_cancelled',
  guardian_needed: 'minor',
  too_young: 'minor',
  document_of_another: 'document',
  registry_says_otherwise: 'document',
  overtaken: 'not_in_state',
  code_stale: 'request',
  not_scanned: 'request',
  link_taken: 'not_found',
  link_not_claimed: 'not_found',
};
const NEXT = { already_holds: ['recover', '/recover'], device_unknown: ['recover', '/recover'], holds_none: ['apply', '/apply'] };

/** What went wrong in plain words. */
export function words(problem) {
  if (!(problem instanceof Problem)) return say('unexpected');
  if (problem.code === 'no_key' || problem.code === 'network') return say(problem.code);
  const key = `code.${SAME[problem.code] ?? problem.code}`;
  const until = problem.body.active_from;
  if (knows(key)) return say(key, { time: until ? moment(until) : '' });
  return `${say('unexpected')} ${say('reference', { reference: `WZ-${problem.code.toUpperCase().replaceAll('_', '-')}` })}`;
}

/** Shows what went wrong, and the next step where there is one. */
export function tell(problem) {
  const [text, href] = NEXT[problem.code] ?? (problem.code === 'no_key' ? ['recover', '/recover'] : []);
  trouble(words(problem), text && { text: say(text), href });
}

/** The issuer the page names. */
export const issuer = data.issuer;
