#!/bin/sh
# Logs in to a real sshd with what the button of the window saved: login.sh TEST.EXE, the
# tests of cmd/keyconv, with WINE set. There is no PuTTY for Windows here, so plink of this
# system gets the values of the registry as its session.
set -eu
test=$1
work=$(mktemp -d)
sshd=
trap '[ -z "$sshd" ] || kill $sshd 2>/dev/null || true; rm -rf "$work"' EXIT
PATH=$PATH:/usr/sbin:/sbin

ssh-keygen -q -t ed25519 -N '' -f "$work/host"
ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f "$work/ecs.pem"
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
# A port of its own, below those that systems hand out: another one where it is in use.
port=$((20000 + $$ % 12000))
until grep -q '^Server listening' "$work/log" 2>/dev/null; do
	if [ -z "$sshd" ] || ! kill -0 "$sshd" 2>/dev/null; then
		port=$((port + 1))
		[ "$port" -lt 32768 ] || { cat "$work/log" >&2; exit 1; }
		cat >"$work/config" <<END
ListenAddress 127.0.0.1:$port
HostKey $work/host
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
AuthorizedKeysFile $work/ecs.pem.pub
END
		"$(command -v sshd)" -D -f "$work/config" -E "$work/log" &
		sshd=$!
	fi
	sleep 0.1
done

user=$(id -un) name='real login'
place='HKCU\Software\SimonTatham\PuTTY\Sessions\real%20login'
"$WINE" reg delete "$place" /f </dev/null >/dev/null 2>&1 || true # of a run before
KEYCONV_LOGIN="127.0.0.1:$port" KEYCONV_LOGIN_USER=$user KEYCONV_LOGIN_NAME=$name \
	KEYCONV_LOGIN_KEY="Z:$(printf %s "$work/ecs.pem" | tr / '\\')" \
	"$WINE" "$test" -test.run '^TestWindowLogsInForReal$' -test.v </dev/null >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
grep -q -e '--- PASS: TestWindowLogsInForReal' "$work/out" || { cat "$work/out" >&2; exit 1; }

# What is in the registry, as PuTTY on Unix has it: numbers in decimal, and the path of the
# key without the drive of wine.
mkdir -p "$work/putty/sessions"
"$WINE" reg query "$place" </dev/null 2>/dev/null | tr -d '\r' |
	while read -r setting kind value; do
		case $kind in
		REG_DWORD) printf '%s=%d\n' "$setting" "$value" ;;
		REG_SZ) printf '%s=%s\n' "$setting" "$(printf %s "$value" | sed 's/^Z:\\/\//' | tr '\\' /)" ;;
		esac
	done >"$work/putty/sessions/real%20login"
fingerprint=$(ssh-keygen -l -f "$work/host.pub" | cut -d ' ' -f 2)
said=$(PUTTYDIR=$work/putty plink -batch -hostkey "$fingerprint" -load "$name" 'echo logged in' </dev/null) || {
	cat "$work/putty/sessions/real%20login" "$work/log" >&2
	exit 1
}
[ "$said" = 'logged in' ] || {
	echo "login.sh: plink said: $said" >&2
	exit 1
}
echo "login.sh: plink has logged in with the session that the window saved"
