// O5, S5: an incident from record to closing on its page; a drill beside it; the supervisor reads (R12.3, R3.1).
import assert from 'node:assert/strict';

import { desk, downloads, sends } from '../../desk.mjs';

const RECORD = {
  kind: 'data',
  title: '备份介质遗失',
  title_en: 'A back-up medium was lost',
  scope: 'service',
  persons: '1000000',
};
const CONTENTS = {
  kinds: '加密的登记信息',
  kinds_en: 'Encrypted registration data',
  cause: '运输途中遗失一份备份介质',
  cause_en: 'A back-up medium was lost in transit',
  harm: '介质已加密，可能的影响很小',
  harm_en: 'It is encrypted; harm is unlikely',
  measures: '已更换密钥；你可以更换口令',
  measures_en: 'Keys were replaced; you can change your PIN',
  contact: '电话 12345',
  contact_en: 'Phone 12345',
};

export function checks(check, made) {
  check('an incident is recorded, assessed, reported, told and closed on its page', async (world) => {
    const leader = await desk(world, 'secadmin');
    await leader.goto(`${world.issuer}/operator/incidents`);
    await sends(leader, 'record', RECORD);
    made.incident = new URL(leader.url()).pathname;
    await leader.getByText('较大').first().waitFor();
    await leader.locator('td', { hasText: '向主管部门报告' }).waitFor();
    await sends(leader, 'assess', { persons: '10000000' });
    await leader.getByText('重大', { exact: true }).first().waitFor();
    await sends(leader, 'report');
    await sends(leader, 'forward');
    await sends(leader, 'plan', { step: 'contain' });
    await sends(leader, 'prepare', CONTENTS);
    await leader.getByText('安全事件告知：备份介质遗失').waitFor();
    await leader.getByText('Incident notice: A back-up medium was lost').waitFor();
    await leader.getByText(/将通知本服务的每一个人/).waitFor();
    await sends(leader, 'tell');
    await leader.getByText(/正在告知/).waitFor();
    await sends(leader, 'close', { summary: '已找回介质。', summary_en: 'The medium was found.' });
    await leader.getByText('已关闭').first().waitFor();
    const report = JSON.parse(await downloads(leader, () => leader.getByRole('link', { name: '下载报告（签名）' }).click()));
    assert.equal(report.readable.incident.level, 'major');
    assert.equal(report.report.split('.').length, 3, 'signed');
    await sends(leader, 'summarise');
    assert.equal(await leader.locator('#summarise').count(), 0);
  });

  check('a drill says so on every page, and the supervisor reads it without a form', async (world) => {
    const leader = await desk(world, 'secadmin');
    await leader.goto(`${world.issuer}/operator/incidents`);
    await sends(leader, 'record', { ...RECORD, drill: 'yes', title: '断电演练', title_en: 'Power drill' });
    made.drill = new URL(leader.url()).pathname;
    await leader.getByRole('heading', { level: 1, name: '【演练】断电演练' }).waitFor();
    await sends(leader, 'prepare', CONTENTS);
    await leader.getByText(/演练，不会通知任何人/).waitFor();
    const supervisor = await desk(world, 'wangxin');
    await supervisor.getByRole('link', { name: '安全事件' }).click();
    await supervisor.getByRole('link', { name: '断电演练' }).click();
    await supervisor.getByRole('heading', { level: 1, name: '【演练】断电演练' }).waitFor();
    assert.equal(await supervisor.locator('main form').count(), 0);
    await supervisor.getByText('只读').first().waitFor();
  });

  check('a role without the right is told whose page it is', async (world) => {
    const page = await desk(world, 'reviewer1');
    page.profile.expects(/status of 403/);
    await page.goto(`${world.issuer}/operator/incidents`);
    await page.getByRole('heading', { level: 1, name: '不是你的岗位' }).waitFor();
    await page.getByText(/安全管理员/).waitFor();
  });
}
