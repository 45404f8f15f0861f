// A request that is left lying: it says so by itself, and nothing can be decided any more.
import assert from 'node:assert/strict';

const LIFE = 6;

export const title = `a request that lives ${LIFE} seconds`;
export const flags = ['--request-life', String(LIFE)];

export function checks(check) {
  check('the open page says that the time is over and takes no decision', async (world) => {
    const person = await (await world.person()).applies();
    const platform = world.platform();
    await platform.listens(person.profile);
    await person.opens((await platform.asks()).url);
    await person.title('是你本人在操作吗？');
    await person.reads(/还有/);
    await person.page.waitForTimeout(LIFE * 1_000);
    await person.reads(/已作废|已过期/);
    const approve = person.page.getByRole('button', { name: '同意并核验' });
    assert.ok(!(await approve.isVisible()) || (await approve.isDisabled()), 'the button still invites');
    assert.match(await person.readsHistory(), /还没有使用记录/);
  });

  check('opened too late, the page says so and what to do', async (world) => {
    const profile = await world.stage.profile();
    profile.expects(/Failed to load resource/);
    const platform = world.platform();
    const { url } = await platform.asks();
    const page = await profile.page();
    await page.waitForTimeout((LIFE + 1) * 1_000);
    await page.goto(url);
    await page.getByRole('heading', { level: 1, name: '请求已过期' }).waitFor();
    await page.getByText('什么都没有提供').first().waitFor();
  });
}
