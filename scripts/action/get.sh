#!/usr/bin/env bash
# Puts keyconv into $RUNNER_TEMP/keyconv for action.yml: the released program that
# released.txt names, or, in a clone or before the first release, one of this source.
set -euo pipefail
here=$GITHUB_ACTION_PATH
bin=$RUNNER_TEMP/keyconv

wrong() {
	echo "::error title=keyconv::$1"
	exit 1
}

for tool in jq tar; do
	command -v $tool >/dev/null || wrong "the program $tool is missing on this runner"
done

# build: what the workflow sets for its own programs, such as GOOS in a matrix, is not meant
# for this one. GOTOOLCHAIN lets an older Go fetch the one that go.mod names, which
# setup-go would forbid.
build() {
	command -v go >/dev/null || wrong "the program go is missing on this runner"
	(
		unset GOARM GOARM64 GOAMD64 GO386 GOEXPERIMENT GOTOOLDIR CC CXX
		cd "$here"
		GOOS=$(go env GOHOSTOS) GOARCH=$(go env GOHOSTARCH) GOFLAGS=-mod=readonly GOWORK=off CGO_ENABLED=0 \
			GO111MODULE=on GOTOOLCHAIN=auto go build -trimpath -buildvcs=false -o "$bin/" ./cmd/keyconv
	)
}

sum() {
	if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d' ' -f1
}

# download LINE: the file of a line of checksums.txt, if it is what the line says.
download() {
	local want=${1%% *} name=${1##* } version folder
	folder=${name%.tar.gz}
	folder=${folder%.exe}
	version=${name#keyconv_}
	version=${version%%_*}
	mkdir -p "$bin"
	curl -fsSL --retry 3 -o "$bin/download" "https://github.com/keyconv/keyconv/releases/download/v$version/$name" ||
		wrong "cannot download $name"
	if [ "$(sum <"$bin/download")" != "$want" ]; then
		rm -f "$bin/download"
		wrong "$name is not the file that was released"
	fi
	case $name in
	*.exe) mv "$bin/download" "$bin/keyconv.exe" ;;
	*)
		tar -xzf "$bin/download" -C "$bin" --strip-components=1 "$folder/keyconv"
		rm "$bin/download"
		;;
	esac
}

case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
Linux-X64) file=linux_amd64.tar.gz ;;
Linux-ARM64) file=linux_arm64.tar.gz ;;
Linux-X86) file=linux_386.tar.gz ;;
Linux-ARM) file=linux_arm.tar.gz ;;
macOS-X64) file=darwin_amd64.tar.gz ;;
macOS-ARM64) file=darwin_arm64.tar.gz ;;
Windows-X64) file=windows_amd64.exe ;;
Windows-ARM64) file=windows_arm64.exe ;;
Windows-X86) file=windows_386.exe ;;
*) file= ;;
esac
line=
[ -z "$file" ] || line=$(grep "^[0-9a-f]\{64\}  keyconv_[0-9][^ ]*_$file\$" "$here/scripts/action/released.txt" || true)

if [ -e "$here/.git" ] || [ -z "$line" ]; then
	build
else
	download "$line"
fi
echo "$bin" >>"$GITHUB_PATH"
