#!/bin/sh
# Makes testdata/ssh1 and testdata/p12 anew, with new random keys: key files that
# keyconv reads but does not write. Usage: testdata/generate-others.sh
# Needs puttygen 0.75 or later and openssl 3.x with its legacy provider:
#   apt-get install putty-tools openssl
set -eu

for tool in puttygen openssl; do
	command -v "$tool" >/dev/null || { echo "generate-others.sh: $tool is missing" >&2; exit 1; }
done

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work"
umask 077
mkdir "$work/ssh1" "$work/p12"

PASS='correct horse'
printf '%s\n' "$PASS" >"$work/pass"
: >"$work/none"

# SSH-1: NAME.key, and the numbers in it as puttygen shows them. Unencrypted, and
# the same key encrypted. The second has a comment that is not ASCII.
cd "$work/ssh1"
puttygen -q -t rsa1 -b 2048 -C 'ssh1 twin' -o rsa2048.key --new-passphrase "$work/none"
puttygen -q -t rsa1 -b 1024 -C 'ssh1 ünicode' -o rsa1024.key --new-passphrase "$work/none" 2>/dev/null
for name in rsa2048 rsa1024; do
	puttygen $name.key -P -O private -o $name.enc.key --new-passphrase "$work/pass"
	puttygen $name.key --dump >$name.dump
done

# PKCS#12: the keys of testdata/twins, so that generate.sh runs first. The table
# tells the type of the key, the passphrase and what keyconv calls the encryption;
# "-" stands for none, or for a file that it refuses.
cd "$work/p12"
printf 'file\ttype\tpassphrase\tencryption\n' >manifest.tsv

openssl ecparam -name prime256v1 -genkey -noout -out "$work/ca.pem"
openssl req -x509 -new -key "$work/ca.pem" -subj '/CN=keyconv test authority' -days 36500 -out "$work/ca.crt"
for type in rsa2048 ecdsa256 ecdsa384 ecdsa521 ed25519 ed448 dsa1024; do
	openssl req -new -key "$here/twins/$type.pkcs8.pem" -subj "/CN=keyconv $type" -out "$work/$type.csr"
	openssl x509 -req -in "$work/$type.csr" -CA "$work/ca.crt" -CAkey "$work/ca.pem" -CAcreateserial \
		-days 36500 -out "$work/$type.crt" 2>/dev/null
done

# p12 NAME TYPE PASSPHRASE ENCRYPTION OPTIONS...
p12() {
	name=$1 type=$2 pass=$3 encryption=$4
	shift 4
	openssl pkcs12 -export -inkey "$here/twins/$type.pkcs8.pem" -in "$work/$type.crt" -passout "pass:$pass" "$@" -out "$name.p12"
	printf '%s.p12\t%s\t%s\t%s\n' "$name" "$type" "${pass:--}" "$encryption" >>manifest.tsv
}

for type in rsa2048 ecdsa256 ecdsa384 ecdsa521 ed25519 ed448 dsa1024; do
	p12 $type $type "$PASS" aes256-cbc
done
p12 chain rsa2048 "$PASS" aes256-cbc -certfile "$work/ca.crt" -name 'the friendly name'
p12 aes128 ecdsa256 "$PASS" aes128-cbc -keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha1
p12 aes192 ed25519 "$PASS" aes192-cbc -keypbe AES-192-CBC -certpbe AES-192-CBC -macalg sha512 -iter 1000
p12 legacy rsa2048 "$PASS" PBE-SHA1-3DES -legacy -certfile "$work/ca.crt"
p12 legacy-rc2 ecdsa256 "$PASS" PBE-SHA1-RC2-128 -legacy -keypbe PBE-SHA1-RC2-128
p12 legacy-rc2-40 rsa2048 "$PASS" PBE-SHA1-RC2-40 -legacy -keypbe PBE-SHA1-RC2-40 -noiter
p12 unicode ed25519 'pässwörd €' aes256-cbc
p12 unicode-legacy ecdsa256 'pässwörd €' PBE-SHA1-3DES -legacy
p12 empty ecdsa256 '' aes256-cbc
p12 empty-legacy rsa2048 '' PBE-SHA1-3DES -legacy
p12 plain rsa2048 '' none -keypbe NONE -certpbe NONE -nomac
p12 plain-ed25519 ed25519 '' none -keypbe NONE -certpbe NONE -nomac
p12 plain-mac ecdsa256 "$PASS" 'MAC only' -keypbe NONE -certpbe NONE
p12 plain-key rsa2048 "$PASS" aes256-cbc -keypbe NONE
p12 plain-certificate rsa2048 "$PASS" aes256-cbc -certpbe NONE

p12 no-mac rsa2048 "$PASS" aes256-cbc -nomac
p12 mac-sha384 rsa2048 "$PASS" aes256-cbc -macalg sha384
p12 camellia rsa2048 "$PASS" camellia256-cbc -keypbe CAMELLIA-256-CBC
p12 no-certificate rsa2048 "$PASS" aes256-cbc -nocerts
p12 no-key rsa2048 "$PASS" aes256-cbc -nokeys
p12 no-key-plain rsa2048 "$PASS" - -nokeys -certpbe NONE

umask 022
for dir in ssh1 p12; do
	chmod 0644 "$work/$dir"/*
	rm -rf "${here:?}/$dir"
	cp -r "$work/$dir" "$here/$dir"
done
echo "generate-others.sh: made $(ls "$here/ssh1" "$here/p12" | grep -c .) files"
