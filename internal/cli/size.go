package cli

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// size is an amount of memory in KiB, as the value of a flag.
type size uint64

// units are powers of 1024, also without the "i", as other programs that take an amount of memory
// read them.
var units = map[string]uint64{"": 1, "k": 1, "m": 1 << 10, "g": 1 << 20, "t": 1 << 30}

var errSize = errors.New("not a size")

// Set reads 65536, which are KiB, and 64M, 64MB, 64MiB and "64 mib".
func (s *size) Set(text string) error {
	digits := strings.TrimRight(text, " KMGTIBkmgtib")
	unit := strings.ToLower(strings.TrimSpace(text[len(digits):]))
	for _, end := range []string{"ib", "b"} {
		if short, ok := strings.CutSuffix(unit, end); ok && short != "" {
			unit = short
			break
		}
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	factor := units[unit]
	if err != nil || factor == 0 || n > math.MaxUint64/factor {
		return errSize
	}
	*s = size(n * factor)
	return nil
}

// String returns the number of KiB.
func (s *size) String() string { return strconv.FormatUint(uint64(*s), 10) }

// Type names the kind of value.
func (*size) Type() string { return "size" }
