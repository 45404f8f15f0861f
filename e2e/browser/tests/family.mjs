// The family in two browsers (P22, P23; R4.2–R4.4, R5.2): a guardian confirms for a child, refuses, takes back.
import assert from 'node:assert/strict';

import { agrees, appliesWith, member, readsCode, shownCode, waitingCard, walksToDevice } from '../family.mjs';
import { faultless, inspect } from '../inspection.mjs';

export const title = 'guardians and children in two browsers';
export const flags = ['--leave-cooling-off', String(7 * 86_400)];

export function checks(check) {
  let people;
  /** The mother and child13, who has applied with her; made once, by the check that needs them first. */
  const home = (world) => (people ??= (async () => {
    const mother = await member(world, 'mother');
    const child = await world.person({ name: 'child13', kept: true });
    child.profile.expects(/403/); // the service says that a guardian is needed
    mother.profile.expects(/403|404/);
    return { mother, child: await appliesWith(child, mother) };
  })());

  check('a child of 7 is refused, with the reason and what to do', async (world) => {
    const child = await world.person({ name: 'child7' });
    child.profile.expects(/422/);
    await child.opens('/apply');
    await child.provesDocument();
    await child.reads('未满 8 周岁，暂不提供服务。');
    faultless(await inspect(child.page, 'family child of 7'));
  });

  check('17, no guardian has a 网证 yet: cancelled, nothing is kept, and the code is worth nothing', async (world) => {
    const teen = await world.person({ name: 'teen17' });
    const stranger = await (await world.person()).applies();
    teen.profile.expects(/403/);
    stranger.profile.expects(/403|404/);
    await walksToDevice(teen);
    await teen.presses('申领网号网证');
    const shown = await shownCode(teen);
    const faults = await inspect(teen.page, 'family child waits for the code');
    await stranger.opens('/family');
    await stranger.field('8 位确认码').fill(shown.code);
    await stranger.presses('看看要确认什么');
    await stranger.reads(/登记中你不是这个孩子的监护人/);
    faults.push(...(await inspect(stranger.page, 'family stranger with a code')));
    await teen.presses('不等了');
    await teen.page.locator('#bind').waitFor();
    await stranger.presses('看看要确认什么');
    await stranger.reads('没有找到，可能已过期。');
    faultless(faults);
  });

  check('13, with the mother, who reads the notice and signs: afterwards both see who belongs together', async (world) => {
    const { mother, child } = await home(world);
    await mother.opens('/family');
    await mother.reads(/起满 14 周岁/);
    const faults = await inspect(mother.page, 'family of a mother');
    await child.opens('/family');
    await child.reads(/可以为你确认/);
    faults.push(...(await inspect(child.page, 'family of a child')));
    faultless(faults);
  });

  check('13: each use waits for a guardian, who says no, once, always, and takes it back', async (world) => {
    const { mother, child } = await home(world);
    const faults = [];
    // No.
    await world.forum.signsUp(child.page);
    await child.reads(/你同意以后，还要监护人同意/);
    faults.push(...(await inspect(child.page, 'family approval of a child')));
    await child.approves();
    await child.reads('已经告诉监护人');
    faults.push(...(await inspect(child.page, 'family approval waits')));
    await waitingCard(mother);
    faults.push(...(await inspect(mother.page, 'family request for the mother')));
    await mother.presses('不同意');
    await child.page.getByText('我们只知道没有通过，不知道原因').waitFor();
    // Once; her page shows it by itself.
    await world.forum.signsUp(child.page);
    await child.approves();
    await mother.page.locator('#waiting .card').first().waitFor();
    await mother.presses('只同意这一次');
    await world.forum.says(child.page, '注册成功');
    // Always.
    await again(world, child);
    await waitingCard(mother);
    await mother.presses('这个平台以后都同意');
    await world.forum.says(child.page, '已登录');
    await again(world, child);
    await world.forum.says(child.page, '已登录');
    await mother.opens('/family');
    await mother.reads('岚山论坛');
    faults.push(...(await inspect(mother.page, 'family standing consent')));
    await mother.page.locator('#standing').getByRole('button').click();
    await mother.reads('没有长期同意');
    await again(world, child);
    await child.reads('已经告诉监护人');
    await child.presses('不等了，拒绝这次核验');
    await child.page.getByText('我们只知道没有通过，不知道原因').waitFor();
    faultless(faults);
  });

  check('13: a forgotten 口令, with the mother', async (world) => {
    const { mother, child } = await home(world);
    await child.opens('/me/pin');
    await child.provesDocument();
    await child.setsPin({ pin: '70415263' });
    const shown = await shownCode(child);
    const faults = await inspect(child.page, 'family new pin waits');
    await readsCode(mother, shown);
    await mother.reads('重设口令');
    faults.push(...(await inspect(mother.page, 'family code for a new pin')));
    await mother.presses('不同意');
    await mother.reads('已拒绝。孩子的设备会收到，什么都不会办理。');
    await child.reads(/监护人没有同意/);
    await child.presses('继续');
    await agrees(mother, await shownCode(child));
    await child.reads('口令已重设。');
    faults.push(...(await inspect(child.page, 'family new pin set')));
    faultless(faults);
  });

  check('13: her record says what she decided, for which platform; the child is masked', async (world) => {
    const { mother, child } = await home(world);
    await asked(world, child);
    await child.approves();
    await waitingCard(mother);
    await mother.presses('只同意这一次');
    await child.page.waitForURL((url) => url.origin === world.forum.origin);
    const record = async () => {
      await mother.opens('/history');
      await mother.page.locator('#days a').first().waitFor();
      return mother.page.locator('main').innerText();
    };
    for (let attempt = 0; attempt < 10 && !/同意了一次核验/.test(await record()); attempt += 1) await mother.page.waitForTimeout(500);
    assert.match(await record(), /为孩子 王\* 同意了一次核验/);
    assert.match(await record(), /为孩子 王\* 签名：申领网号网证/);
    const faults = await inspect(mother.page, 'family record of the mother');
    await mother.page.locator('#days a', { hasText: '同意了一次核验' }).first().click();
    await mother.title('记录详情');
    await mother.reads(/岚山论坛/);
    faults.push(...(await inspect(mother.page, 'family record entry')));
    await mother.page.goto(`${world.issuer}/history`);
    await mother.page.locator('#kind').selectOption('child');
    await mother.reads(/为孩子 王/);
    faultless(faults);
  });

  check('13: the mother decides about the notices, and withdraws from a platform', async (world) => {
    const { mother, child } = await home(world);
    const faults = [];
    await mother.opens('/family/notices');
    await mother.title('孩子的告知与同意');
    faults.push(...(await inspect(mother.page, 'family notices of a child')));
    const withdraw = mother.page.getByRole('button', { name: '撤回同意' });
    await withdraw.last().click();
    await mother.reads('已撤回，网证停用。想删除信息，请再办注销。');
    await child.opens('/me/notices');
    await child.reads(/有告知等监护人看过再决定/);
    await child.reads(/由监护人替你决定/);
    assert.equal(await child.page.getByRole('button', { name: /同意/ }).count(), 0, 'the child is asked');
    faults.push(...(await inspect(child.page, 'family notices seen by the child')));
    await asked(world, child);
    await child.reads(/请监护人先到“家人”里看过/);
    await mother.opens('/');
    await mother.reads(/孩子有告知等你看过再决定/);
    await mother.follows('去看看');
    const agree = mother.page.locator('section', { hasText: '你已经撤回同意' }).getByRole('button', { name: '我已看过，同意' });
    await agree.click();
    await agree.waitFor({ state: 'detached' });
    // Her own copies name the platforms; the child alone withdraws from none.
    await child.opens('/me/consents');
    await child.page.locator('#platforms').getByRole('button', { name: '撤回', exact: true }).first().click();
    await child.presses('确定');
    await child.reads(/由监护人决定/);
    await mother.opens('/family');
    await mother.page.locator('#uses button').first().click();
    await mother.reads('已撤回，平台会收到通知。');
    faults.push(...(await inspect(mother.page, 'family platforms of a child')));
    faultless(faults);
  });

  check('the only guardian of a child does not leave', async (world) => {
    const { mother } = await home(world);
    await mother.opens('/me/leave');
    await mother.reads('你还是孩子的唯一监护人');
    assert.equal(await mother.page.getByRole('button', { name: '确认注销' }).count(), 0);
    faultless(await inspect(mother.page, 'family a guardian cannot leave'));
  });

  check('the family in elder mode and in English', async (world) => {
    const { mother, child } = await home(world);
    const faults = [];
    for (const [look, display, elder] of [['elder', { mode: 'elder' }, true], ['English', { mode: 'standard', language: 'en' }, false]]) {
      for (const person of [mother, child]) {
        await person.profile.wears(world.issuer, display);
        person.speaks(display.language ?? 'zh-CN');
      }
      await asked(world, child);
      await child.approves();
      await child.reads('等监护人决定');
      faults.push(...(await inspect(child.page, `family ${look} approval waits`, { elder })));
      await waitingCard(mother);
      faults.push(...(await inspect(mother.page, `family ${look} request`, { elder })));
      await mother.presses('不同意');
      await child.page.waitForURL((url) => url.origin === world.forum.origin);
      await child.opens('/me/pin');
      await child.provesDocument();
      await child.setsPin({ pin: '70415263' });
      const shown = await shownCode(child);
      faults.push(...(await inspect(child.page, `family ${look} child waits for the code`, { elder })));
      await readsCode(mother, shown);
      faults.push(...(await inspect(mother.page, `family ${look} code`, { elder })));
      await mother.presses('不同意', mother.page);
      await mother.opens('/family/notices');
      faults.push(...(await inspect(mother.page, `family ${look} notices`, { elder })));
      await child.opens('/family');
      faults.push(...(await inspect(child.page, `family ${look} of a child`, { elder })));
    }
    for (const person of [mother, child]) {
      await person.profile.wears(world.issuer, { mode: 'standard', language: 'zh-CN' });
      person.speaks('zh-CN');
    }
    faultless(faults);
  });

  check('16, with the father: he confirms, which is no consent, and uses need nobody', async (world) => {
    const father = await member(world, 'father', { kept: false });
    const teen = await world.person({ name: 'teen16' });
    teen.profile.expects(/403/);
    await appliesWith(teen, father, { consent: false });
    await world.forum.signsUp(teen.page);
    await teen.approves();
    await world.forum.says(teen.page, '注册成功');
    await father.opens('/family');
    await father.reads(/起满 18 周岁/);
    faultless(await inspect(father.page, 'family of a father'));
  });
}

async function again(world, child) {
  await world.forum.signsOut(child.page);
  await world.forum.signsIn(child.page);
  await child.approves();
}

/** Before a request of the forum, which does not know this browser. */
async function asked(world, child) {
  await child.page.context().clearCookies({ domain: '127.0.0.1' });
  await world.forum.signsUp(child.page);
}
