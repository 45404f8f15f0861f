#!/usr/bin/env bash
# Counterparts nobody here wrote: OpenID Connect clients and a real browser against the built binary.
#
#   e2e/run.sh [install|control|clients|two-processes|life|browser]...      all of them, in this order, when none is named
#
# Builds nothing: takes the binary from WANGZHENG_BIN (default target/release/wangzheng). `control` runs the clients
# against npm oidc-provider first, so that a red `clients` is ours and not the harness's.
set -euo pipefail
cd "$(dirname "$0")"
export WANGZHENG_BIN="${WANGZHENG_BIN:-$PWD/../target/release/wangzheng}"
CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"

fail() { echo "e2e: $*" >&2; exit 3; }

debian() { # debian PACKAGE...
  command -v apt-get >/dev/null || fail "please install: $*"
  echo "e2e: installing $* (Debian packages)"
  local as=(); [ "$(id -u)" = 0 ] || as=(sudo)
  "${as[@]}" apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
    { "${as[@]}" apt-get update -q >/dev/null 2>&1 && "${as[@]}" apt-get install -y -q --no-install-recommends "$@" >/dev/null; } ||
    fail "Debian's package registry is unreachable, or it has no $*"
}

install() {
  command -v node >/dev/null && command -v npm >/dev/null || debian nodejs npm
  local major; major="$(node -p 'process.versions.node.split(".")[0]')"
  [ "$major" -ge 20 ] || fail "Node.js 20 or newer is needed, this is $(node --version)"
  python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3 python3-venv
  [ -x "$CHROMIUM" ] || debian chromium
  fc-list :lang=zh 2>/dev/null | grep -q . || debian fonts-noto-cjk fontconfig
  if ! cmp -s package-lock.json node_modules/.installed; then
    echo "e2e: installing npm packages"
    npm ci --no-audit --no-fund --loglevel=error || fail "the npm registry is unreachable, or package-lock.json does not fit it"
    cp package-lock.json node_modules/.installed
  fi
  if ! cmp -s clients/requirements.txt .venv/.installed; then
    echo "e2e: installing Python packages"
    python3 -m venv .venv
    .venv/bin/pip install -q --disable-pip-version-check -r clients/requirements.txt || fail "PyPI is unreachable"
    cp clients/requirements.txt .venv/.installed
  fi
}

binary() { [ -x "$WANGZHENG_BIN" ] || fail "no binary at $WANGZHENG_BIN: cargo build --release, or set WANGZHENG_BIN"; }

part() { # part NAME
  echo "══ e2e: $1"
  case "$1" in
    install) install ;;
    control) node clients/run.mjs control ;;
    clients) binary; node clients/run.mjs ours ;;
    two-processes) binary; node two-processes/run.mjs ;;
    life) binary; node life/run.mjs ;;
    browser) binary; CHROMIUM="$CHROMIUM" node browser/run.mjs ;;
    *) echo "usage: e2e/run.sh [install|control|clients|two-processes|life|browser]..." >&2; exit 2 ;;
  esac
}

[ $# -gt 0 ] || set -- control clients two-processes life browser
[ "$1" = install ] || part install
failed=0
for name in "$@"; do part "$name" || failed=$((failed + 1)); done
echo "$(($# - failed)) passed, $failed failed"
[ "$failed" = 0 ]
