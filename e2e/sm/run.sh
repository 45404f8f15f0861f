#!/usr/bin/env bash
# Compares our SM2, SM3 and SM4 with npm sm-crypto and PyPI gmssl, and our sealed boxes with WebCrypto, in both directions.
# Installs both beside this script; exits non-zero on any disagreement.
set -euo pipefail
cd "$(dirname "$0")"

npm ci --silent --no-audit --no-fund
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import gmssl' 2>/dev/null; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
fi

cargo build --quiet -p crypto --example sm_agreement
binary="$(cargo metadata --format-version 1 --no-deps | node -pe 'JSON.parse(fs.readFileSync(0)).target_directory')/debug/examples/sm_agreement"

status=0
node agree.mjs "$binary" || status=1
node box.mjs "$binary" || status=1
.venv/bin/python agree.py "$binary" || status=1
exit "$status"
