// P14: the separate consent is a screen of its own; what is ticked leaves encrypted, what is not stays (R8.2, R10.1).
import assert from 'node:assert/strict';

import { disclosed } from '../../harness/disclosed.mjs';

export const title = 'separate consent';

const BOTH = ['name', 'document_number'];

export function checks(check) {
  check('one of two is ticked: the bank reads one, and the record names it without its value', async (world) => {
    const { person, bank, request } = await atTheBank(world);
    const { page } = person;
    await person.approves({ pin: person.sandbox.pin });
    await person.title('要不要提供这些信息？');
    const ticks = page.locator('[name=attribute]');
    assert.equal(await ticks.count(), 2);
    for (const tick of await ticks.all()) assert.equal(await tick.isChecked(), false, 'nothing is ticked before');
    // Masked: enough to know it, nothing for a glance over the shoulder.
    const shown = await page.locator('#separate').innerText();
    assert.ok(!shown.includes(person.sandbox.document.number), 'the number is covered');
    assert.ok(shown.includes(person.sandbox.document.number.at(-1)));
    assert.match(shown, /个人存款账户实名制规定/);
    assert.match(shown, /十年/);
    await page.locator('[name=attribute][value=document_number]').check();
    await person.presses('单独同意并提供');
    await bank.returned(page);
    const tokens = await bank.exchanges(request, page);
    const claims = await disclosed(world.issuer, bank.registered, tokens.claims());
    assert.deepEqual(claims, { document_number: person.sandbox.document.number });
    const record = await person.readsHistory();
    assert.match(record, /证件号码/);
    assert.ok(!record.includes(person.sandbox.document.number));
  });

  check('only the result: the other button is as large, and it is a pass', async (world) => {
    const { person, bank, request } = await atTheBank(world);
    const { page } = person;
    await person.approves({ pin: person.sandbox.pin });
    await person.title('要不要提供这些信息？');
    const [none, give] = await Promise.all(['#result-only', '#give'].map((button) => page.locator(button).boundingBox()));
    assert.ok(Math.abs(none.width - give.width) < 2 && Math.abs(none.height - give.height) < 2, 'equal size');
    await person.presses('单独同意并提供');
    await person.reads(/一项都没有勾选/);
    await person.presses('只给核验结果');
    await bank.returned(page);
    const tokens = await bank.exchanges(request, page);
    assert.equal(tokens.claims().verified_claims, undefined);
    assert.equal(tokens.authorization_details[0].result, 'pass');
  });

  check('an age marker shows its question and its answer, and is one tick', async (world) => {
    const person = await (await world.person()).applies();
    const { page } = person;
    const game = world.platform('game');
    await game.listens(person.profile);
    const request = await game.asks({ attributes: ['age_marker'] });
    await person.opens(request.url);
    await person.approves();
    await person.title('要不要提供这些信息？');
    assert.match(await page.locator('#separate').innerText(), /是否未满 18 周岁\s*否/);
    await page.locator('[name=attribute]').check();
    await person.presses('单独同意并提供');
    await game.returned(page);
    const tokens = await game.exchanges(request, page);
    const claims = await disclosed(world.issuer, game.registered, tokens.claims());
    assert.deepEqual(claims, { age_marker: { bracket: 'minor', holds: false } });
  });
}

async function atTheBank(world) {
  const person = await (await world.person()).applies();
  const bank = world.platform('bank');
  await bank.listens(person.profile);
  const request = await bank.asks({ attributes: BOTH });
  await person.opens(request.url);
  return { person, bank, request };
}
