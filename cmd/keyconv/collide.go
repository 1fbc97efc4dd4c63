package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// checkInputs refuses, before any work, several inputs for one output, and an output
// that is to replace another input.
func (a *app) checkInputs(inputs []string, extension func(input string) string) error {
	if a.flags.output != "" && len(inputs) > 1 {
		return withHint(usagef("-o names one output, but there are %d inputs", len(inputs)), "-d DIR writes all of them into a folder")
	}
	if len(inputs) == 1 {
		return nil
	}
	p := places{runtime.GOOS, map[string]string{}}
	from, read, caseless := map[string]string{}, map[string]string{}, map[string]string{}
	for _, input := range inputs {
		place := p.file(input)
		read[place], caseless[strings.ToLower(place)] = input, input
	}
	for _, input := range inputs {
		output := a.outputName(input, extension(input))
		place := p.name(output)
		if a.flags.resume && read[place] != "" {
			continue // it is there already, and with --continue nothing is replaced
		}
		if other, taken := from[place]; taken {
			return usagef("%s and %s would both be written to %s", displayName(other), displayName(input), displayName(output))
		}
		other := read[place]
		if alike := caseless[strings.ToLower(place)]; other == "" && alike != input && isSameFile(alike, output) {
			other = alike // as on /mnt/c, where Linux cannot tell that case does not count
		}
		if other != "" && place != p.file(input) {
			return withHint(usagef("%s would be written to %s, which is an input too", displayName(input), displayName(output)),
				"-d DIR writes all of them into a folder")
		}
		from[place] = input
	}
	return nil
}

func isSameFile(a, b string) bool {
	infoA, errA := os.Lstat(a)
	infoB, errB := os.Lstat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// checkDistinct refuses a file that is named twice, to be changed in place.
func checkDistinct(inputs []string) error {
	p := places{runtime.GOOS, map[string]string{}}
	seen := map[string]string{}
	for _, input := range inputs {
		place := p.file(input)
		if other, taken := seen[place]; taken {
			return usagef("%s and %s are one file", displayName(other), displayName(input))
		}
		seen[place] = input
	}
	return nil
}

// places tells whether two paths are one.
type places struct {
	system  string
	folders map[string]string // as they were given, and as they are
}

// name is a path with its folder resolved. A symlink at the path itself is not followed,
// since it would be replaced.
func (p places) name(path string) string {
	if isStream(path) {
		return path
	}
	folder := filepath.Dir(path)
	real, known := p.folders[folder]
	if !known {
		real = realPath(folder)
		p.folders[folder] = real
	}
	return p.folded(filepath.Join(real, filepath.Base(path)))
}

// file is the file that a path leads to.
func (p places) file(path string) string {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return p.folded(realPath(path))
	}
	return p.name(path)
}

func (p places) folded(path string) string { return foldOn(p.system, path) }

// foldOn makes names the same that are one file where case does not count.
func foldOn(system, name string) string {
	if system == "windows" || system == "darwin" {
		return strings.ToLower(name)
	}
	return name
}

func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
