// Reload, back, double submit, second tab, wrong 口令: one decision, said once, and never a dead end.
import assert from 'node:assert/strict';

export const title = 'reload, back, twice, two tabs, wrong 口令';

const HANDLED = /已在另一个窗口处理|已处理过/;

export function checks(check) {
  check('reload: the request is still there to decide', async (world) => {
    const { person, platform, request } = await asked(world);
    await person.title('是你本人在操作吗？');
    await person.page.reload();
    await person.approves();
    const answer = await platform.returned(person.page);
    assert.equal(answer.state, request.state);
    assert.ok((await platform.exchanges(request, person.page)).id_token);
  });

  check('back after the decision: it was handled, no second code', async (world) => {
    const { person, platform, request } = await asked(world);
    person.profile.expects(/Failed to load resource/);
    await person.approves();
    const { code } = await platform.returned(person.page);
    await person.page.goBack();
    if (person.page.url() === request.url) await handledOrSame(person, platform, code);
    await person.opens(request.url);
    await handledOrSame(person, platform, code);
  });

  check('double click: one decision, one record', async (world) => {
    const { person, platform, request } = await asked(world);
    person.profile.expects(/Failed to load resource/);
    await person.title('是你本人在操作吗？');
    await person.page.getByRole('button', { name: '同意并核验' }).dblclick();
    await platform.returned(person.page);
    assert.ok((await platform.exchanges(request, person.page)).id_token);
    assert.equal(((await person.readsHistory()).match(/岚山论坛/g) ?? []).length, 1);
  });

  check('the same decision sent twice gives no second code', async (world) => {
    const { person, platform } = await asked(world);
    await person.title('是你本人在操作吗？');
    const sent = person.page.waitForRequest((request) => request.url().endsWith('/oauth/decide'));
    await person.presses('同意并核验');
    const decision = await sent;
    const { code } = await platform.returned(person.page);
    const again = await person.profile.context.request.post(decision.url(), {
      headers: { 'content-type': 'application/json' },
      data: decision.postData(),
    });
    if (again.ok()) assert.equal(new URL((await again.json()).redirect).searchParams.get('code'), code);
    else assert.ok(again.status() >= 400 && again.status() < 500, `status ${again.status()}`);
  });

  check('second tab: what one tab decided, the other cannot decide again', async (world) => {
    const { person, platform, request } = await asked(world);
    person.profile.expects(/Failed to load resource/);
    const second = await person.profile.page();
    await second.goto(request.url);
    await person.title('是你本人在操作吗？', second);
    await person.approves();
    const { code } = await platform.returned(person.page);
    await handledOrSame(person, platform, code, second);
  });

  check('an approval and a refusal in two tabs: one of them wins', async (world) => {
    const { person, platform, request } = await asked(world);
    person.profile.expects(/Failed to load resource/);
    const second = await person.profile.page();
    await second.goto(request.url);
    await person.title('是你本人在操作吗？', second);
    await person.refuses({ page: second });
    assert.equal((await platform.returned(second)).error, 'access_denied');
    await handledOrSame(person, platform, undefined);
  });

  check('wrong 口令 five times: counted down, locked, the other way open, the 网证 untouched', async (world) => {
    const { person, platform, request } = await asked(world, { scenario: 'step-up' });
    person.profile.expects(/Failed to load resource/);
    for (const left of [4, 3, 2, 1]) {
      await person.approves({ pin: '19283746' });
      await person.reads(new RegExp(`还可以试 ${left} 次`));
    }
    await person.approves({ pin: '19283746' });
    await person.reads(/口令输错太多次/);
    await person.approves({ pin: person.sandbox.pin });
    await person.reads(/口令输错太多次/);
    await person.follows('换用其他核验方式');
    assert.deepEqual(await platform.returned(person.page), { error: 'access_denied', state: request.state, iss: world.issuer });

    const plain = await platform.asks();
    await person.opens(plain.url);
    await person.approves();
    assert.ok((await platform.returned(person.page)).code, 'the 网证 itself is not locked');
  });

  check('the right 口令 after a wrong one passes', async (world) => {
    const { person, platform, request } = await asked(world, { scenario: 'step-up' });
    person.profile.expects(/Failed to load resource/);
    await person.approves({ pin: '19283746' });
    await person.reads(/还可以试 4 次/);
    await person.approves({ pin: person.sandbox.pin });
    await platform.returned(person.page);
    const tokens = await platform.exchanges(request, person.page);
    assert.equal(tokens.claims().acr, 'urn:wangzheng:mode:wz+pin');
  });
}

/** A person with a 网证 before a request of the forum that the test itself made. */
async function asked(world, how) {
  const person = await (await world.person()).applies();
  const platform = world.platform();
  await platform.listens(person.profile);
  const request = await platform.asks(how);
  await person.opens(request.url);
  return { person, platform, request };
}

/** The page says that the request was handled, also when decided again; at most it repeats the same answer. */
async function handledOrSame(person, platform, code, page = person.page) {
  const approve = page.getByRole('button', { name: '同意并核验' });
  const handled = page.getByText(HANDLED).filter({ visible: true }).first();
  await handled.or(approve).first().waitFor();
  if (!(await handled.isVisible()) && (await approve.isEnabled())) {
    await approve.click();
    const back = platform.returned(page).catch(() => undefined);
    const answer = await Promise.race([handled.waitFor().then(() => undefined), back]);
    assert.equal(answer?.code, answer && code, 'a second code was given');
  }
}
