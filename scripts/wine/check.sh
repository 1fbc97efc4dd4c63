#!/bin/sh
# Runs keyconv.exe in wine as a person or script on Windows would, and stops at the first
# thing that is not as it should be: check.sh KEYCONV.EXE TESTDATA EMPTY-FOLDER, with WINE
# and WINEPREFIX set. In the end it runs the commands of docs/windows.md.
set -eu
exe=$1 testdata=$2 folder=$3
scripts=$(cd "$(dirname "$0")" && pwd)
cd "$folder"
pem=$testdata/console-rsa2048.pem
twins=$testdata/twins
checks=0

fail() {
	echo "check.sh: $*" >&2
	[ ! -s err ] || sed 's/^/stderr: /' err >&2
	exit 1
}

# expects CODE ARG...: runs keyconv, with what it printed in the files out and err.
expects() {
	want=$1
	shift
	code=0
	"$WINE" "$exe" "$@" <"${input:-/dev/null}" >out 2>err || code=$?
	input=
	[ "$code" = "$want" ] || fail "exit code $code, not $want: keyconv $*"
	checks=$((checks + 1))
}
says() { grep -q -- "$1" err || fail "nothing says: $1"; }
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ"; }
# private FILE: wine keeps an access list as a mode, with the Administrators for the group,
# so that only the others tell something.
private() {
	case $(stat -c %a "$1") in
	?*0) ;;
	*) fail "$1 has the mode $(stat -c %a "$1")" ;;
	esac
}
# windows FILE: its name as programs on Windows know it.
windows() { printf 'Z:%s' "$PWD/$1" | tr / '\\'; }

# Both ways, beside the input, by every kind of name.
cp "$pem" key.pem
expects 0 key.pem
says 'key.pem -> key.ppk (PuTTY'
private key.ppk
expects 0 ppk2pem key.ppk -o back.pem
same key.pem back.pem
private back.pem
mkdir 'my keys'
cp "$pem" 'my keys/schlüssel für höst €.pem'
expects 0 -C key.pem "$(windows 'my keys/schlüssel für höst €.pem')"
same 'my keys/schlüssel für höst €.ppk' key.ppk
says 'schlüssel für höst €.ppk'
expects 0 ppk2pem 'my keys\schlüssel für höst €.ppk' -o 'my keys\ключ.pem'
same 'my keys/ключ.pem' key.pem
expects 0 pem2ppk "\\\\?\\$(windows key.pem)" -o "\\\\?\\$(windows extended.ppk)"
same extended.ppk key.ppk
cp "$pem" UPPER.PEM
expects 0 -C key.pem UPPER.PEM
same UPPER.ppk key.ppk
mkdir out.d
expects 0 pem2ppk -C key.pem -d out.d key.pem UPPER.PEM
same out.d/UPPER.ppk key.ppk

# Longer than MAX_PATH (260).
long=$(printf 'folder%.0s' 1 2 3 4 5 6 7 8 9 10)
long=$long/$long/$long/$long/$long
mkdir -p "$long"
cp "$pem" "$long/key.pem"
expects 0 "$(windows "$long/key.pem")"
same "$long/key.ppk" key.ppk
expects 6 "$(windows "$long/key.pem")"
expects 0 passwd -q -C changed "$(windows "$long/key.ppk")"
expects 0 fix-permissions "$(windows "$long/key.pem")"

# C:key.pem is in the current folder of the drive.
c=$WINEPREFIX/drive_c/keys
mkdir "$c"
cp "$pem" "$c/key.pem"
here=$PWD
(
	cd "$c"
	"$WINE" "$exe" C:key.pem </dev/null 2>"$here/err"
) || fail "C:key.pem"
same "$c/key.ppk" key.ppk
expects 0 pem2ppk -f 'C:\keys\key.pem' -o 'C:\KEYS\KEY.PPK'
[ "$(ls "$c" | wc -l)" = 2 ] || fail "names differ by case alone: $(ls "$c")"

# Names that Windows takes for something else.
expects 1 pem2ppk key.pem -o NUL
says 'Windows takes the name "NUL" for a device'
expects 1 pem2ppk key.pem -o aux.ppk
expects 1 pem2ppk key.pem -o 'key.ppk:stream'
says 'would be a stream hidden in a file'

# Never over an existing file, the input never changed, nothing left behind.
printf precious >full.ppk
expects 6 pem2ppk key.pem -o full.ppk
says 'full.ppk already exists'
for name in FULL.PPK 'full.ppk.' 'full.ppk ' out.d/../full.ppk "$(windows full.ppk)"; do
	expects 6 pem2ppk key.pem -o "$name"
done
cp "$pem" UPPER.key
expects 2 pem2ppk -f upper.key UPPER.pem
says 'would both be written to'
[ "$(cat full.ppk)" = precious ] || fail "full.ppk was overwritten"
expects 0 pem2ppk -f key.pem -o full.ppk
same full.ppk key.ppk
private full.ppk
same key.pem "$pem"
[ -z "$(find . -name '.keyconv-*')" ] || fail "a temporary was left behind"

# Standard input and output are bytes.
input=key.pem expects 0 pem2ppk -C key.pem - -o -
same out key.ppk
openssl pkey -in key.pem -outform DER -out key.der
input=key.der expects 0 pem2ppk -C key.pem - -o -
same out key.ppk
expects 0 ppk2pem key.ppk -o -
same out key.pem
expects 0 convert --to public key.ppk -o -
[ "$(tr -d -c '\r' <out | wc -c)" = 0 ] || fail "CR in the output"

# Passphrases: every encoding of a file, the environment, standard input, nobody to ask.
cp "$twins/ed25519.v3.enc.ppk" enc.ppk
printf 'correct horse\r\nsecond\r\n' >crlf
printf '\357\273\277correct horse\r\n' >bom
printf '\377\376c\0o\0r\0r\0e\0c\0t\0 \0h\0o\0r\0s\0e\0\r\0\n\0' >utf16
for p in crlf bom utf16; do
	expects 0 check enc.ppk --passphrase-file $p
done
PASSWORD='correct horse' expects 0 check enc.ppk --passphrase-env PASSWORD
input=crlf expects 0 check enc.ppk --passphrase-fd 0
expects 2 check enc.ppk --passphrase-fd 3
expects 4 enc.ppk
says 'there is no terminal to ask for the passphrase'
printf wrong >wrong
expects 5 ppk2pem enc.ppk --passphrase-file wrong
[ ! -e enc.pem ] || fail "a wrong passphrase made a file"

# Letters beyond ASCII: written in UTF-8; a key that PuTTYgen made has them in the ANSI
# code page, and so has a file that is not UTF-8.
printf 'pässwörd\r\n' >utf8
printf 'p\344ssw\366rd\r\n' >ansi
expects 0 pem2ppk key.pem --new-passphrase-file ansi -o ansi.ppk
expects 0 check ansi.ppk --passphrase-file utf8
! grep -q note: err || fail "the passphrase was not written in UTF-8"
printf 'p\344ssw\366rd' >ansi.bare
openssl pkcs8 -topk8 -in key.pem -passout file:ansi.bare -out old.pem
expects 0 pem2ppk old.pem --passphrase-file utf8
says 'its passphrase was set in Windows-1252, not in UTF-8'
expects 0 check old.ppk --passphrase-file utf8

# The other exit codes, and the report.
expects 2 pem2ppk
expects 2 missing.pem
expects 1 pem2ppk missing.pem
expects 3 pem2ppk crlf
expects 8 check key.pem --public "$(windows "out.d/../enc.ppk")"
expects 0 pem2ppk --json -q key.pem -o json.ppk
jq -e '.ok and .output == "json.ppk" and .key.bits == 2048' out >/dev/null || fail "the report: $(cat out)"
expects 0 inspect --json "$(windows 'my keys/schlüssel für höst €.pem')"
jq -e '.input | endswith("\\schlüssel für höst €.pem")' out >/dev/null || fail "the report: $(cat out)"

# A key that others may read.
chmod 644 key.pem
expects 0 fix-permissions key.pem
says 'key.pem: private now (access for '
says 'it was .*Everyone'
private key.pem
expects 0 fix-permissions key.pem
says 'already private'
expects 3 fix-permissions crlf
expects 1 fix-permissions 'my keys'

# The clipboard, and a list with the keys of PuTTY's sessions in the registry.
expects 0 public --copy key.pem
says 'key.pem: the public key is on the clipboard'
expects 0 list key.pem
grep -q '^rsa      2048  SHA256:[^ ]*  unencrypted  key.pem' out || fail "list: $(cat out)"
sessions='HKCU\Software\SimonTatham\PuTTY\Sessions\web%20one'
"$WINE" reg add "$sessions" /v HostName /d 192.0.2.1 /f </dev/null >/dev/null 2>&1
"$WINE" reg add "$sessions" /v PublicKeyFile /d "$(windows key.pem)" /f </dev/null >/dev/null 2>&1
expects 0 list
grep -q 'key\.pem  saved session: web one' out || fail "list: $(cat out)"
"$WINE" reg delete "$sessions" /f </dev/null >/dev/null 2>&1

# A window of its own: what to do, in five lines, or the work; both stay until a key is
# pressed. A passphrase that is typed there has its letters.
rm key.ppk
expect "$scripts/window.exp" "$WINE" "$exe" "$(windows key.pem)" old.ppk >tty.log 2>&1 || { cat tty.log >&2; fail "window.exp"; }
[ -e key.ppk ] || fail "the dropped key was not converted"

# The blocks of commands in the manual for Windows, but those that are marked, in cmd, each
# line by itself.
manual=$WINEPREFIX/drive_c/manual
mkdir "$manual"
cp "$pem" "$manual/key.pem"
cp "$pem" "$manual/my key.pem"
awk '/^<!-- not run: .+ -->$/ { skip = 1; next }
	/^```bat$/ { inside = !skip; skip = 0; next }
	/^```$/ { inside = 0 }
	inside' "$scripts/../../docs/windows.md" >commands
[ "$(wc -l <commands)" -ge 5 ] || fail "docs/windows.md has lost its commands"
(
	cd "$manual"
	while IFS= read -r line; do
		printf '@set PATH=%s;%%PATH%%\r\n@%s\r\n' "Z:$(dirname "$exe" | tr / '\\')" "$line" >line.bat
		"$WINE" cmd /c line.bat </dev/null >"$here/out" 2>"$here/err" || exit 1
		echo ran >>"$here/ran"
	done <"$here/commands"
) || fail "of docs/windows.md: $(tail -n 1 "$manual/line.bat")"
[ "$(wc -l <ran)" = "$(wc -l <commands)" ] || fail "not all commands of docs/windows.md were run"
for made in 'my key.ppk' console.ppk piped.ppk; do
	expects 0 convert --to pem "C:\\manual\\$made" -o -
	same out "$pem"
done
same "$manual/back.pem" "$pem"

echo "check.sh: keyconv.exe did as it should $checks times, and in a window of its own"
