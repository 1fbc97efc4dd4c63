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
keytool:default-jre-headless
expect:expect
strace:strace
gcc:gcc
jq:jq
ansible-playbook:ansible-core
unzip:unzip
bunzip2:bzip2
xz:xz-utils
zstd:zstd
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
# shellcheck disable=SC2086
[ -z "$packages" ] || "$(dirname "$0")/apt-install.sh" $packages
