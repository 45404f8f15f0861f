"""What the Python clients share: `DIR/demo.json`, persons who decide by command, and a list of checks."""

import argparse
import base64
import json
import shlex
import subprocess
import time
import traceback
from pathlib import Path

CALLBACK = "http://127.0.0.1:9999/cb"  # nobody listens there; the wallet prints the redirect and does not follow it


class Demo:
    """A running provider, ours or the control, and the command that plays a person."""

    def __init__(self, data, wallet):
        self.data, self.wallet = Path(data), shlex.split(wallet)
        self.content = json.loads((self.data / "demo.json").read_text())
        self.issuer = self.content["issuer"]

    def platform(self, name):
        """The registration of this platform, with the redirect URI to use."""
        found = next(each for each in self.content["platforms"] if each["name"] == name)
        uris = found["redirect_uris"]
        return {**found, "redirect_uri": CALLBACK if CALLBACK in uris else uris[0]}

    def decides(self, url, person="resident", *flags):
        """The redirect that the person's decision leads to."""
        printed = self._run("approve", "--person", person, "--json", *flags, str(url))
        return json.loads(printed)["redirect"]

    def applies(self, *names):
        """A 网证 for each who has none; the control's persons need none."""
        for name in names:
            if self.wallet[0].endswith("node") or (self.data / "wallets" / name).exists():
                continue
            self._run("apply", "--issuer", self.issuer, "--person", name, "--pin", self._person(name)["pin"], "--json")

    def assert_nothing_personal(self, received):
        """R8.1: no value of a person is in anything a platform received, tokens opened."""
        everything = "\n".join([*received, *_opened_tokens(received)])
        for name in ("resident", "resident2"):
            person = self._person(name)
            document = person["document"]
            birth = document["birth_date"]
            for secret in (document["number"], document["holder"], birth, birth.replace("-", ""), person["pin"]):
                assert secret not in everything, f"a value of {name} reached the platform"

    def _person(self, name):
        return next(each for each in self.content["persons"] if each["name"] == name)

    def _run(self, verb, *words):
        command = [*self.wallet, verb, "--data", str(self.data), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{shlex.join(command)}: exit {done.returncode}\n{done.stderr}{done.stdout}"
        return done.stdout


def run(title, party, checks):
    """Runs the checks one after the other over `party(demo)`; returns the exit status."""
    arguments = argparse.ArgumentParser(description=f"{title} against wangzheng or the control provider")
    arguments.add_argument("--data", required=True, help="folder with demo.json")
    arguments.add_argument("--wallet", required=True, help="command that plays the person")
    demo = Demo(**vars(arguments.parse_args()))
    demo.applies("resident", "resident2")
    one = party(demo)
    print(f"── {title} → {demo.issuer}")
    failed = 0
    for step in checks:
        begun = time.monotonic()
        try:
            step(one)
            verdict, trace = "ok   ", ""
        except Exception:  # every failure of a check is reported, whatever it is
            failed += 1
            verdict, trace = "FAIL ", "\n" + traceback.format_exc(limit=-4)
        print(f"   {verdict} {step.__doc__} ({time.monotonic() - begun:.1f} s){trace}", flush=True)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _opened_tokens(texts):
    """The payload of every JWS in these texts."""
    for text in texts:
        for word in text.replace('"', " ").split():
            parts = word.split(".")
            if len(parts) == 3 and parts[0].startswith("ey"):
                yield base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)).decode()
