// The desks: a key file and a password, acts of two persons signed in the browser, a supervisor who only reads.
import assert from 'node:assert/strict';

import { faultless, inspect } from '../inspection.mjs';
import { DESKTOP, PHONE } from '../stage.mjs';

export const title = 'staff, supervisors, platforms';

export function checks(check) {
  check('two reviewers suspend a platform and lift it, each signing in the browser', async (world) => {
    const [one, two] = [await desk(world, 'reviewer1'), await desk(world, 'reviewer2')];
    await one.goto(`${world.issuer}/operator/platforms/greedy`);
    await one.getByLabel('原因（只能从清单中选）').selectOption('over_asking');
    await one.getByLabel('事实与说明').fill('三次越权索取');
    await one.getByRole('button', { name: '签名并提出' }).click();
    await one.waitForURL(/\/operator\/proposals\//);
    await one.getByText('这是你提出的，要由另一人确认。').waitFor();
    await two.goto(`${world.issuer}/operator`);
    await two.getByRole('link', { name: /暂停平台/ }).click();
    await two.locator('#confirm').getByRole('button').click();
    await two.waitForURL(`${world.issuer}/operator`);
    await two.goto(`${world.issuer}/operator/platforms/greedy`);
    await two.getByText(/已暂停 · 超范围索取/).waitFor();
    await two.getByLabel('事实与说明').fill('已整改');
    await two.getByRole('button', { name: '签名并提出' }).click();
    await two.waitForURL(/\/operator\/proposals\//);
    await one.goto(two.url());
    await one.locator('#confirm').getByRole('button').click();
    await one.waitForURL(`${world.issuer}/operator`);
    await one.goto(`${world.issuer}/operator/platforms/greedy`);
    assert.equal(await one.getByText(/已暂停 · 超范围索取/).count(), 0);
  });

  check('a key stays in the browser: the second sign-in needs no file, and nothing can export it', async (world) => {
    const page = await desk(world, 'cases');
    const exported = await page.evaluate(async () => {
      const opened = await new Promise((resolve) => {
        const asked = indexedDB.open('wangzheng-staff', 1);
        asked.onsuccess = () => resolve(asked.result);
      });
      const key = await new Promise((resolve) => {
        const asked = opened.transaction('key').objectStore('key').get('cases');
        asked.onsuccess = () => resolve(asked.result);
      });
      return crypto.subtle.exportKey('jwk', key).then(() => true, () => false);
    });
    assert.equal(exported, false);
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('heading', { name: '工作人员登录' }).waitFor();
    await fill(page, world, 'cases');
    await page.getByRole('heading', { name: '待办' }).waitFor();
  });

  check('every page of every desk, on a desktop and on a phone', async (world) => {
    const faults = [];
    const pages = {
      reviewer1: ['/operator', '/operator/platforms', '/operator/platforms/bank'],
      cases: ['/operator/persons'],
      sysadmin: ['/operator/people'],
      auditor: ['/operator/audit'],
      wangxin: ['/supervisor', '/supervisor/platforms', '/supervisor/platforms/bank', '/supervisor/log'],
      'bank-member': ['/platform', '/platform/scenario', '/platform/registration'],
    };
    for (const [login, paths] of Object.entries(pages)) {
      const page = await desk(world, login);
      for (const viewport of [DESKTOP, PHONE]) {
        await page.setViewportSize(viewport);
        for (const path of paths) {
          await page.goto(world.issuer + path);
          faults.push(...(await inspect(page, `staff ${login} ${path} ${viewport.width}`)));
        }
      }
    }
    faultless(faults);
  });
}

/** A desktop at which a member of staff has signed in. */
async function desk(world, login) {
  const profile = await world.stage.profile({ viewport: DESKTOP });
  const page = await profile.page();
  await page.goto(`${world.issuer}/staff/sign-in`);
  const key = JSON.stringify(world.demo.staff.find((staff) => staff.login === login).private_jwk);
  const file = { name: `${login}.jwk`, mimeType: 'application/json', buffer: Buffer.from(key) };
  await page.getByLabel('密钥文件').setInputFiles(file);
  await fill(page, world, login);
  await page.waitForURL(/\/(operator|supervisor|platform)$/);
  return page;
}

async function fill(page, world, login) {
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码').fill(world.demo.staff.find((staff) => staff.login === login).password);
  await page.getByRole('button', { name: '工作人员登录' }).click();
}
