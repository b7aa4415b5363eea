#!/usr/bin/env bash
# Installs what a target of the Makefile lacks: pkg-config/install.sh rust|npm|chromium …
# Says what it does; where it can't, says which command would do it, and fails.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'install: %s\n' "$*"; }
give_up() { printf 'install: %s\n' "$*" >&2; exit 1; }

install_rust() {
    command -v cargo >/dev/null || give_up "cargo is missing. Install Rust (https://rustup.rs), then run this again."
    local target=wasm32-unknown-unknown
    [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] && return
    say "Rust's $target target: rustup target add $target"
    command -v rustup >/dev/null || give_up "rustup is missing, and this Rust has no $target target. Run: rustup target add $target"
    rustup target add "$target" || give_up "that failed. Run: rustup target add $target"
}

# Whether node_modules holds just what package-lock.json asks for (packages of other platforms aside).
npm_is_current() {
    [ -f node_modules/.package-lock.json ] && node -e '
        const read = (path) => JSON.parse(require("node:fs").readFileSync(path, "utf8")).packages;
        const installed = read("node_modules/.package-lock.json");
        const missing = Object.entries(read("package-lock.json")).some(([path, wanted]) =>
            path && !wanted.optional && installed[path]?.version !== wanted.version);
        process.exit(missing ? 1 : 0);'
}

install_npm() {
    command -v node >/dev/null || give_up "Node is missing. Install Node 20 or newer, then run this again."
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ||
        give_up "Node $(node -v) is too old. Install Node 20 or newer, then run this again."
    npm_is_current && return
    [ -L node_modules ] && give_up "node_modules is a link and lacks packages. Where it points, run: npm ci"
    say "npm packages: npm ci"
    npm ci --no-audit --no-fund --loglevel=error || give_up "that failed. Run: npm ci"
}

# The same places as tests/chromium.mjs looks at.
chromium_is_here() {
    node --input-type=module -e '
        const { chromiumPath } = await import(process.cwd() + "/tests/chromium.mjs");
        process.exit(chromiumPath() ? 0 : 1);'
}

install_chromium() {
    install_npm
    chromium_is_here && return
    # Ubuntu's package is a wrapper that needs snap; Debian's is the browser.
    if [ "$(id -u)" = 0 ] && grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then
        say "Chromium: apt-get install chromium"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null ||
            give_up "that failed. Run as root: apt-get update && apt-get install chromium"
    elif [ "$(id -u)" = 0 ]; then
        say "Chromium: npx playwright install --with-deps chromium"
        npx playwright install --with-deps chromium || give_up "that failed. Run: npx playwright install --with-deps chromium"
    else
        say "Chromium: npx playwright install chromium"
        npx playwright install chromium ||
            give_up "that failed. Run: npx playwright install chromium, or as root: apt-get install chromium"
    fi
    chromium_is_here || give_up "Chromium still isn't found. Name it: CHROMIUM=/path/to/chromium make test"
}

for what in "$@"; do "install_$what"; done
