package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// CodePage is an ANSI code page of Windows. PuTTY has no other letters: it reads the
// registry through the calls that convert to it.
type CodePage int

// DefaultCodePage is that of Western Europe and the Americas.
const DefaultCodePage CodePage = 1252

// codePages are those that Windows has as the ANSI code page of a locale
// (learn.microsoft.com, "Code Page Identifiers").
var codePages = lazy.Map[CodePage, encoding.Encoding]{Make: func() map[CodePage]encoding.Encoding {
	return map[CodePage]encoding.Encoding{
		874:  charmap.Windows874,
		1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252,
		1253: charmap.Windows1253, 1254: charmap.Windows1254, 1255: charmap.Windows1255,
		1256: charmap.Windows1256, 1257: charmap.Windows1257, 1258: charmap.Windows1258,
		65001: unicode.UTF8,
	}
}}

// CodePages returns the numbers of the known code pages, in order.
func CodePages() []int {
	var all []int
	for _, pages := range []map[CodePage]encoding.Encoding{codePages.Get(), eastAsia.Get()} {
		for page := range pages {
			all = append(all, int(page))
		}
	}
	slices.Sort(all)
	return all
}

// encoding returns that of the code page, nil for one that is not known.
func (p CodePage) encoding() encoding.Encoding {
	if e, ok := codePages.Get()[p]; ok {
		return e
	}
	return eastAsia.Get()[p]
}

// encode returns an error for text that has letters outside of the code page.
func (p CodePage) encode(what, text string) ([]byte, error) {
	e := p.encoding()
	if e == nil {
		return nil, invalidf("the code page %d is not known; these are: %s", int(p), strings.Trim(fmt.Sprint(CodePages()), "[]"))
	}
	encoded, err := e.NewEncoder().String(text)
	if err != nil {
		return nil, &InvalidError{Letters: true, msg: fmt.Sprintf("the %s %q has letters that the code page %d of Windows lacks, and PuTTY reads no others", what, text, int(p))}
	}
	return []byte(encoded), nil
}
