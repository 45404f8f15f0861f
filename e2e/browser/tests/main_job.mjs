// The main job (issue: "Real browser"): apply, approve, and the forum learns only the answer; refuse, and it costs nothing.
import assert from 'node:assert/strict';

import { secretsOf } from '../../harness/demo.mjs';

export const title = 'apply, approve, refuse';

export function checks(check) {
  check('apply → approve on the forum → verified → the record shows it', async (world) => {
    const person = await (await world.person()).applies({ face: true });
    const { page } = person;
    await world.forum.signsUp(page);
    await person.reads(/岚山论坛/);
    await person.approves();
    await world.forum.says(page, '注册成功');
    const record = await person.readsHistory();
    assert.match(record, /岚山论坛/);
    assert.match(record, /已同意/);
  });

  check('the record proves itself against the public log', async (world) => {
    const person = await (await world.person()).applies();
    const { page } = person;
    await world.forum.signsUp(page);
    await person.approves();
    await world.forum.says(page, '注册成功');
    await person.readsHistory();
    await page.locator('#days').getByRole('link').first().click();
    await person.title('记录详情');
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await person.presses('核对这份凭据');
      await person.reads(/核对通过|还没有写进公开日志|核对不通过/);
      if (!(await page.getByText('还没有写进公开日志').isVisible())) break;
      await page.waitForTimeout(1_500);
    }
    await person.reads(/核对通过/);
  });

  check('sign in again with one tap: the forum knows its member', async (world) => {
    const person = await (await world.person()).applies();
    const { page } = person;
    await world.forum.signsUp(page);
    await person.approves();
    await world.forum.says(page, '注册成功');
    await world.forum.signsOut(page);
    await world.forum.signsIn(page);
    await person.approves();
    await world.forum.says(page, '已登录');
  });

  check('a suspicious account is verified again, with 口令', async (world) => {
    const person = await (await world.person()).applies();
    const { page } = person;
    await world.forum.signsUp(page);
    await person.approves();
    await world.forum.says(page, '注册成功');
    await world.forum.stepsUp(page);
    await person.approves({ pin: person.sandbox.pin });
    await world.forum.says(page, '账号已恢复正常');
  });

  check('the page beside the forum shows what it received, and nothing of it is personal', async (world) => {
    const person = await (await world.person()).applies();
    const { page } = person;
    await world.forum.signsUp(page);
    await person.approves();
    await world.forum.says(page, '注册成功');
    const received = await world.forum.showsReceived(page);
    assert.match(received, /"result"\s*:\s*"pass"/);
    assert.match(received, /further_plaintext/);
    for (const secret of secretsOf(person.sandbox)) {
      assert.ok(!received.includes(secret), 'a value of the person is among what the forum received');
    }
  });

  check('refuse → the forum offers its other way, and the record shows it', async (world) => {
    const person = await (await world.person()).applies();
    const { page } = person;
    await world.forum.signsUp(page);
    await person.refuses();
    await world.forum.takesOtherWay(page);
    const record = await person.readsHistory();
    assert.match(record, /岚山论坛/);
    assert.match(record, /已拒绝/);
  });

  check('another way → the forum offers it, and no mark is left', async (world) => {
    const person = await (await world.person()).applies();
    const { page } = person;
    await world.forum.signsUp(page);
    await person.title('是你本人在操作吗？');
    await person.follows('换用其他核验方式');
    await world.forum.takesOtherWay(page);
    assert.match(await person.readsHistory(), /还没有使用记录/);
  });

  check('without a 网证 the other ways stand beside it', async (world) => {
    const profile = await world.stage.profile();
    const page = await profile.page();
    await world.forum.signsUp(page);
    await page.getByRole('heading', { level: 1, name: '怎样证明是你本人？' }).waitFor();
    await page.getByRole('link', { name: '换用其他方式' }).click();
    await world.forum.takesOtherWay(page);
  });
}
