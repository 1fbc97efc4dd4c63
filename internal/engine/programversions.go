package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/rawkey"
)

// OpensIn reports whether that version of the program is known to open the file.
func (v Verdict) OpensIn(version string) bool {
	return v.Opens() && !laterVersion(v.Since, version) && (v.Until == "" || !laterVersion(version, v.Until))
}

// setVersions says in a verdict which versions open the file.
func (p program) setVersions(v *Verdict, i *Info, r rule, t rawkey.Type) {
	with := p.with
	if i.Certificate != nil {
		with = p.certificatesWith
	}
	v.Since, v.Until = p.versions(i, r, t)
	words := versionWords(v.Since, v.Until, i.Type == "", r)
	if words == "" {
		return
	}
	if with != "" {
		words = with + " " + words
		v.Since, v.Until = "", ""
	}
	v.Program += " " + words
}

// versions returns the first and the last version that open the file, "" for no such limit.
func (p program) versions(i *Info, r rule, t rawkey.Type) (since, until string) {
	if i.Certificate != nil {
		return string(p.certificates), ""
	}
	if p.until != nil {
		until = p.until(t)
	}
	since = r.since
	for _, other := range []string{r.sinceOf(t), string(p.types(t))} {
		if other != string(rawkey.Always) && laterVersion(other, since) {
			since = other
		}
	}
	return since, until
}

// versionWords says which versions open the file, "" for all in use. Of a hidden type it names
// one that the versions depend on.
func versionWords(since, until string, hidden bool, r rule) string {
	switch {
	case until != "":
		return "(up to " + until + ")"
	case hidden && len(r.types) > 0:
		for _, t := range rawkey.Types() {
			if since := r.sinceOf(t); since != "" {
				return "(an " + t.Title + " key: " + since + " or later)"
			}
		}
	case since != "":
		return since + " or later"
	}
	return ""
}

// laterVersion compares versions such as "5.18.5" number by number.
func laterVersion(a, b string) bool {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		m, _ := strconv.Atoi(x)
		n, _ := strconv.Atoi(y)
		return cmp.Compare(m, n)
	}) > 0
}
