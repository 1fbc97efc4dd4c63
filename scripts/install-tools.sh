#!/bin/sh
# Installs the programs that the tests run, on Debian or Ubuntu, where they are
# missing. Elsewhere it names them.
set -eu

# program:package
wanted="
puttygen:putty-tools
plink:putty-tools
ssh:openssh-client
ssh-keygen:openssh-client
ssh-agent:openssh-client
sshd:openssh-server
openssl:openssl
expect:expect
strace:strace
gcc:gcc
jq:jq
ansible-playbook:ansible-core
unzip:unzip
file:file
git:git
"

PATH=$PATH:/usr/sbin:/sbin
packages=
for pair in $wanted; do
	command -v "${pair%%:*}" >/dev/null 2>&1 || packages="$packages ${pair#*:}"
done
# A compiler without the C library's headers cannot build for -race.
[ -e /usr/include/stdlib.h ] || packages="$packages libc6-dev"
[ -n "$packages" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "install-tools: please install:$packages" >&2
	exit 1
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q
# shellcheck disable=SC2086
$sudo apt-get install -q -y --no-install-recommends $packages
