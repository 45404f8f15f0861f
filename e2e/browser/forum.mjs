// The demo forum seen by a visitor: another party, on another host name and port. It is found by its words and roles;
// its pages are the demo's own (not the service's), so they say 论坛 and 注册 in their own way.

export const VERIFIED = /已核验|核验通过|实名已认证/;

export class Forum {
  constructor(base) {
    this.home = `${base}/forum`;
    this.origin = new URL(base).origin;
  }

  async opens(page) {
    await page.goto(this.home);
  }

  /** 注册, by the way that leads to the service; leaves the page at the service. */
  async signsUp(page) {
    await this.opens(page);
    await this.#way(page, /注册/);
  }

  /** 一键登录, by somebody who signed up before. */
  async signsIn(page) {
    await this.opens(page);
    await this.#way(page, /登录/);
  }

  /** Waits until the forum says that the visitor is verified. */
  async showsVerified(page) {
    await page.waitForURL((url) => url.origin === this.origin);
    await page.getByText(VERIFIED).first().waitFor();
  }

  /** Waits until the forum offers its other way to register. */
  async offersOtherWay(page) {
    await page.waitForURL((url) => url.origin === this.origin);
    await page.getByText(/其他方式|其他核验方式|换一种方式/).first().waitFor();
  }

  /** The page beside the forum: exactly the bytes it received. */
  async opensReceived(page) {
    await this.#way(page, /收到/);
  }

  /** Presses the button, or follows the link, of this name. */
  async #way(page, name) {
    await page.getByRole('button', { name }).or(page.getByRole('link', { name })).first().click();
  }
}
