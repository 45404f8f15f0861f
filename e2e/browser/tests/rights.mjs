// A person's own rights in the pages (P19, P24–P26): a copy that proves itself, a new 网号, withdrawal, leaving and staying.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { createLocalJWKSet, jwtVerify } from 'jose';

import { faultless, inspect } from '../inspection.mjs';

export const title = 'a copy, a new number, withdrawal, leaving';
export const flags = ['--leave-cooling-off', String(7 * 86_400)];

export function checks(check) {
  check('the copy of one\'s data: two files, and the service\'s signature over one', async (world) => {
    const person = await verified(world);
    const { page } = person;
    await person.opens('/me/data');
    await page.locator('#shared li').first().waitFor();
    const faults = await inspect(page, 'rights my data');
    const files = [];
    page.on('download', (file) => files.push(file));
    await person.field('口令').fill(person.sandbox.pin);
    await person.presses('生成并下载');
    await person.reads('已下载两个文件，请妥善保管。');
    for (let attempt = 0; attempt < 40 && files.length < 2; attempt += 1) await page.waitForTimeout(250);
    const text = async (ending) => {
      const file = files.find((each) => each.suggestedFilename().endsWith(ending));
      assert.ok(file, `no ${ending} among ${files.map((each) => each.suggestedFilename())}`);
      return readFile(await file.path(), 'utf8');
    };
    const copy = JSON.parse(await text('.json'));
    const { payload } = await jwtVerify(copy.signed, await receiptKeys(world.issuer), { typ: 'wz-export+jwt', issuer: world.issuer });
    assert.ok(JSON.stringify(payload).includes(person.sandbox.document.number), 'the copy is complete');
    assert.ok(copy.history.some((entry) => entry.text.split('.').length === 3), 'the receipts are in it');
    assert.match(await text('.html'), /岚山论坛/);
    faults.push(...(await inspect(page, 'rights my data copied')));
    faultless(faults);
  });

  check('a wrong 口令 gives no copy', async (world) => {
    const person = await (await world.person()).applies();
    person.profile.expects(/Failed to load resource/);
    await person.opens('/me/data');
    await person.field('口令').fill('19283746');
    await person.presses('生成并下载');
    await person.reads(/口令不对，还可以试 4 次/);
    await person.presses('限制处理');
    await person.reads('已限制处理。网证不回答任何平台。');
    faultless(await inspect(person.page, 'rights restricted'));
    await person.field('口令').last().fill(person.sandbox.pin);
    await person.presses('解除限制');
    await person.page.locator('#restrict').waitFor();
  });

  check('a new 网号, and the platform still knows its member', async (world) => {
    const person = await verified(world);
    await person.opens('/me/document');
    const faults = await inspect(person.page, 'rights my document');
    await person.field('口令').fill(person.sandbox.pin);
    await person.presses('更换网号');
    await person.reads(/已更换，新网号/);
    faults.push(...(await inspect(person.page, 'rights a new number')));
    await world.forum.signsOut(person.page);
    await world.forum.signsIn(person.page);
    await person.approves();
    await world.forum.says(person.page, '已登录');
    faultless(faults);
  });

  check('consent to a platform is withdrawn, and stays so until it is given again', async (world) => {
    const person = await verified(world);
    await person.opens('/me/consents');
    await person.page.locator('#platforms .card').first().waitFor();
    const faults = await inspect(person.page, 'rights consents');
    await person.presses('撤回');
    faults.push(...(await inspect(person.page, 'rights withdraw asks')));
    await person.presses('确定');
    await person.page.locator('[data-state]').first().waitFor();
    assert.match(await person.page.locator('[data-state]').first().innerText(), /已撤回/);
    faults.push(...(await inspect(person.page, 'rights withdrawn')));
    faultless(faults);
  });

  check('leaving begins, is thought over, and everything is as before', async (world) => {
    const person = await verified(world);
    person.profile.expects(/Failed to load resource/);
    await person.opens('/me/leave');
    const faults = await inspect(person.page, 'rights leave');
    await person.field('口令').fill(person.sandbox.pin);
    await person.presses('确认注销');
    await person.reads(/你已申请注销，网证已停用/);
    faults.push(...(await inspect(person.page, 'rights leaving')));
    await world.forum.signsOut(person.page);
    await world.forum.signsIn(person.page);
    await person.title('是你本人在操作吗？');
    assert.equal(await person.page.getByRole('button', { name: '同意并核验' }).count(), 0, 'nothing is verified meanwhile');
    await person.opens('/me/leave');
    await person.presses('撤回注销');
    await person.title('我的');
    await world.forum.signsIn(person.page);
    await person.approves();
    await world.forum.says(person.page, '已登录');
    faultless(faults);
  });
}

/** A person with a 网证 who is a member of the forum. */
async function verified(world) {
  const person = await (await world.person()).applies();
  await world.forum.signsUp(person.page);
  await person.approves();
  await world.forum.says(person.page, '注册成功');
  return person;
}

/** The keys by which the service signs receipts, as it publishes them. */
async function receiptKeys(issuer) {
  const { keys } = await (await fetch(`${issuer}/.well-known/wangzheng-keys`)).json();
  return createLocalJWKSet({ keys: keys.filter(({ purpose }) => purpose === 'receipt').map(({ jwk }) => jwk) });
}
