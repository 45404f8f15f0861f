#!/usr/bin/env python3
"""PyPI `authlib`, unmodified: the plain OpenID Connect client of the `simple` profile (design §5).

    python clients/authlib_client.py --data DIR --wallet 'wangzheng wallet'

Code flow with PKCE and `client_secret_basic` as platform `lab`, no pushed request; the ID token is checked with
`authlib.jose` against the issuer's whole key set. The same file runs against the control (`control/provider.mjs`).
Serves B1, R2.3, R8.1.
"""

import json
import os
import secrets
import sys
import time
import warnings
from urllib.parse import parse_qsl, urlsplit

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the demo speaks http on loopback

import requests  # noqa: E402
from authlib.common.security import generate_token  # noqa: E402
from authlib.deprecate import AuthlibDeprecationWarning  # noqa: E402
from authlib.integrations.base_client.errors import OAuthError  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session  # noqa: E402

warnings.filterwarnings("ignore", category=AuthlibDeprecationWarning)  # authlib.jose, which most platforms still use
from authlib.jose import JsonWebKey, JsonWebToken  # noqa: E402
from authlib.oidc.core import CodeIDToken  # noqa: E402

from demo import run  # noqa: E402

CHECKS = []


def check(step):
    """Registers a check; its docstring is its name."""
    CHECKS.append(step)
    return step


class Lab:
    """The platform `lab` as its own developer would write it."""

    def __init__(self, demo):
        self.demo, self.issuer, self.platform = demo, demo.issuer, demo.platform("lab")
        self.received = []
        self.metadata = requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=10).json()
        self.keys = JsonWebKey.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=10).json())

    def session(self, secret=None, token=None):
        """A session that remembers all it receives."""
        session = OAuth2Session(
            self.platform["client_id"],
            secret or self.platform["client_secret"],
            scope="openid",
            redirect_uri=self.platform["redirect_uri"],
            token_endpoint_auth_method="client_secret_basic",
            code_challenge_method="S256",
            token=token,
        )
        session.hooks["response"].append(lambda answer, *_, **__: self.received.append(f"{answer.headers}\n{answer.text}"))
        return session

    def ask(self):
        """A new authorization request: session, URL, PKCE verifier, nonce, state."""
        session, verifier, nonce = self.session(), generate_token(48), generate_token()
        url, state = session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        return session, url, verifier, nonce, state

    def exchange(self, session, redirect, verifier, state):
        """The token response for the code in `redirect`."""
        return session.fetch_token(
            self.metadata["token_endpoint"], authorization_response=redirect, code_verifier=verifier, state=state
        )

    def claims(self, token, nonce):
        """The ID token's claims, after every check of OpenID Connect Core §3.1.3.7."""
        claims = JsonWebToken(["ES256", "RS256"]).decode(
            token["id_token"],
            self.keys,
            claims_cls=CodeIDToken,
            claims_options={"iss": {"value": self.issuer}, "aud": {"value": self.platform["client_id"]}},
            claims_params={"nonce": nonce, "client_id": self.platform["client_id"]},
        )
        claims.validate(now=int(time.time()), leeway=5)
        self.received.append(json.dumps(dict(claims), ensure_ascii=False))
        return claims

    def verify(self, person="resident"):
        """One whole verification."""
        session, url, verifier, nonce, state = self.ask()
        token = self.exchange(session, self.demo.decides(url, person), verifier, state)
        return token, self.claims(token, nonce)

    def userinfo(self, token):
        return self.session(token=token).get(self.metadata["userinfo_endpoint"])


@check
def the_whole_key_set_loads(lab):
    """the whole key set loads"""
    assert lab.keys.keys, "the key set is empty"
    for key in lab.keys.keys:
        assert key.as_dict(is_private=False)["kid"]


@check
def code_and_pkce(lab):
    """code + PKCE + client_secret_basic: an ID token with the answer and nothing else"""
    token, claims = lab.verify()
    assert set(token) - {"scope", "expires_at"} == {
        "access_token", "token_type", "expires_in", "id_token", *(["authorization_details"] if "authorization_details" in token else []),
    }, sorted(token)
    assert set(claims) - {"auth_time"} == {"iss", "sub", "aud", "iat", "exp", "nonce", "acr", "amr"}, sorted(claims)


@check
def userinfo_names_the_same(lab):
    """userinfo says the same sub and nothing else"""
    token, claims = lab.verify()
    answer = lab.userinfo(token)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"sub": claims["sub"]}, answer.text


@check
def same_person_same_subject(lab):
    """the same person is the same again, another person is another"""
    first, second, other = (lab.verify(person)[1]["sub"] for person in ("resident", "resident", "resident2"))
    assert first == second != other


@check
def refusal(lab):
    """refusal is access_denied without description"""
    _session, url, _verifier, _nonce, state = lab.ask()
    answer = dict(parse_qsl(urlsplit(lab.demo.decides(url, "resident", "--deny")).query))
    assert answer == {"error": "access_denied", "state": state, "iss": lab.issuer}, answer


@check
def replay(lab):
    """a code is taken once, and a replay revokes what it gave"""
    session, url, verifier, _nonce, state = lab.ask()
    redirect = lab.demo.decides(url)
    token = lab.exchange(session, redirect, verifier, state)
    assert lab.userinfo(token).status_code == 200
    assert error_of(lambda: lab.exchange(session, redirect, verifier, state)) == "invalid_grant"
    assert lab.userinfo(token).status_code == 401


@check
def wrong_verifier(lab):
    """another verifier than the one promised is invalid_grant"""
    session, url, _verifier, _nonce, state = lab.ask()
    redirect = lab.demo.decides(url)
    assert error_of(lambda: lab.exchange(session, redirect, generate_token(48), state)) == "invalid_grant"


@check
def wrong_secret(lab):
    """a wrong client secret is invalid_client"""
    _session, url, verifier, _nonce, state = lab.ask()
    redirect = lab.demo.decides(url)
    stranger = lab.session(secret=secrets.token_urlsafe(24))
    assert error_of(lambda: lab.exchange(stranger, redirect, verifier, state)) == "invalid_client"


@check
def nothing_personal(lab):
    """nothing personal was in anything the platform received"""
    assert len(lab.received) > 10
    lab.demo.assert_nothing_personal(lab.received)


def error_of(step):
    """The OAuth error code `step` ends in."""
    try:
        step()
    except OAuthError as error:
        return error.error
    raise AssertionError("it went through")


if __name__ == "__main__":
    sys.exit(run("authlib", Lab, CHECKS))
