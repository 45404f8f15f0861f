#!/usr/bin/env bash
# Does a test fail when a rule of the law is broken? Every change cargo-mutants can make to the rule files, each built
# and run against the tests that prove the rule.
#
#   e2e/mutants/run.sh [NAME]...      the groups named (default: all of GROUPS)
#
# A mutant that no test notices must be argued in argued.md, or this fails. Works in a tree of its own under target/.
set -euo pipefail
cd "$(dirname "$0")/../.."
ROOT="$PWD" WORK="${MUTANTS_WORK:-$PWD/target/mutants}"
IDENTITY=crates/identity/src

# NAME | rule files under crates/identity/src | names of the tests that prove them
GROUPS_OF_RULES='
age          | age.rs age/marker.rs guardianship/birthday.rs                                       | age marker birthday childhood family
guardians    | guardianship.rs guardianship/usage.rs guardianship/standing.rs guardianship/link.rs | guardian childhood family
disclosure   | disclosure.rs disclosure/over_asking.rs disclosure/attribute.rs                     | disclosure over_ask attribute
consent      | consent.rs consent/undo.rs consent/withdraw.rs                                      | consent signals disclosure
notices      | notice/publish.rs notice/diff.rs notice/part.rs notice/exception.rs notice/defer.rs | notice
two-persons  | oversight/two_persons.rs staff/role.rs staff/duty.rs                                | staff oversight role duty two_person notices
incidents    | incident/clock.rs incident/level.rs complaint/working_day.rs                        | incident complaint clock level working
documents    | document/validity.rs document/citizen_number.rs document/check_character.rs document/kind.rs | document apply citizen
credential   | wangzheng.rs pin.rs                                                                 | wangzheng pin lock apply erasure documents
erasure      | erasure/due.rs erasure/inactivity.rs erasure/leave.rs                               | erasure leave
requests     | legal_request/draft.rs verification/mode.rs verification/decision.rs residency.rs   | legal case mode decision step_up decide residency
'

fail() { echo "mutants: $*" >&2; exit 3; }

prepare() {
  command -v cargo-mutants >/dev/null || cargo install --quiet --locked cargo-mutants --version '^27' || fail "crates.io is unreachable"
  mkdir -p "$WORK"
  rm -rf "$WORK/tree" && git worktree prune
  git worktree add --quiet --detach "$WORK/tree" HEAD
  trap 'git -C "$ROOT" worktree remove --force "$WORK/tree"' EXIT
  export CARGO_TARGET_DIR="$WORK/target"
  (cd "$WORK/tree" && cargo test --quiet --package identity --package web --lib --test main --no-run)
}

group() { # group NAME FILES TESTS
  local files=() file
  for file in $2; do files+=(--file "$IDENTITY/$file"); done
  rm -rf "$WORK/$1" && mkdir -p "$WORK/$1"
  # The tests named must pass on the rule as it is, else every mutant would seem noticed.
  (cd "$WORK/tree" && cargo test --quiet --package identity --package web --lib --test main -- $3 >"$WORK/$1/unchanged.log" 2>&1) ||
    fail "the tests of $1 fail without any change: $WORK/$1/unchanged.log"
  (cd "$WORK/tree" && cargo mutants --in-place --baseline skip --timeout 240 --no-times --colors never --package identity \
    --test-package identity,web --cargo-arg=--lib --cargo-arg=--test=main --output "$WORK/$1" "${files[@]}" -- -- $3) >"$WORK/$1/printed.log" 2>&1 || true
  [ -s "$WORK/$1/mutants.out/outcomes.json" ] || { tail -20 "$WORK/$1/printed.log" >&2; fail "cargo-mutants did not run for $1"; }
}

# What a mutant is, without the place in the file, which moves with every edit.
named() { sed -E 's/^([^:]+):[0-9]+:[0-9]+: /\1: /' | sort; }

report() { # report NAME
  local out="$WORK/$1/mutants.out" unargued=0 mutant
  printf '%-12s %4d caught, %3d not buildable, %2d timed out, %2d survived\n' "$1" \
    "$(wc -l <"$out/caught.txt")" "$(wc -l <"$out/unviable.txt")" "$(wc -l <"$out/timeout.txt")" "$(wc -l <"$out/missed.txt")"
  while read -r mutant; do
    if grep -qF -- "$mutant" "$ROOT/e2e/mutants/argued.md"; then echo "  argued   $mutant"
    else echo "  UNARGUED $mutant"; unargued=$((unargued + 1)); fi
  done < <(named <"$out/missed.txt")
  return "$unargued"
}

chosen=" ${*:-} " red=0
prepare
while IFS='|' read -r name files tests; do
  name="${name// /}"
  [ -n "$name" ] || continue
  [ "$chosen" = "  " ] || [[ "$chosen" == *" $name "* ]] || continue
  group "$name" "$files" "$tests"
  report "$name" || red=1
done <<<"$GROUPS_OF_RULES"
exit "$red"
