#!/bin/sh
# Installs keyconv {{.Version}}, once its signature is verified: sh install.sh
# "sh install.sh --remove" removes it again.
#
# PREFIX is where it goes: /usr/local for root, otherwise ~/.local. KEYCONV_FROM is where
# the files of the release are, in place of GitHub: a folder, or an address.
set -eu

version='{{.Version}}'
from=${KEYCONV_FROM:-{{.Homepage}}/releases/download/{{.Tag}}}
# The keys that sign releases, as SIGNERS in the repository has them.
signers='{{.Signers}}'

fail() {
	echo "install.sh: $*" >&2
	exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# fetch NAME: puts a file of the release into the work folder.
fetch() {
	case $from in
	http://* | https://*)
		if has curl; then
			curl -fsSL -o "$work/$1" "$from/$1"
		elif has wget; then
			wget -q -O "$work/$1" "$from/$1"
		else
			fail "please install curl or wget"
		fi
		;;
	*) cp "$from/$1" "$work/$1" ;;
	esac || fail "cannot get $from/$1"
}

# platform: the system and processor, by the names in a release.
platform() {
	case $(uname -s) in
	Linux) system=linux ;;
	Darwin) system=darwin ;;
	FreeBSD) system=freebsd ;;
	*) fail "there is no release for $(uname -s)" ;;
	esac
	case $(uname -m) in
	x86_64 | amd64) processor=amd64 ;;
	aarch64 | arm64) processor=arm64 ;;
	i?86) processor=386 ;;
	arm*) processor=arm ;;
	*) fail "there is no release for the processor $(uname -m)" ;;
	esac
	echo "${system}_$processor"
}

# sums FILE: its SHA-256.
sums() {
	if has sha256sum; then
		sha256sum "$1"
	elif has shasum; then
		shasum -a 256 "$1"
	elif has sha256; then
		sha256 -r "$1"
	else
		fail "please install sha256sum"
	fi | cut -d' ' -f1
}

# verify ARCHIVE: stops unless it is the file that was signed.
verify() {
	printf '%s\n' "$signers" >"$work/SIGNERS"
	ssh-keygen -Y verify -f "$work/SIGNERS" -I keyconv -n file -s "$work/checksums.txt.sig" \
		<"$work/checksums.txt" >"$work/said" 2>&1 ||
		fail "the signature of the release is wrong, nothing was installed: $(cat "$work/said")"
	want=$(awk -v name="$1" '$2 == name { print $1 }' "$work/checksums.txt")
	[ -n "$want" ] || fail "release $version has no $1"
	[ "$(sums "$work/$1")" = "$want" ] || fail "$1 is not the file that was signed, nothing was installed"
}

# put FILE PLACE MODE: into its place below the prefix, whole or not at all.
put() {
	mkdir -p "$(dirname "$prefix/$2")"
	cp "$1" "$prefix/$2.new"
	chmod "$3" "$prefix/$2.new"
	mv -f "$prefix/$2.new" "$prefix/$2"
}

install_all() {
	[ -n "$signers" ] || fail "no release of keyconv is signed yet, so none can be verified; {{.Homepage}} says how to build it"
	for program in ssh-keygen tar awk; do
		has $program || fail "please install $program"
	done
	folder=keyconv_${version}_$(platform)
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM
	fetch checksums.txt
	fetch checksums.txt.sig
	fetch "$folder.tar.gz"
	verify "$folder.tar.gz"
	tar -xzf "$work/$folder.tar.gz" -C "$work"
	for page in "$work/$folder"/docs/man/*.1; do
		put "$page" "share/man/man1/${page##*/}" 644
	done
	completions=$work/$folder/docs/completions
	put "$completions/keyconv.bash" share/bash-completion/completions/keyconv 644
	put "$completions/keyconv.zsh" share/zsh/site-functions/_keyconv 644
	put "$completions/keyconv.fish" share/fish/vendor_completions.d/keyconv.fish 644
	put "$work/$folder/keyconv" bin/keyconv 755
	echo "keyconv $version is installed, its signature is good: $prefix/bin/keyconv"
	case :$PATH: in
	*":$prefix/bin:"*) ;;
	*) echo "$prefix/bin is not in your PATH: add it there, or call keyconv by its full name" ;;
	esac
}

remove_all() {
	rm -f "$prefix/bin/keyconv" "$prefix"/share/man/man1/keyconv.1 "$prefix"/share/man/man1/keyconv-*.1 \
		"$prefix/share/bash-completion/completions/keyconv" "$prefix/share/zsh/site-functions/_keyconv" \
		"$prefix/share/fish/vendor_completions.d/keyconv.fish"
	echo "keyconv is removed from $prefix"
}

# All is read before anything is done: half of a download does nothing.
main() {
	if [ "$(id -u)" = 0 ]; then
		prefix=${PREFIX:-/usr/local}
	else
		prefix=${PREFIX:-$HOME/.local}
	fi
	case $# in
	0) install_all ;;
	*)
		[ "$*" = --remove ] || fail "what is \"$*\"? --remove, or nothing"
		remove_all
		;;
	esac
}

main "$@"
