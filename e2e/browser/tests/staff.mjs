// The desks: a key file and a password, acts of two persons signed in the browser, a supervisor who only reads.
import assert from 'node:assert/strict';

import { desk, signsIn } from '../desk.mjs';
import { faultless, inspect } from '../inspection.mjs';
import { DESKTOP, PHONE } from '../stage.mjs';
import * as complaint from './staff/complaint.mjs';
import * as incident from './staff/incident.mjs';
import * as legalRequest from './staff/legal_request.mjs';
import * as notice from './staff/notice.mjs';
import * as withdrawal from './staff/withdrawal.mjs';

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
    await signsIn(page, world, 'cases');
    await page.getByRole('heading', { name: '待办' }).waitFor();
  });

  const made = {};
  for (const story of [incident, notice, complaint, legalRequest, withdrawal]) story.checks(check, made);

  check('every page of every desk, on a desktop and on a phone', async (world) => {
    const faults = [];
    const watched = [made.incident, made.drill].map((path) => path.replace('/operator/', '/supervisor/'));
    const pages = {
      secadmin: ['/operator/incidents', made.incident, made.drill, '/operator/notices', made.request],
      reviewer1: ['/operator', '/operator/platforms', '/operator/platforms/bank', '/operator/notices', made.notice, made.publication],
      cases: ['/operator/persons', '/operator/complaints', made.complaint, made.case, made.openCase, '/operator/legal-requests', made.request],
      sysadmin: ['/operator/people'],
      auditor: ['/operator/audit', '/operator/complaints', '/operator/legal-requests'],
      wangxin: [
        '/supervisor', '/supervisor/platforms', '/supervisor/platforms/bank', '/supervisor/log', '/supervisor/incidents', ...watched,
        '/supervisor/complaints', '/supervisor/legal-requests',
      ],
      'bank-member': ['/platform', '/platform/withdrawals', '/platform/scenario', '/platform/registration'],
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
