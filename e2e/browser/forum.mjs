// The demo forum seen by a visitor: another party, on another host name and port, with pages of its own.

export class Forum {
  constructor(base) {
    this.home = `${base}/forum`;
    this.origin = new URL(base).origin;
  }

  async opens(page) {
    await page.goto(this.home);
  }

  /** Registers by the way that leads to the service; leaves the page there. */
  async signsUp(page) {
    await this.opens(page);
    await page.getByRole('button', { name: '用网证核验', exact: true }).click();
  }

  /** 一键登录, by somebody who registered before. */
  async signsIn(page) {
    await this.opens(page);
    await page.getByRole('button', { name: '用网证一键登录', exact: true }).click();
  }

  /** As a member whose account begins to behave unusually: the second check, with 口令. */
  async stepsUp(page) {
    await this.opens(page);
    await page.getByRole('button', { name: '模拟账号异常' }).click();
    await page.getByRole('button', { name: '二次核验' }).click();
  }

  async signsOut(page) {
    await this.opens(page);
    await page.getByRole('button', { name: '退出登录' }).click();
  }

  /** Waits until the forum says this of the verification (`注册成功`, `已登录`), and that the visitor is verified. */
  async says(page, heading) {
    await this.#here(page);
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    await page.getByText('核验结果').waitFor();
    await page.getByText('通过', { exact: true }).waitFor();
    await page.getByRole('link', { name: '继续' }).click();
    await page.getByText('已用网证核验').waitFor();
  }

  /** Waits until the forum offers its other way, and takes it. */
  async takesOtherWay(page) {
    await this.#here(page);
    await page.getByText('我们只知道没有通过，不知道原因').waitFor();
    await page.getByRole('link', { name: '用其他方式' }).click();
    await page.locator('form[action="/forum/other"] button').first().click();
    await page.getByText('已用其他方式核验').waitFor();
  }

  /** The page beside the forum: exactly the bytes it received; gives its text. */
  async showsReceived(page) {
    await page.goto(`${this.home}/received`);
    await page.getByRole('heading', { level: 1, name: '本平台收到的一切' }).waitFor();
    return page.locator('main').innerText();
  }

  async #here(page) {
    await page.waitForURL((url) => url.origin === this.origin);
  }
}
