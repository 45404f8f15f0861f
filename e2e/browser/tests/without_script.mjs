// JavaScript off: every page is clear, and the way that leaves no mark works.
import assert from 'node:assert/strict';

import { secretsOf } from '../../harness/demo.mjs';

export const title = 'JavaScript off';

const NEEDS_SCRIPT = '这一步需要开启 JavaScript';

export function checks(check) {
  check('the first page reads, and says what needs a script', async (world) => {
    const page = await (await world.stage.profile({ scripts: false })).page();
    await page.goto(world.issuer);
    await page.getByRole('heading', { level: 1, name: '上网证明身份，不交身份信息' }).waitFor();
    await saysWhatIsMissing(page);
    await page.getByRole('link', { name: '申领网号网证' }).waitFor();
  });

  check('an application goes as far as the key, and says there what is missing', async (world) => {
    const page = await (await world.stage.profile({ scripts: false })).page();
    const { document, pin } = world.demo.person('resident2');
    await page.goto(`${world.issuer}/apply`);
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: '同意并继续' }).click();
    await page.locator(`input[name=kind][value=${document.kind}]`).check();
    await page.getByRole('button', { name: '继续', exact: true }).click();
    await page.getByLabel('姓名', { exact: true }).fill(document.holder);
    await page.getByLabel('证件号码', { exact: true }).fill(document.number);
    await page.getByLabel('出生日期', { exact: true }).fill(document.birth_date);
    if (document.valid_until) await page.getByLabel('有效期至', { exact: true }).fill(document.valid_until);
    await page.getByRole('button', { name: '核对证件' }).click();
    await page.getByRole('button', { name: '不用人脸，换一种方式' }).click();
    await page.getByLabel('口令', { exact: true }).fill(pin);
    await page.getByLabel('再输一次口令', { exact: true }).fill(pin);
    await page.getByRole('button', { name: '继续', exact: true }).click();
    await saysWhatIsMissing(page);
    for (const secret of secretsOf({ document, pin })) assert.ok(!page.url().includes(secret), 'a value is in the address');
  });

  check('a request reads, and choosing another way works', async (world) => {
    const profile = await world.stage.profile({ scripts: false });
    const platform = world.platform();
    await platform.listens(profile);
    const { url, state } = await platform.asks();
    const page = await profile.page();
    await page.goto(url);
    await page.getByText('岚山论坛').first().waitFor();
    await saysWhatIsMissing(page);
    await page.getByRole('link', { name: '换用其他方式' }).first().click();
    assert.deepEqual(await platform.returned(page), { error: 'access_denied', state, iss: world.issuer });
  });

  check('size, colours and language change without a script', async (world) => {
    const page = await (await world.stage.profile({ scripts: false })).page();
    await page.goto(world.issuer);
    await page.getByRole('button', { name: '最大' }).click();
    assert.equal(await page.locator('html').getAttribute('data-size'), 'largest');
    await page.getByRole('button', { name: 'English' }).click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  });
}

/** The page shows its `noscript` part. (Texts in it are not found by text: they are looked up by element.) */
async function saysWhatIsMissing(page) {
  const note = page.locator('noscript h2').first();
  await note.waitFor({ state: 'visible' });
  assert.equal(await note.textContent(), NEEDS_SCRIPT);
}
