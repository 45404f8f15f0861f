// A platform as npm `openid-client` 6 plays it: pushes a request, exchanges the code.
import * as client from 'openid-client';

/** A platform of demo.json, connected to the issuer. */
export async function connect(demo, name) {
  const platform = demo.platform(name);
  const jwk = platform.jwks.keys.find((key) => key.use !== 'enc');
  const { key_ops: _operations, use: _use, ...material } = jwk;
  const key = await crypto.subtle.importKey('jwk', material, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const config = await client.discovery(
    new URL(demo.issuer),
    platform.client_id,
    { id_token_signed_response_alg: 'ES256' },
    client.PrivateKeyJwt({ key, kid: jwk.kid }),
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  );
  return new Platform(platform, config);
}

class Platform {
  constructor(platform, config) {
    this.platform = platform;
    this.config = config;
  }

  /** Pushes a request for a scenario (the default one when none is named), with the attributes wished. */
  async asks({ scenario, attributes } = {}) {
    const { id } = this.platform.scenarios.find((each) => (scenario ? each.id === scenario : each.default)) ?? this.platform.scenarios[0];
    const detail = { type: 'identity_verification', scenario: scenario ?? id, ...(attributes && { attributes }) };
    const request = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce() };
    request.url = await client.buildAuthorizationUrlWithPAR(this.config, {
      redirect_uri: this.platform.redirect_uri,
      scope: 'openid',
      state: request.state,
      nonce: request.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(request.verifier),
      code_challenge_method: 'S256',
      authorization_details: JSON.stringify([detail]),
    });
    return request;
  }

  /** Exchanges the code of a redirect; throws the OAuth error there is. */
  async redeems(request, redirect) {
    const tokens = await client.authorizationCodeGrant(this.config, redirect, {
      pkceCodeVerifier: request.verifier,
      expectedState: request.state,
      expectedNonce: request.nonce,
      idTokenExpected: true,
    });
    return { tokens, claims: tokens.claims(), detail: tokens.authorization_details[0] };
  }
}
