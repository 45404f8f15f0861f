#!/usr/bin/env python3
"""PyPI `requests_oauth2client` with its own JOSE library `jwskate`, unmodified: the production profile (design §5).

    python clients/requests_oauth2client_client.py --data DIR --wallet 'wangzheng wallet'

PAR, PKCE, `private_key_jwt` (ES256), RFC 9207 and RFC 9396 as platform `forum`. Serves B1, R2.3, R7.2, R8.1.
"""

import json
import sys
from urllib.parse import parse_qs, urlsplit

import jwskate
import requests
from requests_oauth2client import AuthorizationResponseError, InvalidGrant, OAuth2Client, PrivateKeyJwt

from demo import run

CHECKS = []


def check(step):
    """Registers a check; its docstring is its name."""
    CHECKS.append(step)
    return step


class Forum:
    """The platform `forum`, as somebody with this library would write it."""

    def __init__(self, demo):
        self.demo, self.issuer, self.platform = demo, demo.issuer, demo.platform("forum")
        self.received = []
        session = requests.Session()
        session.hooks["response"].append(lambda answer, *_, **__: self.received.append(f"{answer.headers}\n{answer.text}"))
        key = jwskate.Jwk(self.platform["jwks"]["keys"][0])
        self.client = OAuth2Client.from_discovery_endpoint(
            issuer=self.issuer,
            auth=PrivateKeyJwt(self.platform["client_id"], key, alg="ES256", aud=self.issuer),
            redirect_uri=self.platform["redirect_uri"],
            id_token_signed_response_alg="ES256",
            session=session,
            testing=True,  # http on loopback
        )

    def ask(self):
        """A pushed request: what was asked, and the URL for the person."""
        scenario = next(each["id"] for each in self.platform["scenarios"] if each["default"])
        details = json.dumps([{"type": "identity_verification", "scenario": scenario}])
        asked = self.client.authorization_request(scope="openid", authorization_details=details)
        return asked, self.client.pushed_authorization_request(asked).uri

    def verify(self, person="resident"):
        """One whole verification; the library checks signature, issuer, audience, nonce and times."""
        asked, url = self.ask()
        answer = asked.validate_callback(self.demo.decides(url, person))
        token = self.client.authorization_code(answer, validate=True)
        self.received.append(json.dumps(token.id_token.claims, ensure_ascii=False))
        return answer, token


@check
def the_whole_key_set_loads(forum):
    """the whole key set loads"""
    keys = forum.client.authorization_server_jwks.jwks
    assert keys
    for key in keys:
        assert not key.is_private and key.kid and key.alg


@check
def whole_flow(forum):
    """PAR, PKCE, private_key_jwt: an ID token with the answer and nothing else"""
    _answer, token = forum.verify()
    assert set(token.id_token.claims) - {"auth_time"} == {"iss", "sub", "aud", "iat", "exp", "nonce", "acr", "amr"}
    (detail,) = token.kwargs["authorization_details"]
    assert detail["result"] == "pass" and detail["further_plaintext"] == "prohibited" and detail["receipt"].count(".") == 2


@check
def subjects(forum):
    """the same person is the same again, another person is another"""
    first, second, other = (forum.verify(person)[1].id_token.subject for person in ("resident", "resident", "resident2"))
    assert first == second != other


@check
def userinfo(forum):
    """userinfo says the same sub and nothing else"""
    _answer, token = forum.verify()
    assert forum.client.userinfo(token) == {"sub": token.id_token.subject}


@check
def refusal(forum):
    """refusal is access_denied without description"""
    asked, url = forum.ask()
    redirect = forum.demo.decides(url, "resident", "--deny")
    assert set(parse_qs(urlsplit(redirect).query)) == {"error", "state", "iss"}, redirect
    try:
        asked.validate_callback(redirect)
    except AuthorizationResponseError as error:
        assert error.error == "access_denied" and error.description is None
    else:
        raise AssertionError("it went through")


@check
def replay(forum):
    """a code is taken once"""
    answer, _token = forum.verify()
    try:
        forum.client.authorization_code(answer, validate=False)
    except InvalidGrant:
        return
    raise AssertionError("it went through")


@check
def nothing_personal(forum):
    """nothing personal was in anything the platform received"""
    assert len(forum.received) > 8
    forum.demo.assert_nothing_personal(forum.received)


if __name__ == "__main__":
    sys.exit(run("requests_oauth2client", Forum, CHECKS))
