// Calls to the service: JSON, in the page's language, with what can go wrong told apart.

import * as keystore from './keystore.js';
import { data, say, trouble } from './page.js';
import { learnClock, sign } from './statement.js';

const PATIENCE = 20_000;

/** A refusal or failure: `code` as the service names it, `network` when it could not be reached, `no_key` without device. */
export class Problem extends Error {
  constructor(code, status, body = {}) {
    super(body.detail ?? code);
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

/** Shows what went wrong: the service's own words, or ours where it could not speak. */
export function tell(problem) {
  if (!(problem instanceof Problem)) {
    trouble(say('unexpected'));
    return;
  }
  if (problem.code === 'no_key') {
    trouble(say('no_key'), { text: say('recover'), href: '/recover' });
    return;
  }
  if (problem.code === 'network') {
    trouble(say('network'));
    return;
  }
  const words = problem.body.detail ?? say('unexpected');
  const reference = problem.body.reference ? ` ${say('reference', { reference: problem.body.reference })}` : '';
  trouble(words + reference);
}

/** The issuer the page names. */
export const issuer = data.issuer;
