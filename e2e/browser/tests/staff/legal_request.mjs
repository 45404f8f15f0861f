// S10: a legal request entered on its own form, approved by two, its answer shown once (R9.4, Art. 11(4)).
import assert from 'node:assert/strict';

import { confirms, desk, proposes, sends } from '../../desk.mjs';
import { faultless, inspect } from '../../inspection.mjs';

export function checks(check, made) {
  check('a legal request is entered, approved by two, and its answer taken once', async (world) => {
    const person = await (await world.person()).applies();
    const { document } = person.sandbox;
    const officer = await desk(world, 'cases');
    await officer.getByRole('link', { name: '查询申请' }).click();
    const until = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
    await sends(officer, 'document', {
      authority: '某市公安局',
      reference: '市公(2026)0417号',
      kind: document.kind,
      number: document.number,
      holder: document.holder,
      birth_date: document.birth_date,
      ...(document.valid_until && { valid_until: document.valid_until }),
      ask_name: true,
      ask_state: true,
      defer_until: until,
    });
    made.request = new URL(officer.url()).pathname;
    assert.equal(await officer.getByText(document.holder).count(), 0, 'nobody is named again');
    const proposal = await proposes(officer, 'provide');
    const security = await desk(world, 'secadmin');
    await security.goto(proposal);
    await security.getByText('市公(2026)0417号').waitFor();
    await confirms(security, proposal);
    await security.goto(`${world.issuer}/operator/notices`);
    await security.getByText(made.request.split('/').at(-1)).first().waitFor();
    await officer.goto(world.issuer + made.request);
    await sends(officer, 'take');
    await officer.getByText(document.holder).waitFor();
    faultless(await inspect(officer, 'staff cases an answer shown once 1280'));
    await officer.goto(world.issuer + made.request);
    await officer.getByText('结果已经领取').waitFor();
    assert.equal(await officer.locator('#take').count(), 0, 'once');
  });
}
