#!/usr/bin/env bash
# Prints the lines of a key file that hold its private half: private.sh FILE
set -euo pipefail
file=$1
if grep -aq '^ *{' "$file"; then
	jq -r '.. | objects | .d, .p, .q, .dp, .dq, .qi, .k | strings' "$file"
else
	tr -d '\r' <"$file" | awk '
		/^-.*BEGIN .*PRIVATE KEY/ { inside = 1; next }
		/^-.*END / { inside = 0 }
		/^Private-Lines:/ { rest = $2; next }
		inside || rest > 0 { if (length($0) >= 16 && $0 !~ /[: ]/) print; rest-- }
	'
fi
