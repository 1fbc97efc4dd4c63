#!/bin/sh
# Runs the Go tests as Windows programs, and keyconv.exe through the scripts in
# scripts/wine, in wine on Debian or Ubuntu (amd64). docs/dev/windows.md says what that proves
# and what not. With PICTURES=docs/images it writes the pictures of that page.
set -eu
cd "$(dirname "$0")/.."

wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
gcc=x86_64-w64-mingw32-gcc

packages=
[ -x "$wine" ] || packages="$packages wine64"
command -v $gcc >/dev/null 2>&1 || packages="$packages gcc-mingw-w64-x86-64-win32 mingw-w64-x86-64-dev"
command -v expect >/dev/null 2>&1 || packages="$packages expect"
for pair in jq:jq openssl:openssl osslsigncode:osslsigncode Xvfb:xvfb convert:imagemagick unzip:unzip plink:putty-tools ssh-keygen:openssh-client; do
	command -v "${pair%%:*}" >/dev/null 2>&1 || packages="$packages ${pair#*:}"
done
(PATH=$PATH:/usr/sbin:/sbin; command -v sshd) >/dev/null 2>&1 || packages="$packages openssh-server"
if [ -n "$packages" ]; then
	# shellcheck disable=SC2086
	scripts/apt-install.sh $packages
	[ -x "$wine" ] || wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
fi

# A Windows of its own for this run: nothing of another run is in its registry or files.
work=$(mktemp -d)
export WINEPREFIX="$work/prefix" WINEDEBUG=-all WINE="$wine"
# Of the locale wine makes the names of files and the code page: UTF-8 and 1252 here.
export LC_ALL=C.UTF-8
stop() {
	"$(dirname "$wine")/wineserver64" -k 2>/dev/null || "$(dirname "$wine")/wineserver" -k 2>/dev/null || true
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

"$wine" wineboot -i </dev/null >/dev/null 2>&1
system="$WINEPREFIX/drive_c/windows/system32"
# Older wine has no such DLL, and every Go program needs it.
if [ ! -e "$system/bcryptprimitives.dll" ]; then
	$gcc -O2 -s -shared -o "$system/bcryptprimitives.dll" scripts/wine/bcryptprimitives.c -ladvapi32
fi

# Without a screen, consoles have a window, which is shown or hidden, with this driver alone.
"$wine" reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f </dev/null >/dev/null 2>&1
export KEYCONV_DESKTOP=1

# os.RemoveAll, with which the testing package clears its folders, asks Windows for a
# kind of deletion that wine 8.0 answers with STATUS_NOT_IMPLEMENTED, an error that the
# Go library does not expect. For the tests alone it falls back then, as it does for other
# such errors; keyconv.exe below is built with the library as it is.
library=$(go env GOROOT)/src/internal/syscall/windows/at_windows.go
sed 's/^\tcase STATUS_INVALID_INFO_CLASS,/\tcase NTStatus(0xC0000002), STATUS_INVALID_INFO_CLASS,/' "$library" >"$work/at_windows.go"
if cmp -s "$library" "$work/at_windows.go"; then
	echo "test-windows: the Go library has changed, and with it what this script replaces in it" >&2
	exit 1
fi
printf '{"Replace":{"%s":"%s"}}\n' "$library" "$work/at_windows.go" >"$work/overlay.json"

# files prints the Go files, with those of tests, that are built for a system.
files() {
	GOOS=$1 go list -f '{{$p := .ImportPath}}{{range .GoFiles}}{{$p}} {{.}}{{"\n"}}{{end}}{{range .TestGoFiles}}{{$p}} {{.}}{{"\n"}}{{end}}{{range .XTestGoFiles}}{{$p}} {{.}}{{"\n"}}{{end}}' ./... | sort
}
files linux >"$work/linux"
files windows >"$work/windows"

export GOOS=windows GOARCH=amd64 KEYCONV_REQUIRE_TOOLS=
# The packages that meet a system: with files for Windows alone, or with what asks the
# system something. Of the others, which are arithmetic on bytes, a sample. Releases are
# made by go and git, which are no programs of wine.
packages=$({
	comm -13 "$work/linux" "$work/windows"
	go list -f '{{$p := .ImportPath}}{{range .Imports}}{{$p}} {{.}}{{"\n"}}{{end}}' ./... |
		grep -E ' (os|os/.*|path/filepath|syscall|golang.org/x/(sys|term).*)$'
	go list -f '{{.ImportPath}} ' . ./ppk ./pemkey ./vectors
} | cut -d ' ' -f 1 | grep -v /scripts/ | sort -u)

# -short: loops over arithmetic, which is the same on every system, take a sample. No
# program of Linux can be run in wine, so the tests that compare with one skip here.
# shellcheck disable=SC2086
go test -short -timeout 10m -overlay "$work/overlay.json" -exec "$wine" $packages </dev/null

go build -o "$work/keyconv.exe" ./cmd/keyconv
mkdir "$work/keys"
scripts/wine/check.sh "$work/keyconv.exe" "$PWD/testdata" "$work/keys"

go test -c -overlay "$work/overlay.json" -o "$work/tests.exe" ./cmd/keyconv
scripts/wine/login.sh "$work/tests.exe"

# The window as it is released: with the manifest, which decides on how it is drawn, and signed.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=a test of keyconv" -days 2 \
	-addext extendedKeyUsage=codeSigning -keyout "$work/certificate.key" -out "$work/certificate.pem" 2>/dev/null
env -u GOOS -u GOARCH go run ./scripts/release -version v0.0.0 -targets windows/amd64 -allow-dirty -output "$work/dist" \
	-certificate "$work/certificate.pem" -certificate-key "$work/certificate.key" >/dev/null
osslsigncode verify -CAfile "$work/certificate.pem" -in "$work/dist/keyconv_0.0.0_windows_amd64.exe" >/dev/null
"$wine" "$work/dist/keyconv_0.0.0_windows_amd64.exe" version </dev/null | tr -d '\r' | grep -qx 'keyconv v0.0.0'
unzip -q -j "$work"/dist/*_windows_amd64.zip '*/keyconv.exe' -d "$work/dist"
mkdir "$work/pictures"
scripts/wine/pictures.sh "$work/dist/keyconv.exe" "$PWD/testdata/console-rsa2048.pem" "${PICTURES:-$work/pictures}"
