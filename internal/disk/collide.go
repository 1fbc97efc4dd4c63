// Package disk is the place of the files of a command: it finds out which names lead to
// one file, and lets no output take the place of what is to stay. A job knows it as an
// output.Place, so that a page in a browser, which has no disk, does without it.
package disk

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
)

// CheckInputs refuses, before any work, several inputs for one output, and an output
// that is to replace another input; name returns the output of an input. With resume
// nothing is replaced.
func CheckInputs(o output.Options, inputs []string, name func(input string) string, resume bool) error {
	if o.File != "" && len(inputs) > 1 {
		return fault.Coded(fault.Usage, fault.TooManyInputs, "there is one output, but there are %d inputs", len(inputs)).
			With(fault.Advice{Do: fault.UseFolder})
	}
	if len(inputs) == 1 {
		return nil
	}
	p := places{runtime.GOOS, map[string]string{}}
	from, read, caseless := map[string]string{}, map[string]string{}, map[string]string{}
	for _, in := range inputs {
		place := p.file(in)
		read[place], caseless[strings.ToLower(place)] = in, in
	}
	for _, in := range inputs {
		to := name(in)
		place := p.both(to)[0]
		if resume && read[place] != "" {
			continue // it is there already
		}
		if other, taken := from[place]; taken {
			return fault.New(fault.Usage, "%s and %s would both be written to %s", input.Shown(other), input.Shown(in), input.Shown(to))
		}
		other := read[place]
		if alike := caseless[strings.ToLower(place)]; other == "" && alike != in && isSameFile(os.Lstat, alike, to) {
			other = alike // as on /mnt/c, where Linux cannot tell that case does not count
		}
		if other != "" && place != p.file(in) {
			return fault.New(fault.Usage, "%s would be written to %s, which is an input too", input.Shown(in), input.Shown(to)).
				With(fault.Advice{Do: fault.UseFolder})
		}
		from[place] = in
	}
	return nil
}

// CheckFolder refuses a folder of outputs that is not there, once and not for each input.
func CheckFolder(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.Failed, "the folder %s does not exist", input.Shown(folder)).
			With(fault.Advice{Do: fault.MakeFolder, File: folder})
	case err == nil && !info.IsDir():
		return fault.New(fault.Failed, "%s is not a folder", input.Shown(folder))
	}
	return nil // writing reports what else is wrong, if anything is
}

// CheckDistinct refuses a file that is named twice, to be changed in place.
func CheckDistinct(inputs []string) error {
	p := places{runtime.GOOS, map[string]string{}}
	seen := map[string]string{}
	for _, in := range inputs {
		place := p.file(in)
		if other, taken := seen[place]; taken {
			return fault.New(fault.Usage, "%s and %s are one file", input.Shown(other), input.Shown(in))
		}
		seen[place] = in
	}
	return nil
}

// IsSameFile reports whether two paths lead to one file.
func IsSameFile(a, b string) bool { return isSameFile(os.Stat, a, b) }

func isSameFile(stat func(string) (fs.FileInfo, error), a, b string) bool {
	infoA, errA := stat(a)
	infoB, errB := stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}
