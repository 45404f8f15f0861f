// A desk: a browser at which a member of staff has signed in with key file and password.
import { DESKTOP } from './stage.mjs';

/** A desktop at which this member of staff has signed in; the page's profile is `page.profile`. */
export async function desk(world, login) {
  const profile = await world.stage.profile({ viewport: DESKTOP });
  const page = await profile.page();
  page.profile = profile;
  await page.goto(`${world.issuer}/staff/sign-in`);
  const key = JSON.stringify(world.demo.staff.find((staff) => staff.login === login).private_jwk);
  const file = { name: `${login}.jwk`, mimeType: 'application/json', buffer: Buffer.from(key) };
  await page.getByLabel('密钥文件').setInputFiles(file);
  await signsIn(page, world, login);
  await page.waitForURL(/\/(operator|supervisor|platform)$/);
  return page;
}

/** Types login and password; the key is in the browser already, or chosen. */
export async function signsIn(page, world, login) {
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码').fill(world.demo.staff.find((staff) => staff.login === login).password);
  await page.getByRole('button', { name: '工作人员登录' }).click();
}

/** Fills a form of a desk by the names of its fields and presses its button; waits for the next page. */
export async function sends(page, form, values = {}) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`#${form} [name="${name}"]`);
    const kind = await field.evaluate((element) => element.type);
    if (kind === 'checkbox') await field.setChecked(value);
    else if (kind === 'select-one') await field.selectOption(value);
    else await field.fill(value);
  }
  const before = page.url();
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.locator(`#${form} button`).click();
  await answered;
  await page.waitForLoadState('load');
  return before;
}

/** Signs what a form offers; the address of the proposal it became. */
export async function proposes(page, form, values = {}) {
  await sends(page, form, values);
  await page.waitForURL(/\/operator\/proposals\//);
  return page.url();
}

/** Signs the second half of a proposal. */
export async function confirms(page, proposal) {
  await page.goto(proposal);
  await page.locator('#confirm button').click();
  await page.waitForURL(/\/operator$/);
}

/** Puts a file aside that a page offers; its text. */
export async function downloads(page, press) {
  const waiting = page.waitForEvent('download');
  await press();
  const file = await waiting;
  const stream = await file.createReadStream();
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
