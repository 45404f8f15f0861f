// Every page that a person meets, in every look: axe, no sideways scroll, targets, contrast, a picture to look at.
import assert from 'node:assert/strict';

import { faultless, inspect } from '../inspection.mjs';
import { DESKTOP, PHONE } from '../stage.mjs';

export const title = 'every page in every look';

const LOOKS = [
  { name: 'phone' },
  { name: 'desktop', viewport: DESKTOP },
  { name: 'dark', dark: true, display: { theme: 'dark' } },
  { name: 'elder', elder: true, display: { mode: 'elder' } },
  { name: 'largest at 320', viewport: { width: 320, height: 640 }, display: { size: 'largest' } },
  { name: 'English', language: 'en', display: { language: 'en' } },
];
/** One page of each kind is enough; these patterns name the kind. */
const KINDS = [[/^\/history\/.+/, '/history/one'], [/^\/x\/.+/, '/x/one'], [/^\/oauth\/.+/, undefined], [/^\/assets\//, undefined]];
const OUTCOMES = ['approved', 'refused', 'expired', 'taken', 'number-wrong', 'reported'];

export function checks(check) {
  for (const look of LOOKS) {
    check(`${look.name}: application, approval, and every page behind the tabs`, async (world) => {
      const faults = [];
      const person = await world.person({ viewport: PHONE, ...look });
      const at = async (step, page = person.page) => faults.push(...(await inspect(page, `${look.name} ${step}`, look)));
      person.profile.expects(/404/);
      await dressed(person.profile, world.issuer, look);
      await person.applies({ look: at });
      await approval(world, person, at);
      await crawl(world, person, at);
      for (const outcome of OUTCOMES) {
        await person.opens(`/result/${outcome}`);
        await at(`result ${outcome}`);
      }
      await person.opens('/there-is-no-such-page');
      await at('not found');
      faultless(faults);
    });

    check(`${look.name}: before a device is known`, async (world) => {
      const faults = [];
      const profile = await world.stage.profile({ viewport: PHONE, ...look });
      await dressed(profile, world.issuer, look);
      const page = await profile.page();
      const at = async (step) => faults.push(...(await inspect(page, `${look.name} ${step}`, look)));
      const platform = world.platform();
      await platform.listens(profile);
      await page.goto((await platform.asks()).url);
      await at('choose a way');
      await page.locator('form[action="/x/open"] button').click();
      await page.locator('.big-number').waitFor();
      await at('code on a screen');
      await page.goto(`${world.issuer}/recover`);
      await at('recover');
      faultless(faults);
    });

    if (!look.elder) check(`${look.name}: the demo platforms`, async (world) => {
      const profile = await world.stage.profile({ viewport: PHONE, ...look });
      const page = await profile.page();
      const faults = [];
      for (const path of ['', '/forum', '/forum/received', '/exam', '/bank']) {
        await page.goto(world.forum.origin + path);
        faults.push(...(await inspect(page, `${look.name} platform ${path}`)));
      }
      faultless(faults);
    });
  }

  check('the settings page sets each look and keeps it', async (world) => {
    const profile = await world.stage.profile();
    const page = await profile.page();
    await page.goto(`${world.issuer}/settings`);
    for (const name of ['长辈版', '最大', '深色', 'English']) await page.getByRole('radio', { name, exact: true }).check();
    await page.getByRole('button', { name: '保存' }).click();
    await page.goto(world.issuer);
    const html = page.locator('html');
    assert.deepEqual(
      await Promise.all(['data-mode', 'data-size', 'data-theme', 'lang'].map((name) => html.getAttribute(name))),
      ['elder', 'largest', 'dark', 'en'],
    );
  });
}

async function dressed(profile, issuer, { display }) {
  if (display) await profile.context.request.post(`${issuer}/settings`, { form: { ...display, return_to: '/' } });
}

/** The approval page plain, with 口令, and with attributes to consent to one by one; one of them is approved. */
async function approval(world, person, at) {
  for (const [name, scenario] of [['forum', undefined], ['forum', 'step-up'], ['exam', undefined], ['bank', undefined]]) {
    const platform = world.platform(name);
    await platform.listens(person.profile);
    await person.opens((await platform.asks({ scenario })).url);
    await person.title('是你本人在操作吗？');
    await at(`approval ${name} ${scenario ?? ''}`);
  }
  await person.approves({ pin: person.sandbox.pin });
  await person.page.locator('#separate').waitFor();
  await at('separate consent');
  const platform = world.platform();
  await person.opens((await platform.asks()).url);
  await person.approves();
  await platform.returned(person.page);
}

/** Follows every link from the first page, one page of each kind. */
async function crawl(world, person, at) {
  const seen = new Set(['/apply', '/recover']);
  const waiting = ['/'];
  while (waiting.length) {
    const path = waiting.shift();
    const kind = KINDS.find(([pattern]) => pattern.test(path));
    const name = kind ? kind[1] : path;
    if (!name || seen.has(name)) continue;
    seen.add(name);
    const page = await person.opens(path);
    await at(`page ${name}`);
    const links = await page.locator('a[href]').evaluateAll((all) => all.filter((a) => !a.download).map((a) => a.href));
    waiting.push(...links.map((link) => new URL(link)).filter(({ origin }) => origin === world.issuer).map(({ pathname }) => pathname));
  }
  assert.ok(seen.size > 8, `only ${seen.size} pages were found: ${[...seen]}`);
}
