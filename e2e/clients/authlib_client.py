#!/usr/bin/env python3
"""PyPI `authlib`, unmodified: the plain OpenID Connect client of the `simple` profile (design §5).

    python clients/authlib_client.py --data DIR --wallet 'wangzheng wallet'

Code flow with PKCE and `client_secret_basic` as platform `lab`, no pushed request; the ID token is checked with
`authlib.jose` against the issuer's whole key set. The same file runs against the control (`control/provider.mjs`).
Serves B1, R2.3, R8.1.
"""

import argparse
import base64
import json
import os
import secrets
import shlex
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path
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

CALLBACK = "http://127.0.0.1:9999/cb"
CHECKS = []


def check(step):
    """Registers a check; its docstring is its name."""
    CHECKS.append(step)
    return step


class Lab:
    """The platform `lab` as its own developer would write it, and a person who decides by command."""

    def __init__(self, data, wallet):
        self.data, self.wallet = Path(data), shlex.split(wallet)
        self.demo = json.loads((self.data / "demo.json").read_text())
        self.platform = next(each for each in self.demo["platforms"] if each["name"] == "lab")
        self.issuer = self.demo["issuer"]
        self.received = []
        self.metadata = requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=10).json()
        self.keys = JsonWebKey.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=10).json())

    def session(self, secret=None, token=None):
        """A session that remembers all it receives."""
        session = OAuth2Session(
            self.platform["client_id"],
            secret or self.platform["client_secret"],
            scope="openid",
            redirect_uri=CALLBACK if CALLBACK in self.platform["redirect_uris"] else self.platform["redirect_uris"][0],
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

    def decides(self, url, person="resident", *flags):
        """The redirect that the person's decision leads to."""
        command = [*self.wallet, "approve", "--data", str(self.data), "--person", person, "--json", *flags, url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{shlex.join(command)}: exit {done.returncode}\n{done.stderr}{done.stdout}"
        return json.loads(done.stdout)["redirect"]

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
        token = self.exchange(session, self.decides(url, person), verifier, state)
        return token, self.claims(token, nonce)

    def userinfo(self, token):
        return self.session(token=token).get(self.metadata["userinfo_endpoint"])

    def applies(self, *names):
        """A 网证 for each who has none; the control's persons need none."""
        for name in names:
            if self.wallet[0] == "node" or (self.data / "wallets" / name).exists():
                continue
            pin = next(each["pin"] for each in self.demo["persons"] if each["name"] == name)
            words = ["apply", "--data", str(self.data), "--issuer", self.issuer, "--person", name, "--pin", pin, "--json"]
            subprocess.run([*self.wallet, *words], check=True, capture_output=True, timeout=60)


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
    answer = dict(parse_qsl(urlsplit(lab.decides(url, "resident", "--deny")).query))
    assert answer == {"error": "access_denied", "state": state, "iss": lab.issuer}, answer


@check
def replay(lab):
    """a code is taken once, and a replay revokes what it gave"""
    session, url, verifier, _nonce, state = lab.ask()
    redirect = lab.decides(url)
    token = lab.exchange(session, redirect, verifier, state)
    assert lab.userinfo(token).status_code == 200
    assert error_of(lambda: lab.exchange(session, redirect, verifier, state)) == "invalid_grant"
    assert lab.userinfo(token).status_code == 401


@check
def wrong_verifier(lab):
    """another verifier than the one promised is invalid_grant"""
    session, url, _verifier, _nonce, state = lab.ask()
    redirect = lab.decides(url)
    assert error_of(lambda: lab.exchange(session, redirect, generate_token(48), state)) == "invalid_grant"


@check
def wrong_secret(lab):
    """a wrong client secret is invalid_client"""
    _session, url, verifier, _nonce, state = lab.ask()
    redirect = lab.decides(url)
    stranger = lab.session(secret=secrets.token_urlsafe(24))
    assert error_of(lambda: lab.exchange(stranger, redirect, verifier, state)) == "invalid_client"


@check
def nothing_personal(lab):
    """nothing personal was in anything the platform received"""
    everything = "\n".join([*lab.received, *opened_tokens(lab.received)])
    assert len(lab.received) > 10
    for name in ("resident", "resident2"):
        person = next(each for each in lab.demo["persons"] if each["name"] == name)
        document = person["document"]
        for secret in (document["number"], document["holder"], document["birth_date"], document["birth_date"].replace("-", ""), person["pin"]):
            assert secret not in everything, f"a value of {name} reached the platform"


def error_of(step):
    """The OAuth error code `step` ends in."""
    try:
        step()
    except OAuthError as error:
        return error.error
    raise AssertionError("it went through")


def opened_tokens(texts):
    """The payload of every JWS in these texts."""
    for text in texts:
        for word in text.replace('"', " ").split():
            parts = word.split(".")
            if len(parts) == 3 and parts[0].startswith("ey"):
                yield base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)).decode()


def main():
    arguments = argparse.ArgumentParser(description="PyPI authlib against wangzheng or the control provider")
    arguments.add_argument("--data", required=True, help="folder with demo.json")
    arguments.add_argument("--wallet", required=True, help="command that plays the person")
    lab = Lab(**vars(arguments.parse_args()))
    lab.applies("resident", "resident2")
    print(f"── authlib → {lab.issuer}")
    failed = 0
    for step in CHECKS:
        begun = time.monotonic()
        try:
            step(lab)
            verdict, trace = "ok   ", ""
        except Exception:  # every failure of a check is reported, whatever it is
            failed += 1
            verdict, trace = "FAIL ", "\n" + traceback.format_exc(limit=-4)
        print(f"   {verdict} {step.__doc__} ({time.monotonic() - begun:.1f} s){trace}", flush=True)
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
