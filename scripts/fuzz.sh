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
# Asked for its targets, "go test" would build every package that has none.
for folder in $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); do
	package=$module${folder#.}
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz'); do
		echo "fuzz $package $target $FUZZTIME"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 20x "$package"
		count=$((count + 1))
		if [ "${KEEP:-0}" = 1 ] && [ -d "$cache/$package/$target" ]; then
			mkdir -p "$folder/testdata/fuzz/$target"
			cp "$cache/$package/$target/"* "$folder/testdata/fuzz/$target/"
		fi
	done
done
echo "fuzzed $count targets"
[ "$count" -gt 0 ]
