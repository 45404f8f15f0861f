// Two `wangzheng serve` over one database file and one key file, behind a switch that gives every new connection to the
// other of them. Outside there is one issuer; which process answers, nobody can tell.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ARTEFACTS, BINARY, freePair } from '../harness/service.mjs';

/** Data of a demo, two processes on it, and the switch; ready when this resolves. */
export async function startTwo() {
  const port = await freePair();
  const data = mkdtempSync(join(tmpdir(), 'wangzheng-two-'));
  await run(['demo', '--quick', '--port', String(port), '--data', data]);
  const inner = await freePair();
  const processes = [];
  for (const each of [inner, inner + 1]) processes.push(await serve({ data, issuer: `http://localhost:${port}`, port: each }));
  const lines = await roundRobin(port, processes.map((process) => process.port));
  const stop = async () => {
    lines.close();
    await Promise.all(processes.map((process) => process.stop()));
    rmSync(data, { recursive: true, force: true });
  };
  return { data, stop, processes, wallet: `${BINARY} wallet`, served: lines.served };
}

/** `wangzheng serve` over the demo's database and keys. */
async function serve({ data, issuer, port }) {
  const config = join(data, `serve-${port}.toml`);
  writeFileSync(
    config,
    [
      `issuer = "${issuer}"`,
      'environment = "sandbox"',
      `listen = ["127.0.0.1:${port}"]`,
      '[database]',
      `url = "sqlite:${join(data, 'wangzheng.db')}"`,
      '[keys]',
      `file = "${join(data, 'keys')}"`,
      `passphrase_file = "${join(data, 'passphrase')}"`,
    ].join('\n'),
  );
  mkdirSync(ARTEFACTS, { recursive: true });
  const log = join(ARTEFACTS, `two-processes-${port}.log`);
  const child = spawn(BINARY, ['serve', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(sink, { end: false });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  const address = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    if (await fetch(`${address}/readyz`).then(({ ok }) => ok, () => false)) break;
    if (child.exitCode !== null || attempt > 300) throw new Error(`serve on ${port} does not start; see ${log}`);
    await sleep(100);
  }
  return { port, address, log, pid: child.pid, stop: () => (child.kill('SIGINT'), ended) };
}

/** Listens on `port`; connection after connection goes to the next of `targets`. */
function roundRobin(port, targets) {
  const served = targets.map(() => 0);
  let next = 0;
  const server = createServer((incoming) => {
    const target = next++ % targets.length;
    served[target] += 1;
    const outgoing = connect(targets[target], '127.0.0.1');
    incoming.pipe(outgoing).pipe(incoming);
    for (const end of [incoming, outgoing]) end.on('error', () => (incoming.destroy(), outgoing.destroy()));
  });
  return new Promise((resolve) => {
    server.listen(port, () => resolve({ served, close: () => server.close() }));
  });
}

function run(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(BINARY, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`wangzheng ${words[0]}: exit ${code}`))));
  });
}
