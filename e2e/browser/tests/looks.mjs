// Every page that a person meets, in every look: axe, no sideways scroll, targets, contrast, a picture to look at.
import assert from 'node:assert/strict';

import { faultless, inspect } from '../inspection.mjs';
import { DESKTOP, PHONE } from '../stage.mjs';

export const title = 'every page in every look';

const LOOKS = [
  { look: 'phone' },
  { look: 'desktop', viewport: DESKTOP },
  { look: 'dark', dark: true, display: { theme: 'dark' } },
  { look: 'elder', elder: true, display: { mode: 'elder' } },
  { look: 'largest at 320', viewport: { width: 320, height: 640 }, display: { size: 'largest' } },
  { look: 'English', language: 'en', display: { language: 'en' } },
];
/** One page of each kind is enough; these patterns name the kind. */
const KINDS = [[/^\/history\/.+/, '/history/one'], [/^\/x\/.+/, '/x/one'], [/^\/oauth\/.+/, undefined], [/^\/assets\//, undefined]];
/** Plain, with 口令, with a face, with attributes to consent to one by one. */
const REQUESTS = [
  ['forum', {}],
  ['forum', { scenario: 'step-up' }],
  ['exam', {}],
  ['bank', { attributes: ['name', 'document_number'] }],
];
const OUTCOMES = ['approved', 'refused', 'expired', 'taken', 'number-wrong', 'reported'];

export function checks(check) {
  for (const { look, display, elder = false, ...profileOptions } of LOOKS) {
    const options = { viewport: PHONE, ...profileOptions };
    check(`${look}: application, approval, and every page behind the tabs`, async (world) => {
      const faults = [];
      const person = await world.person(options);
      const at = async (step, page = person.page) => faults.push(...(await inspect(page, `${look} ${step}`, { elder })));
      person.profile.expects(/404/);
      if (display) await person.profile.wears(world.issuer, display);
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

    check(`${look}: before a device is known`, async (world) => {
      const faults = [];
      const profile = await world.stage.profile(options);
      if (display) await profile.wears(world.issuer, display);
      const page = await profile.page();
      const at = async (step) => faults.push(...(await inspect(page, `${look} ${step}`, { elder })));
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

    if (!elder) check(`${look}: the demo platforms`, async (world) => {
      const profile = await world.stage.profile(options);
      const page = await profile.page();
      const faults = [];
      for (const path of ['', '/forum', '/forum/received', '/exam', '/bank']) {
        await page.goto(world.forum.origin + path);
        faults.push(...(await inspect(page, `${look} platform ${path}`)));
      }
      faultless(faults);
    });
  }

  check('the settings page sets each look and keeps it', async (world) => {
    const profile = await world.stage.profile();
    const page = await profile.page();
    await page.goto(`${world.issuer}/settings`);
    for (const [name, value] of [['mode', 'elder'], ['size', 'largest'], ['theme', 'dark'], ['language', 'en']]) {
      await page.locator(`input[name=${name}][value=${value}]`).check();
    }
    await page.getByRole('button', { name: '保存' }).click();
    await page.goto(world.issuer);
    const html = page.locator('html');
    assert.deepEqual(
      await Promise.all(['data-mode', 'data-size', 'data-theme', 'lang'].map((name) => html.getAttribute(name))),
      ['elder', 'largest', 'dark', 'en'],
    );
  });
}

/** The approval pages, and the separate consent behind the last; then one plain request is approved. */
async function approval(world, person, at) {
  for (const [name, how] of REQUESTS) {
    const platform = world.platform(name);
    await platform.listens(person.profile);
    await person.opens((await platform.asks(how)).url);
    await person.title('是你本人在操作吗？');
    await at(`approval ${name} ${how.scenario ?? ''}`);
  }
  await person.approves({ pin: person.sandbox.pin });
  await person.page.locator('#separate').waitFor();
  await at('separate consent');
  const platform = world.platform();
  const request = await platform.asks();
  await person.opens(request.url);
  await person.approves();
  await platform.returned(person.page);
  await platform.exchanges(request, person.page); // now there is a receipt to read in the record
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
    if (path === '/history') await page.locator('#days a').first().waitFor();
    await at(`page ${name}`);
    const links = await page.locator('a[href]').evaluateAll((all) => all.filter((a) => !a.download).map((a) => a.href));
    waiting.push(...links.map((link) => new URL(link)).filter(({ origin }) => origin === world.issuer).map(({ pathname }) => pathname));
  }
  assert.ok(seen.has('/history/one') && seen.size > 12, `only ${seen.size} pages were found: ${[...seen]}`);
}
