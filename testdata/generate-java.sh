#!/bin/sh
# Makes testdata/jks again: Java keystores with the keys of testdata/twins.
# Usage: testdata/generate-java.sh
# Needs openssl, and keytool of Java 15 or later (Ed25519):
#   apt-get install openssl default-jre-headless
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PASS='correct horse'
OTHER='other horse'

# store NAME STORETYPE TYPE...: a keystore with a key of each type, in that order.
store() {
	name=$1 kind=$2
	shift 2
	for type in "$@"; do
		openssl req -x509 -new -key "$here/twins/$type.pkcs8.pem" -subj "/CN=$type" -days 36500 -out "$work/$type.crt"
		openssl pkcs12 -export -inkey "$here/twins/$type.pkcs8.pem" -in "$work/$type.crt" -name "$type" \
			-passout "pass:$PASS" -out "$work/$type.p12"
		keytool -importkeystore -noprompt -srckeystore "$work/$type.p12" -srcstorepass "$PASS" -srcstoretype PKCS12 \
			-destkeystore "$work/$name" -deststorepass "$PASS" -deststoretype "$kind" 2>/dev/null
	done
}

for type in rsa2048 ecdsa256 ecdsa384 ecdsa521 ed25519 dsa1024; do
	store $type.jks JKS $type
done
store several.jks JKS rsa2048 ed25519 ecdsa384
keytool -importcert -noprompt -alias authority -file "$work/rsa2048.crt" -keystore "$work/several.jks" -storepass "$PASS" 2>/dev/null
store rsa2048.jceks JCEKS rsa2048
store several.jceks JCEKS ed25519 ecdsa256
store key-password.jks JKS ecdsa256
keytool -keypasswd -alias ecdsa256 -keystore "$work/key-password.jks" -storepass "$PASS" -keypass "$PASS" -new "$OTHER" 2>/dev/null
keytool -importcert -noprompt -alias authority -file "$work/rsa2048.crt" -keystore "$work/trusted.jks" -storetype JKS -storepass "$PASS" 2>/dev/null
store secret.jceks JCEKS rsa2048
keytool -genseckey -alias secret -keyalg AES -keysize 128 -keystore "$work/secret.jceks" -storetype JCEKS -storepass "$PASS" -keypass "$PASS" 2>/dev/null
store several.p12 PKCS12 rsa2048 ed25519 ecdsa384

rm -rf "${here:?}/jks"
mkdir "$here/jks"
for name in rsa2048.jks ecdsa256.jks ecdsa384.jks ecdsa521.jks ed25519.jks dsa1024.jks several.jks rsa2048.jceks several.jceks \
	key-password.jks trusted.jks secret.jceks several.p12; do
	cp "$work/$name" "$here/jks/$name"
	chmod 0644 "$here/jks/$name"
done
