package keyconv

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// layoutCodes names what is wrong with the lines of a body, which is to be written
// anew in any case.
func layoutCodes(body string) []string {
	lines := splitLines(body)
	var codes []string
	if len(lines) <= 3 && len(body) > 200 {
		codes = append(codes, "one-line")
	}
	for _, check := range layoutChecks {
		if slices.ContainsFunc(lines, check.found) {
			codes = append(codes, check.code)
		}
	}
	if hasBlankLine(lines) {
		codes = append(codes, "blank-lines")
	}
	return codes
}

var layoutChecks = []struct {
	code  string
	found func(line string) bool
}{
	{"indent", func(l string) bool { return isIndented(l) && strings.TrimSpace(l) != "" }},
	{"trailing", func(l string) bool { return hasTrailingSpace(l) && strings.TrimSpace(l) != "" && !isHeader(l) }},
	{"quoting", func(l string) bool { return strings.HasPrefix(strings.TrimLeft(l, " \t"), ">") }},
	{"quotes", func(l string) bool { return strings.ContainsAny(l, "\"'") && !isHeader(l) }},
}

func isIndented(line string) bool {
	return strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
}

func hasTrailingSpace(line string) bool { return strings.TrimRight(line, " \t") != line }

// isHeader is a line that may have spaces at its end and quotes in it: a comment.
func isHeader(line string) bool { return strings.Contains(line, ": ") }

// hasBlankLine finds a line with nothing on it between others. The one behind the
// headers of RFC 1421 belongs there.
func hasBlankLine(lines []string) bool {
	for i := 1; i+1 < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" && !isHeader(lines[i-1]) {
			return true
		}
	}
	return false
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// splitLines splits at LF, CRLF and CR.
func splitLines(s string) []string { return strings.Split(lineEnds.Replace(s), "\n") }

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// aroundCodes names what stands outside of the key.
func aroundCodes(outside string) []string {
	rest := strings.TrimSpace(outside)
	if rest == "" {
		return nil
	}
	if strings.Trim(rest, "\"'` \t\r\n,;") == "" {
		return []string{"quotes"}
	}
	return []string{"around"}
}

// dashClass are the characters that editors make of "-".
const dashClass = `[-\x{2010}-\x{2015}\x{2212}\x{ad}\x{fe58}\x{fe63}\x{ff0d}]`

// lazy compiles an expression when it is first used: most files need no mending, and
// compiling all of these would take longer than converting a key.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

var anyDash = lazy(dashClass)

func plainDashes(s string) string { return anyDash().ReplaceAllString(s, "-") }
