#!/bin/sh
# Installs the programs that the tests run, on Debian or Ubuntu, where they are
# missing. Elsewhere it names them. What would bring a desktop with it, or is not a
# package, goes into a folder of its own, where the tests look.
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
dropbearconvert:dropbear-bin
node:nodejs
python3:python3
expect:expect
zsh:zsh
fish:fish
strace:strace
gcc:gcc
jq:jq
ansible-playbook:ansible-core
unzip:unzip
bunzip2:bzip2
rpm:rpm
ruby:ruby
make:make
osslsigncode:osslsigncode
xz:xz-utils
zstd:zstd
file:file
git:git
node:nodejs
python3:python3
npm:npm
"

PATH=$PATH:/usr/sbin:/sbin
packages=
for pair in $wanted; do
	command -v "${pair%%:*}" >/dev/null 2>&1 || packages="$packages ${pair#*:}"
done
# A compiler without the C library's headers cannot build for -race.
[ -e /usr/include/stdlib.h ] || packages="$packages libc6-dev"
[ -e /usr/share/bash-completion/bash_completion ] || packages="$packages bash-completion"
# shellcheck disable=SC2086
[ -z "$packages" ] || "$(dirname "$0")/apt-install.sh" $packages

# KEYCONV_TOOLS is the folder, as in internal/keytest/tool.go.
tools=${KEYCONV_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/keyconv-tools}
mkdir -p "$tools/bin"

# fzputtygen is the reader of keys of FileZilla, whose package needs GTK; the program itself
# needs libnettle alone.
if ! command -v fzputtygen >/dev/null 2>&1 && [ ! -x "$tools/bin/fzputtygen" ]; then
	(
		work=$(mktemp -d)
		trap 'rm -rf "$work"' EXIT
		chmod 755 "$work"
		cd "$work"
		# A machine that needed no package above may have no lists of packages yet.
		apt-get download filezilla || { apt-get update -qq && apt-get download filezilla; }
		dpkg-deb -x filezilla_*.deb .
		cp usr/bin/fzputtygen "$tools/bin/"
	)
fi

# The version that the verdicts name.
ssh2=1.17.0
if [ "$(node -p "require('$tools/node_modules/ssh2/package.json').version" 2>/dev/null)" != $ssh2 ]; then
	npm install --prefix "$tools" --no-save --omit=optional --ignore-scripts --no-audit --no-fund ssh2@$ssh2
fi
