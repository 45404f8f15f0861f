// A minor and a guardian, each at a browser of their own: eight digits on one screen, a signature at the other.
import assert from 'node:assert/strict';

/** A person with a 网证, of a group's own: kept from check to check. */
export async function member(world, name, options = {}) {
  return (await world.person({ name, kept: true, ...options })).applies();
}

/** The child's way to the last page of 申领. */
export async function walksToDevice(child, { look } = {}) {
  await child.opens('/apply');
  await child.provesDocument({ look });
  await child.provesFace({ look });
  await child.setsPin({ look });
  await child.title('把网证放在这台设备上');
}

/** The code on the child's screen, and the four digits beside it. */
export async function shownCode(child) {
  const text = async (id) => (await child.page.locator(id).filter({ hasText: /\d/ }).innerText()).replace(/\s/g, '');
  await child.reads('等监护人决定');
  return { code: await text('#guardian-digits'), check: await text('#guardian-check') };
}

/** The guardian types the code and sees what is asked; the four digits agree. */
export async function readsCode(guardian, { code, check }) {
  await guardian.opens('/family');
  await guardian.title('家人');
  await guardian.field('8 位确认码').fill(code);
  await guardian.presses('看看要确认什么');
  await guardian.page.locator('#asked').waitFor();
  assert.equal(await guardian.page.locator('#asked-check').innerText(), check, 'the two screens show different digits');
}

/** The guardian reads the notice and agrees, under 14 with the separate consent. */
export async function agrees(guardian, shown, { consent = true } = {}) {
  await readsCode(guardian, shown);
  if (consent) await guardian.page.locator('#minors-consent').check();
  await guardian.presses('同意并签名');
  await guardian.reads('已签名。孩子的设备会自动继续。');
}

/** A child applies with a guardian beside. */
export async function appliesWith(child, guardian, { look = async () => undefined, consent = true } = {}) {
  await walksToDevice(child, { look });
  await child.presses('申领网号网证');
  const shown = await shownCode(child);
  await look('child waits for the code');
  await agrees(guardian, shown, { consent });
  await child.title('申领成功');
  await child.page.locator('#recovery-code').filter({ hasText: /\S/ }).waitFor();
  await child.field('我已经保存好恢复码').check();
  await child.follows('去我的网证');
  await child.title('我的网证');
  return child;
}

/** What waits for a guardian at /family. */
export async function waitingCard(guardian) {
  await guardian.opens('/family');
  const card = guardian.page.locator('#waiting .card');
  await card.first().waitFor();
  return card.first();
}
