// A platform played by the test itself, with npm `openid-client` and the demo's own client id and key: for requests
// that the demo forum has no button for. Its callback page is answered inside the browser; nobody listens there.
import * as client from 'openid-client';

/** `name` is one of demo.json's platforms with a private key (the `fapi` profile). */
export class Platform {
  #config;

  constructor(demo, name) {
    this.demo = demo;
    this.registered = demo.platform(name);
  }

  /** A new authorization URL; `mode` raises what the scenario asks (`wz+pin`), `attributes` are asked for beside. */
  async asks({ mode, scenario, attributes } = {}) {
    const chosen = this.registered.scenarios.find((each) => (scenario ? each.id === scenario : each.default));
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const url = await client.buildAuthorizationUrlWithPAR(await this.#connected(), {
      redirect_uri: this.registered.redirect_uri,
      scope: 'openid',
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      authorization_details: JSON.stringify([{ type: 'identity_verification', scenario: chosen.id, attributes }]),
      ...(mode && { acr_values: `urn:wangzheng:mode:${mode}` }),
    });
    return { url: url.href, verifier, state };
  }

  /** Answers the redirect inside this profile with a page that says what came. */
  async listens(profile) {
    const callback = new URL(this.registered.redirect_uri);
    await profile.context.route((url) => url.origin === callback.origin && url.pathname === callback.pathname, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: '<!doctype html><html lang="zh-CN"><title>平台</title><main><h1>平台</h1></main></html>' }));
  }

  /** Waits until the browser is back at the platform; gives the parameters it brought. */
  async returned(page) {
    await page.waitForURL((url) => url.href.startsWith(this.registered.redirect_uri));
    return Object.fromEntries(new URL(page.url()).searchParams);
  }

  /** Exchanges the code the browser brought. */
  async exchanges({ verifier, state }, page) {
    return client.authorizationCodeGrant(await this.#connected(), new URL(page.url()), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      idTokenExpected: true,
    });
  }

  async #connected() {
    const [jwk] = this.registered.jwks.keys;
    const { use: _use, key_ops: _operations, ...material } = jwk;
    const key = await crypto.subtle.importKey('jwk', material, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    this.#config ??= await client.discovery(
      new URL(this.demo.issuer),
      this.registered.client_id,
      {},
      client.PrivateKeyJwt({ key, kid: jwk.kid }),
      { execute: [client.allowInsecureRequests] },
    );
    return this.#config;
  }
}
