// O6: a notice drafted, held against the law, and published by two (R11.1, R12.1); an exception by law (R11.3).
import assert from 'node:assert/strict';

import { confirms, desk, proposes, sends } from '../../desk.mjs';
import { faultless, inspect } from '../../inspection.mjs';

export function checks(check, made) {
  check('a draft says what is missing; whole, it is published by two reviewers', async (world) => {
    const [one, two] = [await desk(world, 'reviewer1'), await desk(world, 'reviewer2')];
    await one.getByRole('link', { name: '协议与公告' }).click();
    await one.locator('a[href="/operator/notices/service"]').click();
    made.notice = new URL(one.url()).pathname;
    await sends(one, 'draft', { rights_en: '' });
    await one.getByText('还缺：你的权利和怎样行使 · English').waitFor();
    assert.equal(await one.locator('#publish').count(), 0);
    await sends(one, 'draft', {
      rights: '你可以查阅、复制、更正和删除你的信息，可以撤回同意。不收取费用。',
      rights_en: 'You can see, copy, correct and delete your data, and withdraw. It is free of charge.',
    });
    await one.getByText('各项齐全，可以提出。', { exact: false }).waitFor();
    assert.ok((await one.locator('ins').count()) > 0, 'what is new is marked');
    faultless(await inspect(one, 'staff reviewer1 a draft that is whole 1280'));
    const proposal = await proposes(one, 'publish');
    await two.goto(proposal);
    await two.getByText('不收取费用。').first().waitFor();
    made.publication = new URL(proposal).pathname;
    await confirms(two, proposal);
    await one.goto(`${world.issuer}/operator/notices`);
    await one.getByText('即将施行').first().waitFor();
    await one.goto(world.issuer + made.notice);
    await one.getByRole('heading', { name: '第 2 版', exact: true }).waitFor();
  });

  check('an exception from telling is proposed by a reviewer and confirmed by the security administrator', async (world) => {
    const [reviewer, security] = [await desk(world, 'reviewer1'), await desk(world, 'secadmin')];
    await reviewer.goto(`${world.issuer}/operator/notices`);
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await sends(reviewer, 'except', { legal_basis: 'pipl-35', processing: '专案协查', reason: '告知将妨碍职责', until });
    const proposal = await proposes(reviewer, 'sign-exception');
    await confirms(security, proposal);
    await reviewer.goto(`${world.issuer}/operator/notices`);
    await reviewer.getByText('reviewer1 + secadmin').waitFor();
  });
}
