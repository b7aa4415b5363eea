#!/usr/bin/env bash
# Runs every kind of test, one after another, and says how long each took: tests/all.sh [kind]…
# A kind that fails doesn't stop the others. `make test` builds what they need first.
set -uo pipefail
cd "$(dirname "$0")/.."
jobs=${JOBS:-2}
kinds=(rust wasm package page types house python exercises questions e2e)

# Relaxed SIMD is behind a flag in Node 20 and comes without it in later versions.
relaxed=--experimental-wasm-relaxed-simd
node $relaxed -e 0 2>/dev/null || relaxed=

# A browser that hangs must not hang the rest: a file of Node's tests ends after a quarter of an hour (where Node
# knows the option), a whole kind after half an hour.
test_limit=--test-timeout=900000
node $test_limit -e 0 2>/dev/null || test_limit=
# Files side by side, each mostly on one processor.
side_by_side=--test-concurrency=$jobs
node $side_by_side -e 0 2>/dev/null || side_by_side=
node_tests() { timeout 1800 ${offline-} node $relaxed $test_limit $side_by_side --test --test-reporter=spec "$@"; }

rust() { cargo test --locked --jobs "$jobs" --package danlu; }
wasm() {
    cargo run --locked --jobs "$jobs" --package packager -- --root . --tests && timeout 1800 node tests/wasm/run.mjs
}
package() { node_tests tests/package/*.test.mjs tests/bench/*.test.mjs; }
page() { timeout 1800 npx vitest run --config www/vite.config.ts; }
types() { npx svelte-check --tsconfig www/tsconfig.json --threshold error; }
house() { timeout 1800 npx vitest run --config tests/house/vitest.config.ts; }
python() {
    offline=tests/offline.sh node_tests tests/python/*.test.mjs tests/python/*/*.test.mjs
}
exercises() { timeout 1800 node tests/exercises/check.mjs; }
questions() { timeout 1800 node tests/questions/check.mjs; }
e2e() {
    local project verdict=0
    for project in together alone; do
        timeout 1800 tests/offline.sh npx playwright test -c tests/e2e/playwright.config.ts --project "$project" || verdict=1
    done
    return $verdict
}

if [ $# -gt 0 ]; then kinds=("$@"); fi
passed=0
failed=()
for kind in "${kinds[@]}"; do
    [ "$(type -t "$kind")" = function ] || { echo "no kind of test is called $kind" >&2; exit 2; }
    printf '\n==== %s\n' "$kind"
    begun=$SECONDS
    if "$kind" </dev/null; then
        verdict=passed
        passed=$((passed + 1))
    else
        verdict=FAILED
        failed+=("$kind")
    fi
    printf '==== %s %s in %d s\n' "$kind" "$verdict" $((SECONDS - begun))
done
printf '\n'
[ ${#failed[@]} -eq 0 ] || printf 'failed: %s\n' "${failed[*]}"
printf '%d passed, %d failed\n' "$passed" "${#failed[@]}"
[ ${#failed[@]} -eq 0 ]
