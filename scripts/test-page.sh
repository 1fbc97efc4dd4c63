#!/bin/sh
# Runs the tests of keyconv.html and of the package for npm in Chromium, Firefox and
# Node.js, on Debian or Ubuntu. docs/page.md says what that proves. Arguments go to node --test.
set -eu
cd "$(dirname "$0")/.."

packages=
[ -x /usr/bin/chromium ] || command -v google-chrome >/dev/null 2>&1 || packages="$packages chromium"
command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || packages="$packages firefox-esr"
command -v node >/dev/null 2>&1 || packages="$packages nodejs"
command -v npm >/dev/null 2>&1 || packages="$packages npm"
command -v puttygen >/dev/null 2>&1 || packages="$packages putty-tools"
command -v ssh-keygen >/dev/null 2>&1 || packages="$packages openssh-client"
# shellcheck disable=SC2086
[ -z "$packages" ] || scripts/apt-install.sh $packages

[ -d test/page/node_modules/playwright-core ] && [ test/page/node_modules/.package-lock.json -nt test/page/package-lock.json ] ||
	npm ci --prefix test/page --ignore-scripts --no-audit --no-fund

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
go build -o "$work/keyconv" ./cmd/keyconv
go run ./scripts/page -o "$work/keyconv.html" -npm "$work/npm"
CHROMIUM=$(command -v chromium || command -v google-chrome)
FIREFOX=$(command -v firefox-esr || command -v firefox)
export KEYCONV_PAGE="$work" CHROMIUM FIREFOX
timeout -k 10 600 node --test "$@" test/page/*.test.mjs
