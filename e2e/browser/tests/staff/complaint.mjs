// O9, S7: a complaint is filed, becomes a case, and is answered; supervisors read counts (R14.1, P-rights).
import assert from 'node:assert/strict';

import { desk, downloads, sends } from '../../desk.mjs';
import { DESKTOP } from '../../stage.mjs';

export function checks(check, made) {
  check('a complaint filed without a 网证 becomes a case and is answered', async (world) => {
    const numbers = [await complains(world), await complains(world), await complains(world)];
    const officer = await desk(world, 'cases');
    await officer.getByRole('link', { name: '投诉与案件' }).click();
    await officer.getByRole('link', { name: numbers[0] }).click();
    await officer.getByText('注册时还要上传身份证').waitFor();
    await sends(officer, 'open', { text: '两件投诉情况相同' });
    made.case = new URL(officer.url()).pathname;
    made.complaint = `/operator/complaints/${numbers[1]}`;
    await sends(officer, 'note', { text: '已向平台核实' });
    await sends(officer, 'measure', { measure: 'require_correction', until: '2027-01-20', text: '责令删除该步骤' });
    await officer.getByText('责令改正 · 2027-01-20 · 责令删除该步骤').waitFor();
    const bundle = JSON.parse(await downloads(officer, () => officer.locator('#evidence button').click()));
    assert.equal(bundle.format, 'wangzheng-evidence-1');
    await sends(officer, 'close', { outcome: 'corrected', text: '平台已删除该步骤' });
    await officer.getByText('已结案').first().waitFor();
    // Another stays open, for the pictures of what an officer can do.
    await officer.goto(`${world.issuer}/operator/complaints/${numbers[2]}`);
    await sends(officer, 'open', { text: '另案处理' });
    made.openCase = new URL(officer.url()).pathname;
    const supervisor = await desk(world, 'wangxin');
    await supervisor.goto(`${world.issuer}/supervisor/complaints`);
    await supervisor.getByText('<10').first().waitFor();
    assert.equal(await supervisor.getByText(numbers[0]).count(), 0);
  });
}

/** Files a complaint as anybody; its number. */
async function complains(world) {
  const page = await (await world.stage.profile({ viewport: DESKTOP })).page();
  await page.goto(`${world.issuer}/complain`);
  await page.locator('#field-platform').selectOption({ index: 1 });
  await page.locator('[name=kind][value=plaintext_demanded]').check();
  await page.locator('details summary', { hasText: '补充说明' }).click();
  await page.locator('#field-text').fill('注册时还要上传身份证');
  await page.getByRole('button', { name: '提交' }).click();
  const number = page.getByText(/^TS-?[A-Z0-9-]+$/).first();
  await number.waitFor();
  return (await number.innerText()).trim();
}
