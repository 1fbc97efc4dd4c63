#!/bin/sh
# Runs every fuzz target of every package FUZZTIME times, one after the other, and
# fails where there is none: a renamed target must not drop out unnoticed. With
# KEEP=1 the inputs that reached new code are kept in testdata/fuzz, where every
# later test tries them. Making such inputs small takes a minute each by default, and
# nothing is tried meanwhile, so little effort goes into it.
set -eu
module=$(go list -m)
cache=$(go env GOCACHE)/fuzz
count=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# A program for each package, linked once for all of its targets. Asked for its targets,
# "go test" would build every package that has none.
for folder in $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); do
	package=$module${folder#.}
	go test -c -vet=off -fuzz Fuzz -o "$work/fuzz.test" "$package"
	for target in $(cd "$folder" && "$work/fuzz.test" -test.list '^Fuzz'); do
		echo "fuzz $package $target $FUZZTIME"
		(cd "$folder" && "$work/fuzz.test" -test.run '^$' -test.fuzz "^$target\$" -test.fuzztime "$FUZZTIME" \
			-test.fuzzminimizetime 20x -test.fuzzcachedir "$cache/$package")
		count=$((count + 1))
		if [ "${KEEP:-0}" = 1 ] && [ -d "$cache/$package/$target" ]; then
			mkdir -p "$folder/testdata/fuzz/$target"
			cp "$cache/$package/$target/"* "$folder/testdata/fuzz/$target/"
		fi
	done
done
echo "fuzzed $count targets"
[ "$count" -gt 0 ]
