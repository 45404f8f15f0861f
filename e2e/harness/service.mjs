// Starts and stops the programs under test: `wangzheng demo`, or the control provider. One data folder each, free ports.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('..', import.meta.url));
export const ARTEFACTS = join(HERE, 'artefacts');
const PROVIDER = join(HERE, 'control', 'provider.mjs');

/** Path of the binary under test: WANGZHENG_BIN, or the release build of this checkout. */
export const BINARY = resolve(process.env.WANGZHENG_BIN ?? join(HERE, '..', 'target', 'release', 'wangzheng'));

/**
 * `wangzheng demo` on two free ports (service, platforms) over a fresh data folder; ready when this resolves.
 * `flags` are added to the command line, e.g. `['--request-life', '3']`.
 */
export async function startDemo({ name = 'demo', flags = [] } = {}) {
  if (!existsSync(BINARY)) throw new Error(`no binary at ${BINARY}: build it, or set WANGZHENG_BIN`);
  const port = await freePair();
  const data = mkdtempSync(join(tmpdir(), 'wangzheng-e2e-'));
  const words = ['demo', '--json', '--port', String(port), '--data', data, ...flags];
  const service = await started(name, BINARY, words, data, '"ready":true'); // after the walk in the terminal
  return { ...service, port, issuer: `http://localhost:${port}`, platforms: `http://127.0.0.1:${port + 1}`, wallet: `${BINARY} wallet` };
}

/** npm `oidc-provider` with the demo's clients, as the control. */
export async function startControl() {
  const port = await freePair();
  const data = mkdtempSync(join(tmpdir(), 'wangzheng-control-'));
  const words = [PROVIDER, '--port', String(port), '--data', data];
  const service = await started('control', process.execPath, words, data, 'control provider at');
  return { ...service, port, issuer: `http://localhost:${port}`, wallet: `node ${join(HERE, 'control', 'wallet.mjs')}` };
}

/** Spawns, logs to the artefacts, and waits until the program has printed `ready`. */
async function started(name, program, words, data, ready) {
  mkdirSync(ARTEFACTS, { recursive: true });
  const log = join(ARTEFACTS, `${name}.log`);
  const sink = createWriteStream(log);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  const isReady = new Promise((resolve) => {
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        sink.write(chunk);
        if (printed.length < 100_000) printed += chunk;
        if (printed.includes(ready)) resolve('ready');
      });
    }
  });
  const stop = async () => {
    child.kill('SIGINT');
    if ((await Promise.race([ended, sleep(10_000, 'late', { ref: false })])) === 'late') kill();
    await ended;
    process.off('exit', kill);
    sink.end();
    rmSync(data, { recursive: true, force: true });
  };
  const state = await Promise.race([isReady, ended, sleep(60_000, 'late', { ref: false })]);
  if (state === 'ready') return { data, stop, log };
  await stop();
  throw new Error(`${program} ${words.join(' ')}: ${state === 'late' ? 'not ready after 60 s' : `ended (${state})`}; see ${log}`);
}

/**
 * What should not be in a service's log: errors of ours, panics, and values of these persons (R8.1). One line each.
 */
export function faultsInLog(log, secrets) {
  const lines = readFileSync(log, 'utf8').split('\n');
  const faults = lines.filter((line) => /"level":"ERROR"|panicked at/.test(line));
  const personal = lines.filter((line) => secrets.some((secret) => line.includes(secret))).map(() => 'a personal value is in the log');
  return [...new Set([...faults.map((line) => line.replace(/"timestamp":"[^"]*",?/, '').slice(0, 300)), ...personal])];
}

/** A port whose successor is free too. */
export async function freePair() {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = 20_000 + 2 * Math.floor(Math.random() * 6_000); // below the range the kernel hands out
    if ((await free(port)) && (await free(port + 1))) return port;
  }
  throw new Error('no two neighbouring ports are free');
}

function free(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
