package cli

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

// lifetimeUnits are the time formats of sshd_config(5), in seconds.
var lifetimeUnits = lazy.Map[string, uint64]{Make: func() map[string]uint64 {
	return map[string]uint64{"": 1, "s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60, "w": 7 * 24 * 60 * 60}
}}

// parseLifetime reads what ssh-add -t takes; an empty text means no limit, 0. The agent
// protocol has 32 bits for the seconds.
func parseLifetime(text string) (uint32, error) {
	if text == "" {
		return 0, nil
	}
	form, part := regexp.MustCompile(`^(?:[0-9]+[smhdwSMHDW]?)+$`), regexp.MustCompile(`([0-9]+)([smhdw]?)`)
	if !form.MatchString(text) {
		return 0, usagef("--lifetime %q is not a time", text).With(say("seconds, or a number with s, m, h, d or w, as in 90s, 8h or 1w2d"))
	}
	var total uint64
	for _, m := range part.FindAllStringSubmatch(strings.ToLower(text), -1) {
		n, err := strconv.ParseUint(m[1], 10, 32)
		total += n * lifetimeUnits.Get()[m[2]]
		if err != nil || total > math.MaxUint32 {
			return 0, usagef("--lifetime %s is too long: an agent counts up to %d seconds", text, uint32(math.MaxUint32))
		}
	}
	if total == 0 {
		return 0, usagef("--lifetime %s is zero", text)
	}
	return uint32(total), nil
}
