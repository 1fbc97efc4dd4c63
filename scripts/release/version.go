package main

import (
	"fmt"
	"regexp"
	"strconv"
)

// version is a semantic version without a pre-release part. Windows has 16 bits for each
// number.
type version struct{ major, minor, patch uint16 }

var versionPattern = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$`)

func parseVersion(text string) (version, error) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return version{}, fmt.Errorf("the version is vX.Y.Z, such as v1.2.3, not %q: make release VERSION=v1.2.3", text)
	}
	var n [3]uint16
	for i := range n {
		v, err := strconv.ParseUint(m[i+1], 10, 16)
		if err != nil {
			return version{}, fmt.Errorf("version %q: numbers end at 65535", text)
		}
		n[i] = uint16(v)
	}
	return version{n[0], n[1], n[2]}, nil
}

// String returns the form in the names of files and packages, without the v.
func (v version) String() string { return fmt.Sprintf("%d.%d.%d", v.major, v.minor, v.patch) }

// Tag returns the name of the tag in git.
func (v version) Tag() string { return "v" + v.String() }
