package quote

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/lazy"
)

// The limits of a text that is printed where a name belongs.
const (
	maxName  = 255 // bytes of a name on ext4, APFS and, in UTF-16, NTFS
	maxRun   = 39  // base64 letters in a row; an Ed25519 seed has 43
	maxWord  = 25  // letters of a word; longer ones are taken for base64
	maxBytes = 20  // bytes written as 2f:0a:...; a fingerprint has up to 20 (SHA-1)
)

// markers lists, in capitals, what begins or ends the text of a key.
var markers = []string{
	"-----BEGIN", "-----END", "---- BEGIN", "---- END", "PUTTY-USER-KEY-FILE", "PRIVATE-LINES:", "PRIVATE-MAC:",
	"SSH PRIVATE KEY FILE FORMAT", "AGE-SECRET-KEY-", `"KTY"`, `\"KTY\"`,
	"OPENSSH-KEY-V1\x00", `OPENSSH-KEY-V1\0`, `OPENSSH-KEY-V1\X00`, "B3BLBNNZAC1RZXKTDJE", // in base64
}

// Name returns the text that was given as a name in the form that a message may show: as
// it is, or quoted where it has control characters or bytes that are not UTF-8. A text
// that could be a secret is not shown; the result says what it looks like.
func Name(text string) string {
	if what := Secret(text); what != "" {
		return hiding(what)
	}
	return Line(text)
}

func hiding(what string) string { return "(not shown: it looks like " + what + ")" }

// Line returns a text in a form that can begin a line of a report: as it is, or quoted
// where it has control characters, bytes that are not UTF-8, or what a CI system takes
// for a command. GitHub's runner reads "::name::" at the beginning of a line, after blanks.
func Line(text string) string {
	if isPlain(text) {
		return text
	}
	isPrintable := utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
	if isPrintable && !strings.HasPrefix(strings.TrimSpace(text), "::") && Inert(text) == text {
		return text
	}
	return Inert(strconv.Quote(text))
}

// inert escapes the commands that a CI system obeys anywhere in a line, as Go does in
// quotes: those of GitHub's runner in the old form, of Azure Pipelines and of TeamCity.
var inert = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer("##[", `#\x23[`, "##vso[", `#\x23vso[`, "##teamcity[", `#\x23teamcity[`)
}}

// Inert returns a text that has no command to a CI system inside of it.
func Inert(text string) string {
	if !strings.Contains(text, "##") { // with which all of them begin
		return text
	}
	return inert.Get().Replace(text)
}

// What a name is made of that needs no looking at. The shortest marker of these letters has one
// more than maxPlain, and all else that could be a secret has other letters, or far more.
const (
	plainLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/"
	maxPlain     = 18
)

// isPlain reports whether a text is so short and plain that it is not a secret, and needs no
// quotes.
func isPlain(text string) bool {
	return len(text) <= maxPlain && strings.Trim(text, plainLetters) == ""
}

// Secret says what a text that was given as a name looks like if it could be a secret,
// and so must not be printed: "the text of a key". It returns "" for a name.
func Secret(text string) string {
	if isPlain(text) {
		return ""
	}
	what := KeyText(text)
	switch {
	case what == KeyMarker:
	case strings.ContainsAny(text, "\r\n"):
		return "several lines of text"
	case what == "" && len(text) > maxName:
		return fmt.Sprintf("a text of %d bytes", len(text))
	case what == "" && isPassphrase(text):
		return Passphrase
	case what == "" && HasPassword(text):
		return "a user with a password"
	}
	return what
}

// Passphrase is what Secret says of a passphrase with its name, such as /passphrase:TEXT.
const Passphrase = "a passphrase"

// KeyMarker is what Secret says of a text that has a marker of a key.
const KeyMarker = "the text of a key"

const likeBase64 = "base64, as in a key"

// KeyText says what a text looks like that has a part of a key in it, whatever its length
// and lines; "" for any other.
func KeyText(text string) string {
	text = strings.ReplaceAll(text, "\x00", "") // of UTF-16 that was taken for bytes
	capitals := strings.ToUpper(text)
	for _, marker := range markers {
		if strings.Contains(capitals, marker) {
			return KeyMarker
		}
	}
	if hasRun(text, maxRun) || hasHexBytes(text) {
		return likeBase64
	}
	return ""
}

// hasHexBytes reports whether a text has many bytes in hexadecimal with something between
// them, as openssl pkey -text and hexdump print a key.
func hasHexBytes(text string) bool {
	bytes := 0
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(": ,\t\r\n", r) }) {
		part = strings.TrimPrefix(strings.TrimPrefix(part, "0x"), `\x`)
		if len(part) != 2 || strings.Trim(part, "0123456789abcdefABCDEF") != "" {
			bytes = 0
		} else if bytes++; bytes > maxBytes {
			return true
		}
	}
	return strings.Count(text, `\x`) > maxBytes
}

// hasRun reports whether a text has more than that many base64 letters in a row, of either
// alphabet, that are not words or paths. Some of these letters are separators in names.
func hasRun(text string, max int) bool {
	for run := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isAlphanumeric(r) && !strings.ContainsRune("+/=-_%", r) }) {
		if len(run) > max && !isReadable(run) {
			return true
		}
	}
	return false
}

// isReadable reports whether a run of base64 letters is words and numbers: in
// CamelCase, or between separators. In random letters more than half differ in kind
// from the one before them; in names less than a fifth do.
func isReadable(run string) bool {
	changes := 0
	for _, part := range strings.FieldsFunc(run, func(r rune) bool { return !isAlphanumeric(r) }) {
		if len(part) > maxRun && strings.Trim(part, "0123456789abcdefABCDEF") == "" {
			return false
		}
		word := 1
		for i := 1; i < len(part); i++ {
			word++
			if kindOf(part[i]) == kindOf(part[i-1]) || isTitle(part[i-1:]) {
				if word > maxWord {
					return false
				}
				continue
			}
			changes++
			word = 1
		}
	}
	return 5*changes <= len(run)
}

// isTitle reports whether a capital begins a word, to which it belongs.
func isTitle(text string) bool {
	return len(text) > 2 && kindOf(text[0]) == upper && kindOf(text[1]) == lower && kindOf(text[2]) == lower
}

const (
	digit = iota
	lower
	upper
)

func kindOf(letter byte) int {
	switch {
	case letter >= 'a':
		return lower
	case letter >= 'A':
		return upper
	}
	return digit
}

func isAlphanumeric(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// part is how many bytes of a hidden text may be printed, less one: too few to be of use,
// and more than words of a message have in common with a path.
const part = 12

// Hidden has the texts of a run that stand where a name belongs and could be secrets. It
// takes them, and parts of them, out of what is printed. A nil pointer and the zero value
// hide nothing.
type Hidden struct {
	mu    sync.Mutex
	parts map[string]string // what the text is of which it is a part
}

// Add hides a text; what says what it looks like.
func (h *Hidden) Add(text, what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.parts == nil {
		h.parts = map[string]string{}
	}
	for i := 0; i+part <= len(text); i++ {
		h.parts[text[i:i+part]] = what
	}
}

// Clean returns a text without the parts of it that are hidden.
func (h *Hidden) Clean(text string) string {
	if h == nil {
		return text
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.parts) == 0 {
		return text
	}
	var b strings.Builder
	shown := 0 // the end of what is written
	for i := 0; i+part <= len(text); i++ {
		what, found := h.parts[text[i:i+part]]
		switch {
		case !found:
		case i >= shown:
			b.WriteString(text[shown:i] + hiding(what))
			fallthrough
		default:
			shown = i + part
		}
	}
	b.WriteString(text[shown:])
	return b.String()
}

// CleanAll takes what is hidden out of all texts in the value that p points to.
func (h *Hidden) CleanAll(p any) { h.cleanValue(reflect.ValueOf(p)) }

func (h *Hidden) cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		h.cleanValue(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			h.cleanValue(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			h.cleanValue(v.Index(i))
		}
	case reflect.String:
		v.SetString(h.Clean(v.String()))
	}
}
