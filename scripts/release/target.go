package main

import (
	"fmt"
	"slices"
	"strings"
)

// target is a platform, by Go's names.
type target struct{ os, arch string }

// allTargets has the platforms of a release. linux/arm is for ARMv6 and later, including
// the first Raspberry Pi.
var allTargets = []target{
	{"windows", "amd64"}, {"windows", "arm64"}, {"windows", "386"},
	{"darwin", "amd64"}, {"darwin", "arm64"},
	{"linux", "amd64"}, {"linux", "arm64"}, {"linux", "386"}, {"linux", "arm"},
	{"freebsd", "amd64"}, {"freebsd", "arm64"},
}

// parseTargets reads a list as "linux/amd64 windows/386"; an empty one means all.
func parseTargets(text string) ([]target, error) {
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	if len(names) == 0 {
		return allTargets, nil
	}
	var targets []target
	for _, t := range allTargets {
		if i := slices.Index(names, t.String()); i >= 0 {
			targets = append(targets, t)
			names = slices.Delete(names, i, i+1)
		}
	}
	if len(names) > 0 {
		return nil, fmt.Errorf("no release is made for %q, or it is named twice; the platforms are %v", names[0], allTargets)
	}
	return targets, nil
}

func (t target) String() string { return t.os + "/" + t.arch }

// program returns the file name of the program.
func (t target) program() string {
	if t.os == "windows" {
		return "keyconv.exe"
	}
	return "keyconv"
}

// folder returns the name of the only folder in the target's archive.
func (t target) folder(v version) string {
	return fmt.Sprintf("keyconv_%s_%s_%s", v, t.os, t.arch)
}

func (t target) archive(v version) string {
	if t.os == "windows" {
		return t.folder(v) + ".zip"
	}
	return t.folder(v) + ".tar.gz"
}
