// H2: a desktop without the key, a phone with it. Rotating code, number match, and the answer only to that desktop.
import assert from 'node:assert/strict';

import { readCode } from '../code.mjs';
import { DESKTOP } from '../stage.mjs';

export const title = 'desktop and phone';

export function checks(check) {
  check('scan, pick the number, approve: the desktop returns with the code', async (world) => {
    const { desktop, screen, phone, platform, request } = await shown(world);
    await phone.opens(await scanned(screen));
    await phone.title('是你本人在操作吗？');
    await phone.page.getByRole('radio', { name: await number(screen) }).check();
    await phone.approves();
    await phone.title('已同意');
    await platform.returned(screen);
    assert.ok((await platform.exchanges(request, screen)).id_token);
    assert.equal(desktop.faults.length, 0);
    assert.match(await phone.readsHistory(), /已同意/);
  });

  check('the code changes, and a photograph of an old one is worth nothing', async (world) => {
    const { screen, phone } = await shown(world);
    phone.profile.expects(/Failed to load resource/);
    const old = await scanned(screen);
    await screen.waitForTimeout(12_000);
    assert.notEqual(await scanned(screen), old, 'the code stands still');
    await phone.opens(old);
    await phone.title('这个二维码不能用');
  });

  check('the 8-digit pairing code does the same', async (world) => {
    const { screen, phone, platform } = await shown(world);
    await phone.opens('/scan');
    await phone.field('8 位配对码').fill(await pairingCode(screen));
    await phone.presses('继续');
    await phone.title('是你本人在操作吗？');
    await phone.page.getByRole('radio', { name: await number(screen) }).check();
    await phone.approves();
    assert.ok((await platform.returned(screen)).code);
  });

  check('the wrong number refuses and warns', async (world) => {
    const { screen, phone, platform } = await shown(world);
    phone.profile.expects(/Failed to load resource/);
    await phone.opens(await scanned(screen));
    await phone.title('是你本人在操作吗？');
    const right = await number(screen);
    for (const choice of await phone.page.getByRole('radio').all()) {
      if ((await choice.getAttribute('value')) !== right) await choice.check();
    }
    await phone.approves();
    await phone.title('数字不对，已拒绝');
    assert.equal((await platform.returned(screen)).error, 'access_denied');
  });

  check('refused on the phone: the desktop learns no reason', async (world) => {
    const { screen, phone, platform, request } = await shown(world);
    await phone.opens(await scanned(screen));
    await phone.refuses();
    await phone.title('已拒绝');
    assert.deepEqual(await platform.returned(screen), { error: 'access_denied', state: request.state, iss: world.issuer });
  });

  check('another browser that knows the session gets no answer', async (world) => {
    const { screen, phone, platform } = await shown(world);
    const session = await screen.locator('main').getAttribute('data-session');
    const stranger = await world.stage.profile({ viewport: DESKTOP });
    await phone.opens(await scanned(screen));
    await phone.title('是你本人在操作吗？');
    await phone.page.getByRole('radio', { name: await number(screen) }).check();
    await phone.approves();
    await phone.title('已同意');
    const answer = await stranger.context.request.get(`${world.issuer}/x/status/${session}`);
    assert.ok(!(await answer.text()).includes('code='), 'the redirect went to a stranger');
    assert.ok((await platform.returned(screen)).code);
  });

  check('the code is readable in dark and elder mode', async (world) => {
    for (const [theme, mode] of [['dark', 'standard'], ['light', 'elder']]) {
      const desktop = await world.stage.profile({ viewport: DESKTOP, dark: theme === 'dark' });
      await desktop.wears(world.issuer, { theme, mode });
      const platform = world.platform();
      await platform.listens(desktop);
      const screen = await desktop.page();
      await showCode(screen, (await platform.asks()).url);
      assert.ok((await scanned(screen)).startsWith(`${world.issuer}/x/`));
    }
  });
}

/** A desktop that shows the code of a request, and a person with a 网证 on a phone. */
async function shown(world) {
  const phone = await (await world.person()).applies();
  const desktop = await world.stage.profile({ viewport: DESKTOP });
  const platform = world.platform();
  await platform.listens(desktop);
  const request = await platform.asks();
  const screen = await desktop.page();
  await showCode(screen, request.url);
  return { desktop, screen, phone, platform, request };
}

async function showCode(screen, url) {
  await screen.goto(url);
  await screen.getByRole('heading', { level: 1, name: '怎样证明是你本人？' }).waitFor();
  await screen.getByRole('button', { name: '显示二维码' }).click();
  await screen.getByRole('heading', { level: 1, name: '用手机扫码，确认是你本人' }).waitFor();
}

/** What the phone's camera reads off the screen now. */
async function scanned(screen) {
  const code = screen.locator('#code');
  await code.evaluate((image) => image.decode());
  return readCode(await code.screenshot());
}

async function number(screen) {
  return (await screen.locator('.big-number').innerText()).trim();
}

async function pairingCode(screen) {
  const text = await screen.locator('main').innerText();
  return /\b(\d{4} \d{4}|\d{8})\b/.exec(text)[1].replace(' ', '');
}
