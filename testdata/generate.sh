#!/bin/sh
# Makes testdata/twins (the same key in every format) and console-rsa2048.pem anew,
# with new random keys. Usage: testdata/generate.sh
# Needs puttygen 0.75 or later, ssh-keygen 9.x and openssl 3.x:
#   apt-get install putty-tools openssh-client openssl
set -eu

for tool in puttygen ssh ssh-keygen openssl base64; do
	command -v "$tool" >/dev/null || { echo "generate.sh: $tool is missing" >&2; exit 1; }
done

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work"
umask 077
mkdir "$work/twins"
cd "$work/twins"

PASS='correct horse'
printf '%s\n' "$PASS" >"$work/pass"
: >"$work/none"
printf 'file\ttype\tformat\tencrypted\tmade by\n' >manifest.tsv

# note FILE TYPE FORMAT ENCRYPTED MADEBY adds a line to the manifest.
note() {
	[ -s "$1" ] || { echo "generate.sh: $1 was not made" >&2; exit 1; }
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" >>manifest.tsv
}

# reopen IN OUT CIPHER makes an encrypted openssh-key-v1 file of a plain one.
reopen() {
	cp "$1" "$2"
	ssh-keygen -q -p -P '' -N "$PASS" -a 4 -Z "$3" -f "$2" >/dev/null
}

# seed FILE.ppk prints the seed of an unencrypted EdDSA key: what stands behind
# the four bytes of length.
seed() {
	sed -n '/^Private-Lines/,/^Private-MAC/p' "$1" | grep -v '^Private-' | base64 -d | tail -c +5
}

# The two kinds of source: traditional PEM of openssl, and a plain PPK.
source_rsa2048() { openssl genrsa -traditional -out rsa2048.pem 2048 2>/dev/null; }
source_dsa1024() {
	openssl dsaparam -out "$work/dsaparam" 1024 2>/dev/null
	openssl gendsa "$work/dsaparam" 2>/dev/null | openssl dsa -out "$work/dsa" 2>/dev/null
	openssl pkey -in "$work/dsa" -traditional -out dsa1024.pem
}
source_ecdsa() { # TYPE CURVE
	openssl ecparam -name "$2" -genkey -out "$1.params.pem"
	openssl ec -in "$1.params.pem" -out "$1.pem" 2>/dev/null
	note "$1.params.pem" "$1" sec1-params no openssl
}
# source_eddsa TYPE DER-HEAD: PKCS#8 is a fixed head and the seed (RFC 8410).
source_eddsa() {
	puttygen -q -t "$1" -C "$1 twin" -o "$work/$1.ppk" --new-passphrase "$work/none"
	{ printf "$2"; seed "$work/$1.ppk"; } >"$work/$1.der"
	openssl pkey -inform DER -in "$work/$1.der" -out "$1.pkcs8.pem"
	note "$1.pkcs8.pem" "$1" pkcs8 no openssl
}

# traditional TYPE FORMAT: what openssl makes of the traditional PEM.
traditional() {
	note "$1.pem" "$1" "$2" no openssl
	openssl pkcs8 -topk8 -nocrypt -in "$1.pem" -out "$1.pkcs8.pem"
	note "$1.pkcs8.pem" "$1" pkcs8 no openssl
	for cipher in des3 aes128 aes192 aes256; do
		openssl pkey -in "$1.pem" -traditional "-$cipher" -passout "pass:$PASS" -out "$1.$cipher.pem"
		note "$1.$cipher.pem" "$1" "$2" yes openssl
	done
	puttygen "$1.pem" -C "$1 twin" -O private -o "$work/$1.ppk"
}

# encrypted_pkcs8 TYPE NAME OPTIONS...
encrypted_pkcs8() {
	type=$1 name=$2
	shift 2
	openssl pkcs8 -topk8 -in "$type.pkcs8.pem" -passout "pass:$PASS" "$@" -out "$type.pkcs8.$name.pem"
	note "$type.pkcs8.$name.pem" "$type" pkcs8 yes openssl
}

# ppks TYPE makes the PPK files of the plain one.
ppks() {
	for version in 2 3; do
		puttygen "$work/$1.ppk" --reencrypt -O private -o "$1.v$version.ppk" --ppk-param version=$version
		note "$1.v$version.ppk" "$1" ppk$version no puttygen
	done
	puttygen "$work/$1.ppk" -P -O private -o "$1.v2.enc.ppk" --new-passphrase "$work/pass" --ppk-param version=2
	note "$1.v2.enc.ppk" "$1" ppk2 yes puttygen
	while read -r name params; do
		puttygen "$work/$1.ppk" -P -O private -o "$1.v3.$name.ppk" --new-passphrase "$work/pass" --ppk-param "version=3,$params"
		note "$1.v3.$name.ppk" "$1" ppk3 yes puttygen
	done <<-PARAMS
		enc kdf=argon2id,memory=64,passes=1,parallelism=1
		enc-argon2i kdf=argon2i,memory=128,passes=2,parallelism=2
		enc-argon2d kdf=argon2d,memory=256,passes=1,parallelism=1
	PARAMS
}

# opensshes TYPE makes the openssh-key-v1 files: ssh-keygen's, and puttygen's,
# whose padding and line width differ. ssh-keygen has no Ed448.
opensshes() {
	puttygen "$work/$1.ppk" -O private-openssh-new -o "$1.puttygen.openssh"
	note "$1.puttygen.openssh" "$1" openssh-key-v1 no puttygen
	puttygen "$work/$1.ppk" -O private-openssh-new -o "$1.puttygen.enc.openssh" --new-passphrase "$work/pass"
	note "$1.puttygen.enc.openssh" "$1" openssh-key-v1 yes puttygen
	[ "$1" != ed448 ] || return 0
	cp "$1.puttygen.openssh" "$1.openssh"
	ssh-keygen -q -p -P '' -N '' -f "$1.openssh" >/dev/null
	note "$1.openssh" "$1" openssh-key-v1 no ssh-keygen
	reopen "$1.openssh" "$1.enc.openssh" aes256-ctr
	note "$1.enc.openssh" "$1" openssh-key-v1 yes ssh-keygen
}

publics() {
	puttygen "$work/$1.ppk" -O public-openssh -o "$1.pub"
	note "$1.pub" "$1" public no puttygen
	puttygen "$work/$1.ppk" -O public -o "$1.rfc4716.pub"
	note "$1.rfc4716.pub" "$1" rfc4716 no puttygen
	openssl pkey -in "$1.pkcs8.pem" -pubout -out "$1.spki.pem"
	note "$1.spki.pem" "$1" spki no openssl
	for hash in sha256 md5; do
		printf 'puttygen\t%s\t%s\n' $hash "$(puttygen -l -E $hash "$work/$1.ppk")"
		[ "$1" = ed448 ] || printf 'ssh-keygen\t%s\t%s\n' $hash "$(ssh-keygen -l -E $hash -f "$1.pub")"
	done >"$1.fingerprints.tsv"
	note "$1.fingerprints.tsv" "$1" fingerprints no 'puttygen and ssh-keygen'
}

sshcoms() {
	puttygen "$work/$1.ppk" -O private-sshcom -o "$1.sshcom"
	note "$1.sshcom" "$1" sshcom no puttygen
	puttygen "$work/$1.ppk" -O private-sshcom -o "$1.enc.sshcom" --new-passphrase "$work/pass"
	note "$1.enc.sshcom" "$1" sshcom yes puttygen
}

source_rsa2048
traditional rsa2048 pkcs1
source_dsa1024
traditional dsa1024 dsa
while read -r type curve; do
	source_ecdsa "$type" "$curve"
	traditional "$type" sec1
done <<-CURVES
	ecdsa256 prime256v1
	ecdsa384 secp384r1
	ecdsa521 secp521r1
CURVES
source_eddsa ed25519 '\060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040'
source_eddsa ed448 '\060\107\002\001\000\060\005\006\003\053\145\161\004\073\004\071'

for type in rsa2048 dsa1024 ecdsa256 ecdsa384 ecdsa521 ed25519 ed448; do
	ppks $type
	opensshes $type
	publics $type
	encrypted_pkcs8 $type enc -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 1000
done
sshcoms rsa2048
sshcoms dsa1024

# One type is enough for the kinds of encryption, and two for the old ones.
for prf in hmacWithSHA1 hmacWithSHA224 hmacWithSHA384 hmacWithSHA512 hmacWithSHA512-224 hmacWithSHA512-256; do
	encrypted_pkcs8 ed25519 "$prf" -v2 aes-256-cbc -v2prf "$prf" -iter 1000
done
for cipher in aes-128-cbc aes-192-cbc des-ede3-cbc; do
	encrypted_pkcs8 ed25519 "$cipher" -v2 "$cipher" -v2prf hmacWithSHA256 -iter 1000
	encrypted_pkcs8 rsa2048 "$cipher" -v2 "$cipher" -v2prf hmacWithSHA1 -iter 1000
done
for type in ed25519 rsa2048 ecdsa256; do
	encrypted_pkcs8 $type scrypt -scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 2
	encrypted_pkcs8 $type pbe-sha1-3des -v1 PBE-SHA1-3DES -iter 1000
done
for cipher in $(ssh -Q cipher); do
	name=ed25519.${cipher%@openssh.com}.openssh
	reopen ed25519.openssh "$name" "$cipher"
	note "$name" ed25519 openssh-key-v1 yes ssh-keygen
done

chmod 0644 ./*
rm -rf "$here/twins"
cp -r "$work/twins" "$here/twins"
chmod 0755 "$here/twins"
openssl genrsa -traditional -out "$work/console.pem" 2048 2>/dev/null
install -m 0644 "$work/console.pem" "$here/console-rsa2048.pem"
echo "generate.sh: made $(grep -c . manifest.tsv) files in $here/twins"
