// C8: a phone that reads no documents. A relative's phone or a counter reads it, and the own device goes on.
import { desk } from '../desk.mjs';
import { faultless, inspect } from '../inspection.mjs';

export const title = 'a document read elsewhere';

export function checks(check) {
  check('a relative reads it: before that nothing goes on, after it without a face', async (world) => {
    const relative = await (await world.person()).applies();
    const elder = await world.person({ name: 'elder' });
    const { code, faults } = await asksElsewhere(elder);
    await elder.presses('读好了，继续');
    await elder.reads(/还没有读到/);
    const page = await relative.opens('/family/read');
    faults.push(...(await inspect(page, 'reading for a relative')));
    // The relative's own document is another one than the elder typed.
    relative.profile.expects(/403/);
    await reads(relative, code, relative.sandbox);
    await relative.reads(/不是对方填的那份证件/);
    await reads(relative, code, elder.sandbox);
    await relative.reads(/读好了：/);
    await elder.presses('读好了，继续');
    await elder.finishes();
    faultless(faults);
  });

  check('a counter reads it, by a member of staff', async (world) => {
    const person = await world.person();
    const { code, faults } = await asksElsewhere(person);
    const counter = await desk(world, 'reviewer3');
    await counter.goto(`${world.issuer}/operator/counter`);
    faults.push(...(await inspect(counter, 'reading at the counter')));
    const { document } = person.sandbox;
    for (const [name, value] of [['code', code], ['number', document.number], ['holder', document.holder], ['birth_date', document.birth_date], ['valid_until', document.valid_until ?? '']]) {
      await counter.locator(`#counter [name=${name}]`).fill(value);
    }
    await counter.locator('#counter [name=kind]').selectOption(document.kind);
    await counter.locator('#counter').getByRole('button').click();
    await counter.getByText(/读好了：/).waitFor();
    await person.presses('读好了，继续');
    await person.finishes();
    faultless(faults);
  });
}

/** Types the document, cannot read it, and comes to the eight digits. */
async function asksElsewhere(person) {
  await person.opens('/apply');
  await person.typesDocument();
  await person.page.locator('[name=chip]').uncheck();
  await person.page.getByText('填不了，或手机读不了证件？').click();
  await person.presses('用家人的手机或到受理点读取');
  await person.title('请别人帮你读证件');
  const faults = await inspect(person.page, 'reading asked for');
  return { code: (await person.page.locator('.code').innerText()).replace(/\s/g, ''), faults };
}

/** On the relative's phone. */
async function reads(relative, code, { name, document }) {
  await relative.page.locator('#person').selectOption(name);
  await relative.page.locator('[name=kind]').selectOption(document.kind);
  await relative.page.locator('[name=code]').fill(code);
  await relative.presses('读取并核对');
}
