package mend

import (
	"strconv"
	"strings"
)

// CodeCount is the code of the repair of a .ppk with fewer lines of base64 than its line count
// says: one that does not open has lost a line.
const CodeCount = "ppk-count"

// lacksLines reports whether a blob has fewer lines than its line count says, as they are, and
// as PuTTY would write them.
func (p ppkPart) lacksLines() bool {
	words := strings.Fields(p.value)
	if !strings.HasSuffix(p.name, "-Lines") || len(words) == 0 {
		return false
	}
	count, err := strconv.Atoi(words[0])
	size := len(strings.Join(words[1:], ""))
	return err == nil && len(words)-1 < count && (size+63)/64 < count
}
