package main

import (
	"fmt"
	"regexp"
	"strconv"
)

// version is a semantic version. Of its pre-releases there are three kinds, which every
// package manager sorts before the version itself. Windows has 16 bits for each number.
type version struct {
	major, minor, patch uint16
	stage               string // "alpha", "beta", "rc", or "" for the version itself
	round               uint16 // of the stage, from 1 on
}

// tagged has the letters of a tag and no others, so what follows may be put into the name of
// a file or a git command.
var tagged = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(alpha|beta|rc)\.([1-9]\d*))?$`)

func parseVersion(text string) (version, error) {
	m := tagged.FindStringSubmatch(text)
	if m == nil {
		return version{}, fmt.Errorf("the version is vX.Y.Z, such as v1.2.3 or v1.2.3-rc.1, not %q: make release VERSION=v1.2.3", text)
	}
	v := version{stage: m[4]}
	for i, number := range []*uint16{&v.major, &v.minor, &v.patch, &v.round} {
		digits := [...]string{m[1], m[2], m[3], m[5]}[i]
		if digits == "" {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 16)
		if err != nil {
			return version{}, fmt.Errorf("version %q: numbers end at 65535", text)
		}
		*number = uint16(n)
	}
	return v, nil
}

// Final returns the version itself, without its stage.
func (v version) Final() string { return fmt.Sprintf("%d.%d.%d", v.major, v.minor, v.patch) }

// String returns the form in the names of files, without the v.
func (v version) String() string { return v.withStage("-", ".") }

// Tag returns the name of the tag in git.
func (v version) Tag() string { return "v" + v.String() }

// Sorted returns the version for deb and rpm, where a tilde sorts before the end (Debian
// Policy 5.6.12; rpm-version(7)).
func (v version) Sorted() string { return v.withStage("~", ".") }

func (v version) withStage(before, within string) string {
	if v.stage == "" {
		return v.Final()
	}
	return fmt.Sprintf("%s%s%s%s%d", v.Final(), before, v.stage, within, v.round)
}
