// The rest of a key's life (P-recovery, P20, P21): a lost browser, a second device, a lock, a forgotten 口令.
import assert from 'node:assert/strict';

import { Person } from '../person.mjs';

export const title = 'lost, added, locked, forgotten';

export function checks(check) {
  check('a lost browser, with the recovery code: at once, and the record is readable', async (world) => {
    const old = await member(world);
    const person = await elsewhere(world, old);
    await recovers(person, old.recoveryCode);
    await verifies(world, person, { registered: true });
    const record = await person.readsHistory();
    assert.equal((record.match(/岚山论坛/g) ?? []).length, 2, 'both verifications are in the record');
    assert.match(record, /有人用证件找回了网证/);
  });

  check('a lost browser, without the code: the person is back, the old record stays closed', async (world) => {
    const old = await member(world);
    const person = await elsewhere(world, old);
    await recovers(person, '');
    await verifies(world, person, { registered: true });
    const record = await person.readsHistory();
    assert.equal((record.match(/岚山论坛/g) ?? []).length, 1);
    assert.match(record, /有 \d+ 条记录这台设备打不开/);
  });

  check('a wrong recovery code is refused, and changes nothing', async (world) => {
    const old = await member(world);
    const person = await elsewhere(world, old);
    person.profile.expects(/Failed to load resource/);
    await toDevicePage(person);
    await person.field('恢复码（没有就留空）').fill(old.recoveryCode.startsWith('A') ? `B${old.recoveryCode.slice(1)}` : `A${old.recoveryCode.slice(1)}`);
    await person.presses('在这台设备上找回');
    await person.reads('恢复码不对。可以再试，或留空，不用恢复码找回。');
    await old.opens('/');
    await old.title('我的网证');
  });

  check('a second device by code: four digits agree, and both approve', async (world) => {
    const old = await member(world);
    await old.opens('/me/devices');
    await old.title('设备与密钥');
    await old.presses('生成 8 位连接码');
    const code = await old.page.locator('#link-code').filter({ hasText: /\d/ }).innerText();

    const person = await elsewhere(world, old);
    await person.opens('/recover/link');
    await person.field('8 位连接码').fill(code);
    await person.presses('连接');
    const [here, there] = await Promise.all([person, old].map(({ page }) => page.locator('#check-digits').filter({ hasText: /\d/ }).innerText()));
    assert.match(here, /\d/);
    assert.equal(here, there, 'the two devices show different digits');
    await old.presses('一样，添加');
    await person.title('我的网证');

    await verifies(world, person, { registered: true });
    await verifies(world, old, { registered: true });
    assert.equal(((await person.readsHistory()).match(/岚山论坛/g) ?? []).length, 3);
  });

  check('a second device that is not mine: refused, and it gets nothing', async (world) => {
    const old = await member(world);
    await old.opens('/me/devices');
    await old.presses('生成 8 位连接码');
    const code = await old.page.locator('#link-code').filter({ hasText: /\d/ }).innerText();
    const stranger = await elsewhere(world, old);
    stranger.profile.expects(/Failed to load resource/);
    await stranger.opens('/recover/link');
    await stranger.field('8 位连接码').fill(code);
    await stranger.presses('连接');
    await old.page.locator('#check-digits').filter({ hasText: /\d/ }).waitFor();
    await old.presses('不一样');
    await stranger.reads('没有找到，可能已过期。');
    await stranger.opens('/');
    await stranger.title('上网证明身份，不交身份信息');
  });

  check('locked: nothing can be approved; unlocked with the 口令: again', async (world) => {
    const person = await member(world);
    person.profile.expects(/Failed to load resource/);
    await person.opens('/me/lock');
    await person.presses('马上锁定');
    await person.title('我的网证');
    await person.reads('网证已锁定，现在不能核验。');

    await world.forum.signsOut(person.page);
    await world.forum.signsIn(person.page);
    await person.title('是你本人在操作吗？');
    assert.equal(await person.page.getByRole('button', { name: '同意并核验' }).count(), 0, 'a locked 网证 is asked to approve');
    await person.refuses();
    await person.page.getByText('我们只知道没有通过，不知道原因').waitFor();

    await person.opens('/me/lock');
    await person.field('口令').fill(person.sandbox.pin);
    await person.presses('解锁');
    await person.title('我的网证');
    await verifies(world, person, { registered: true });
  });

  check('“not me”: refused and locked in one tap', async (world) => {
    const person = await member(world);
    await world.forum.signsOut(person.page);
    await world.forum.signsIn(person.page);
    await person.title('是你本人在操作吗？');
    await person.presses('不是我发起的：拒绝并锁定网证');
    await person.title('已拒绝并锁定');
    await person.opens('/');
    await person.reads('网证已锁定，现在不能核验。');
  });

  check('a forgotten 口令: the document again, and the new one counts', async (world) => {
    const person = await (await world.person()).applies();
    person.profile.expects(/Failed to load resource/);
    await person.opens('/me/pin');
    await person.provesDocument();
    await person.setsPin({ pin: '70415263' });
    await person.reads('口令已重设。');

    const platform = world.platform();
    await platform.listens(person.profile);
    const request = await platform.asks({ scenario: 'step-up' });
    await person.opens(request.url);
    await person.approves({ pin: person.sandbox.pin });
    await person.reads(/口令不对/);
    await person.approves({ pin: '70415263' });
    assert.ok((await platform.returned(person.page)).code);
  });
}

/** A person with a 网证 who is a member of the forum. */
async function member(world) {
  const person = await (await world.person()).applies();
  await verifies(world, person);
  return person;
}

/** The same human at another browser that knows nothing. */
async function elsewhere(world, person) {
  return new Person(await world.stage.profile(), world.issuer, person.sandbox);
}

async function verifies(world, person, { registered = false } = {}) {
  const page = (person.page ??= await person.profile.page());
  if (registered) {
    await page.context().clearCookies({ domain: '127.0.0.1' });
    await world.forum.signsIn(page);
    await person.approves();
    await world.forum.says(page, '已登录');
  } else {
    await world.forum.signsUp(page);
    await person.approves();
    await world.forum.says(page, '注册成功');
  }
}

async function toDevicePage(person) {
  await person.opens('/recover');
  await person.follows('重新核对证件');
  await person.provesDocument();
  await person.provesFace();
  await person.title('把网证放在这台设备上');
}

async function recovers(person, code) {
  await toDevicePage(person);
  await person.field('恢复码（没有就留空）').fill(code);
  await person.presses('在这台设备上找回');
  await person.title('找回成功');
  const kept = person.field('我已经保存好恢复码');
  if (await kept.isVisible()) await kept.check();
  await person.follows('去我的网证');
  await person.title('我的网证');
}
