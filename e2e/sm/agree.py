"""Our SM algorithms (crates/crypto/examples/sm_agreement.rs) against PyPI gmssl, in both directions.

Usage: agree.py PATH-OF-OUR-BINARY. Exits 1 if any answer differs.
"""

import json
import secrets
import subprocess
import sys
from importlib.metadata import version

from gmssl import sm2, sm3
from gmssl.sm4 import SM4_DECRYPT, SM4_ENCRYPT, CryptSM4

SIZES = [1, 16, 31, 32, 33, 64, 65, 200]
OURS = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
CHECKED, WRONG = 0, []


def ask(op, **members):
    OURS.stdin.write(json.dumps({"op": op, **members}) + "\n")
    OURS.stdin.flush()
    return json.loads(OURS.stdout.readline())


def same(what, left, right):
    global CHECKED
    CHECKED += 1
    if left != right:
        WRONG.append(f"{what}: {left} is not {right}")


def one_round(key, block, mode):
    cipher = CryptSM4()
    cipher.set_key(key, mode)
    return bytes(cipher.one_round(cipher.sk, list(block))).hex()


def hashes_and_blocks():
    for size in SIZES:
        message = secrets.token_bytes(size)
        same("sm3", ask("sm3", message=message.hex())["ok"], sm3.sm3_hash(list(message)))
    for _ in range(10):
        key, block = secrets.token_bytes(16), secrets.token_bytes(16)
        for op, mode in [("sm4_encrypt", SM4_ENCRYPT), ("sm4_decrypt", SM4_DECRYPT)]:
            same(op, ask(op, key=key.hex(), block=block.hex())["ok"], one_round(key, block, mode))


def key_pair():
    private = ask("sm2_generate")["ok"]
    public = ask("sm2_public", private=private)["ok"]
    theirs = sm2.CryptSM2(private_key=private, public_key=public[2:], mode=1)
    for size in SIZES:
        message = secrets.token_bytes(size)
        mine = ask("sm2_sign", private=private, message=message.hex())["ok"]
        same("they verify ours", bool(theirs.verify_with_sm3(mine, message)), True)
        same("they refuse", bool(theirs.verify_with_sm3(mine, message + b"x")), False)
        signature = theirs.sign_with_sm3(message)
        same("we verify theirs", ask("sm2_verify", public=public, message=message.hex(), signature=signature)["ok"], True)

        mine = ask("sm2_encrypt", public=public, message=message.hex())["ok"]
        same("they read ours", theirs.decrypt(bytes.fromhex(mine[2:])), message)
        ciphertext = "04" + theirs.encrypt(message).hex()
        same("we read theirs", ask("sm2_decrypt", private=private, ciphertext=ciphertext).get("ok"), message.hex())


hashes_and_blocks()
for _ in range(2):
    key_pair()
OURS.stdin.close()
for line in WRONG:
    print(line, file=sys.stderr)
print(f"gmssl {version('gmssl')}: {CHECKED - len(WRONG)} of {CHECKED} answers agree")
sys.exit(0 if not WRONG and CHECKED > 100 else 1)
