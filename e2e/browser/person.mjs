// What a person does in the pages of the service. Texts are written in zh-CN and looked up when the pages speak English.
import assert from 'node:assert/strict';

import { translator } from '../harness/locale.mjs';
import { settled } from './inspection.mjs';

/** A person of the sandbox with a browser profile. */
export class Person {
  #say;

  constructor(profile, issuer, sandbox, { language = 'zh-CN' } = {}) {
    this.profile = profile;
    this.issuer = issuer;
    this.sandbox = sandbox;
    this.#say = translator(language);
  }

  async opens(address = '/') {
    this.page ??= await this.profile.page();
    await this.page.goto(new URL(address, this.issuer).href);
    return this.page;
  }

  /** 申领, from the first page to the page that shows the 网证. `look(step)` is called on each page on the way. */
  async applies({ look = async () => undefined, face = false } = {}) {
    await this.opens('/');
    await look('first visit');
    await this.follows('申领网号网证');
    await this.provesDocument({ look });
    return this.finishes({ look, face });
  }

  /** The rest of an application, once the document was read. */
  async finishes({ look = async () => undefined, face = false } = {}) {
    const { page } = this;
    await this.provesFace({ look, face });
    await this.setsPin({ look });

    await this.title('把网证放在这台设备上');
    await look('apply device');
    await this.presses('申领网号网证');

    await this.title('申领成功');
    const code = page.locator('#recovery-code').filter({ hasText: /\S/ });
    await code.waitFor();
    this.recoveryCode = await code.innerText();
    await look('apply done');
    await this.field('我已经保存好恢复码').check();
    await this.follows('去我的网证');
    await this.title('我的网证');
    return this;
  }

  /** Says that the person's pages speak another language from now on (`wears` has set it). */
  speaks(language) {
    this.#say = translator(language);
  }

  /** Consent and document: what an application, a recovery and a new 口令 ask. */
  async provesDocument({ look = async () => undefined } = {}) {
    await this.typesDocument({ look });
    await this.presses('核对证件');
  }

  async typesDocument({ look = async () => undefined } = {}) {
    const { page } = this;
    await this.title('先看清楚，再决定');
    await look('apply consent');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await this.presses('同意并继续');

    await this.title('用哪种证件申领？');
    await look('apply document');
    await page.locator(`input[name=kind][value=${this.sandbox.document.kind}]`).check();
    await this.presses('继续');

    await this.title('证件上写的是什么？');
    await page.locator('#person').selectOption(this.sandbox.name);
    assert.equal(await page.locator('[name=number]').inputValue(), this.sandbox.document.number);
    await look('apply read');
  }

  async provesFace({ look = async () => undefined, face = false } = {}) {
    await this.title('用人脸确认是你本人吗？');
    await look('apply face');
    if (face) {
      await this.page.getByRole('checkbox').check();
      await this.presses('单独同意并核验');
    } else {
      await this.presses('不用人脸，换一种方式');
    }
  }

  async setsPin({ pin = this.sandbox.pin, look = async () => undefined } = {}) {
    await this.title('设一个 8 位口令');
    await this.field('口令').fill(pin);
    await this.field('再输一次口令').fill(pin);
    await look('apply pin');
    await this.presses('继续');
  }

  /** On the approval page: 同意并核验, with the 口令 where it is asked for. */
  async approves({ pin, page = this.page } = {}) {
    await this.title('是你本人在操作吗？', page);
    if (pin) await this.field('口令', page).fill(pin);
    await this.presses('同意并核验', page);
  }

  async refuses({ page = this.page } = {}) {
    await this.title('是你本人在操作吗？', page);
    await this.presses('拒绝', page);
  }

  /** 使用记录, once this device has opened it; gives its text. */
  async readsHistory() {
    const page = await this.opens('/history');
    await this.title('使用记录');
    await page.locator('#days li, #days article, #days a, #empty').first().waitFor();
    return page.locator('main').innerText();
  }

  /** Waits for the page whose heading this is. */
  async title(text, page = this.page) {
    const name = this.#say(text);
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor().catch(async (cause) => {
      const shown = await page.locator('h1, [role=alert]:visible').allInnerTexts().catch(() => []);
      throw new Error(`waited for “${name}”, the page at ${page.url()} says “${shown.join(' · ')}”`, { cause });
    });
    await settled(page);
  }

  /** Waits until the page says this somewhere. */
  async reads(text, page = this.page) {
    const pattern = text instanceof RegExp ? text : this.#say(text);
    await page.getByText(pattern).filter({ visible: true }).first().waitFor().catch(async (cause) => {
      const shown = await page.locator('h1, [role=alert]:visible, [role=status]:visible').allInnerTexts().catch(() => []);
      throw new Error(`waited to read “${pattern}”, the page at ${page.url()} says “${shown.join(' · ')}”`, { cause });
    });
  }

  field(label, page = this.page) {
    return page.getByLabel(this.#say(label), { exact: true });
  }

  async presses(name, page = this.page) {
    await page.getByRole('button', { name: this.#say(name), exact: true }).click();
  }

  async follows(name, page = this.page) {
    await page.getByRole('link', { name: this.#say(name), exact: true }).first().click();
  }
}
