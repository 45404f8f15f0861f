#!/usr/bin/env node
// Stands in for `wangzheng wallet approve` where the control provider is under test: same arguments, same answer.
//
//   node control/wallet.mjs approve --person resident [--deny] [--json] URL    → {"redirect": "http://…?code=…"}
import { parseArgs } from 'node:util';

const { values: option, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    person: { type: 'string' },
    data: { type: 'string' },
    deny: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [verb, start] = positionals;
if (verb !== 'approve' || !start || !option.person) {
  console.error('usage: wallet.mjs approve --person NAME [--deny] [--json] URL');
  process.exit(2);
}

const { origin } = new URL(start);
const cookies = new Map();
let url = start;
for (let hop = 0; hop < 12; hop += 1) {
  const decides = new URL(url).pathname.startsWith('/interaction/');
  const response = await fetch(url, {
    method: decides ? 'POST' : 'GET',
    redirect: 'manual',
    headers: {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(decides && { 'content-type': 'application/json' }),
    },
    body: decides ? JSON.stringify({ person: option.person, decision: option.deny ? 'refuse' : 'approve' }) : undefined,
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
    if (value) cookies.set(name, value);
    else cookies.delete(name);
  }
  const location = response.headers.get('location');
  if (!location) {
    console.error(`refused by the provider: ${response.status} ${(await response.text()).slice(0, 300)}`);
    process.exit(1);
  }
  url = new URL(location, url).href;
  if (new URL(url).origin !== origin) {
    console.log(option.json ? JSON.stringify({ redirect: url }) : url);
    process.exit(0);
  }
}
console.error('the provider redirects without end');
process.exit(3);
