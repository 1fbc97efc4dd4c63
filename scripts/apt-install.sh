#!/bin/sh
# Installs packages on Debian or Ubuntu: apt-install.sh PACKAGE... Elsewhere it names them.
set -eu
if ! command -v apt-get >/dev/null 2>&1; then
	echo "please install: $*" >&2
	exit 1
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q
$sudo apt-get install -q -y --no-install-recommends "$@"
