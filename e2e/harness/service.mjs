// Starts and stops the programs under test: `wangzheng demo`, or the control provider. One data folder each, free ports.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
  const arguments_ = ['demo', '--port', String(port), '--data', data, ...flags];
  const service = await started(name, BINARY, arguments_, data, `http://localhost:${port}/readyz`);
  return { ...service, port, issuer: `http://localhost:${port}`, platforms: `http://127.0.0.1:${port + 1}`, wallet: `${BINARY} wallet` };
}

/** npm `oidc-provider` with the demo's clients, as the control. */
export async function startControl() {
  const port = await freePair();
  const data = mkdtempSync(join(tmpdir(), 'wangzheng-control-'));
  const arguments_ = [PROVIDER, '--port', String(port), '--data', data];
  const service = await started('control', process.execPath, arguments_, data, `http://localhost:${port}/readyz`);
  return { ...service, port, issuer: `http://localhost:${port}`, wallet: `node ${join(HERE, 'control', 'wallet.mjs')}` };
}

/** Spawns, logs to the artefacts, waits until `ready` answers 200 and demo.json is there. */
async function started(name, program, words, data, ready) {
  mkdirSync(ARTEFACTS, { recursive: true });
  const log = join(ARTEFACTS, `${name}.log`);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = createWriteStream(log);
  child.stdout.pipe(sink, { end: false });
  child.stderr.pipe(sink, { end: false });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  const stop = async () => {
    child.kill('SIGINT');
    if ((await Promise.race([ended, sleep(10_000, 'late')])) === 'late') child.kill('SIGKILL');
    await ended;
    sink.end();
    rmSync(data, { recursive: true, force: true });
  };
  process.once('exit', () => child.kill('SIGKILL'));
  const deadline = Date.now() + 60_000;
  for (;;) {
    const state = await Promise.race([ended, sleep(150, 'running')]);
    if (state !== 'running') throw new Error(`${program} ${words.join(' ')} ended (${state}) before it was ready; see ${log}`);
    const answer = await fetch(ready).catch(() => undefined);
    if (answer?.ok && existsSync(join(data, 'demo.json'))) return { data, stop, log };
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${program} was not ready at ${ready} after 60 s; see ${log}`);
    }
  }
}

/** A port whose successor is free too. */
async function freePair() {
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
