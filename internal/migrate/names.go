package migrate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/keyconv/keyconv/internal/quote"
)

// names gives sessions their aliases. A session that has one in the section keeps it.
type names struct {
	kept  map[string]string // by the ID of the session
	taken map[string]string // by alias: who has it
	next  map[string]int    // by alias: the number that is tried next
}

func newNames(c *config) *names {
	n := &names{kept: c.section.Aliases(), taken: map[string]string{}, next: map[string]int{}}
	for _, alias := range c.aliases {
		n.taken[alias] = "a block of your own"
	}
	for id, alias := range n.kept {
		n.taken[alias] = id
	}
	return n
}

// alias returns the alias of a session, and why it is not the one that its name gives.
func (n *names) alias(id, name string) (alias, why string) {
	if alias := n.kept[id]; alias != "" {
		return alias, ""
	}
	base := aliasOf(name)
	alias = base
	for n.taken[alias] != "" {
		n.next[base] = max(2, n.next[base]+1)
		alias = base + "-" + strconv.Itoa(n.next[base])
	}
	if alias != base {
		why = fmt.Sprintf("%s is the name of %s", base, n.taken[base])
	}
	n.taken[alias] = id
	return alias, why
}

// shownName returns the name of a session for files that people read: without a password, and
// not at all where it is a part of a key.
func shownName(name string) string {
	if quote.KeyText(name) != "" {
		return "session"
	}
	return strings.ReplaceAll(quote.WithoutPassword(name), ":...@", "@")
}

// aliasOf returns a name that ssh takes for a host, as near to that of the session as it can
// be: letters, digits and . _ + - stay, and what is between becomes one "-".
func aliasOf(name string) string {
	fields := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M) && !strings.ContainsRune("._+-", r)
	})
	alias := strings.TrimLeftFunc(strings.Join(fields, "-"), func(r rune) bool {
		return r != '_' && !unicode.In(r, unicode.L, unicode.N)
	})
	if alias = strings.TrimRight(alias, "-"); alias == "" {
		return "session"
	}
	return alias
}
