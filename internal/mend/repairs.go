package mend

import (
	"slices"

	"github.com/keyconv/keyconv/internal/lazy"
)

// repairs by code. A reading collects codes, so that each is named once.
var repairs = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"utf-16":           "it was in UTF-16, as PowerShell writes it",
		"html":             "it was in HTML, as tags or entities",
		"escapes":          `line ends were written as \n`,
		"backslashes":      `there were backslashes before characters, as in \/ of JSON`,
		"continued":        `each line ended in a \, as in a shell`,
		"separators":       "line ends were written as another sign, such as ; or ↵",
		"base64url":        "the base64 was in the alphabet for URLs, with - and _",
		"invisible":        "there were invisible or non-breaking characters in it",
		"base64":           "the whole file was in base64",
		"hex":              "the whole file was in numbers, as a dump or a program shows bytes",
		"rtf":              "it was in an RTF document",
		"percent":          "characters were encoded for a URL, as in %20",
		"utf-7":            "it was in UTF-7",
		"ansi":             "there were the colours of a terminal in it",
		"controls":         "control characters were shown in it, as ^M",
		"joined":           "it was in strings of a program that are joined",
		"look-alikes":      "letters were replaced by others that look like them",
		"prefix":           "there was other text before each line, as in a diff, a log or a comment",
		"suffix":           "there was other text after each line",
		"plus":             "each + had become a space",
		"junk":             "there were characters between the letters that do not belong there",
		"text-inside":      "there was other text between the BEGIN and the END line",
		"begin-twice":      "the BEGIN line was there twice",
		"end-twice":        "the END line was there twice",
		"end-label":        "the END line belongs to another BEGIN line",
		"label":            "the BEGIN line has a label that does not belong to what is inside",
		"headers":          "the lines Proc-Type and DEK-Info, or the blank line after them, were damaged",
		"layout":           "the layout of the lines was damaged",
		"after":            "something follows the key",
		"quoted-printable": "it was in quoted-printable, as in a mail",
		"padding-extra":    "there were too many = at the end of the base64",
		"dashes":           "the dashes of the first or last line were typographic, or not five",
		"one-line":         "the line ends were lost",
		"indent":           "the lines were indented",
		"trailing":         "there were spaces at the end of lines",
		"backticks":        "line ends were written as `n, as PowerShell does",
		"blank-lines":      "there were blank lines in it",
		"quoting":          `the lines began with the ">" of a quoted mail`,
		"quotes":           "there were quotes around it",
		"around":           "there was other text around the key",
		"no-begin":         "the BEGIN line was missing",
		"no-first-line":    "the first line of the .ppk was missing",
		"no-end":           "the END line was missing",
		"padding":          "the = at the end of the base64 were missing",
		"comment":          "the comment was converted to UTF-8 after the MAC was made of it",
		"ppk-count":        "the .ppk says that it has more lines of base64 than there are",
		"ppk-layout":       "the layout of the .ppk was damaged",
	}
}}

// RepairOf returns the repair of a code, for callers that found a key in another way.
func RepairOf(code string) Repair { return Repair{code, repairs.Get()[code]} }

// minor are the codes of what comes with another damage, and is named after it.
var minor = []string{"around", "quotes", "trailing", "blank-lines", "layout"}

// named returns the repairs of the codes, each once.
func named(codes []string) []Repair {
	codes = slices.Compact(slices.Sorted(slices.Values(codes)))
	slices.SortStableFunc(codes, func(a, b string) int {
		return slices.Index(minor, a) - slices.Index(minor, b)
	})
	var list []Repair
	for _, code := range codes {
		list = append(list, RepairOf(code))
	}
	return list
}
