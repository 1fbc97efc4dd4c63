package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// The names of package sshkey that the engine needs most.
type (
	// Limits bounds what a file may ask for.
	Limits = sshkey.Limits
	// Advice is what to do about a finding or a verdict, as a value.
	Advice = rawkey.Advice
)

// NotPrivateError says what a file is that does not hold a private key.
type NotPrivateError struct {
	Format Format // Unknown and Empty are possible
	Title  string // what a person calls it; "" for the title of Format
}

func (e *NotPrivateError) Error() string {
	switch e.Format {
	case Empty:
		return "the file is empty"
	case Unknown:
		return "this is not a key file of a known kind"
	case "text":
		return "this is text, and there is no key in it"
	}
	return "this is " + WithArticle(cmp.Or(e.Title, e.Format.About().Title)) + ", not a private key that can be read"
}

// uncounted are the titles that have no article.
var uncounted = []string{"JSON", "XML", "text"}

// WithArticle puts "a" or "an" in front of a title, by how it is said.
func WithArticle(title string) string {
	word, rest, _ := strings.Cut(title, " ")
	switch {
	case slices.Contains(uncounted, word) && !strings.HasPrefix(rest, "Web Key"):
		return title
	case strings.ContainsAny(title[:1], "aeioAEIO"), strings.HasPrefix(title, "S") && strings.ToUpper(word) == word,
		strings.HasPrefix(title, "X"), strings.HasPrefix(title, "RTF"):
		return "an " + title
	}
	return "a " + title
}

func prefixed(err error) error { return quote.InPackage("keyconv", err) }
