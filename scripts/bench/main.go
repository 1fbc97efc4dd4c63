//go:build linux

// Command bench compares keyconv with the programs and libraries that do the same, and
// prints one table of ratios. It ends with 1 when a goal is missed by more than a tenth:
// on a quiet machine that is a reason to look. docs/performance.md explains the rows.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// row is a ratio with a goal; 0 means that there is none.
type row struct {
	what    string
	beside  string
	goal    float64
	atLeast bool // the goal is a minimum
	measure func(b *bench) (float64, error)
}

// What the rows begin with that share a goal: one of theirs is enough. Where the disk is slow
// the rate of a batch is out of reach, and where it is fast the share of the disk. How much two
// jobs are worth is up to the machine, on which two processors may share caches and memory: then
// they must do as well as two processes.
const (
	batchOf = "2,000 plain keys"
	jobsOf  = "encrypted keys with --jobs 2"
)

// judged names what the goal of the row is a goal of.
func (r row) judged() string {
	for _, pair := range []string{batchOf, jobsOf} {
		if strings.HasPrefix(r.what, pair) {
			return pair
		}
	}
	return r.what
}

// missed reports whether the ratio is more than a tenth on the wrong side of the goal.
func (r row) missed(ratio float64) bool {
	switch {
	case r.goal == 0:
		return false
	case r.atLeast:
		return ratio < r.goal*0.9
	}
	return ratio > r.goal*1.1
}

func (r row) goalText() string {
	switch {
	case r.goal == 0:
		return ""
	case r.atLeast:
		return fmt.Sprintf("at least %g", r.goal)
	}
	return fmt.Sprintf("at most %g", r.goal)
}

// errMissing is wrapped by the error of a row whose program is not installed.
var errMissing = errors.New("not installed")

func main() {
	only := flag.String("run", "", "measure the rows that match this regular expression")
	shape := flag.String("mend", "", "mend a text of this shape, of as many bytes and as often as the arguments say, for the instructions to be counted")
	flag.Parse()
	if *shape != "" {
		mendText(*shape, flag.Args())
		return
	}
	if err := run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(only string) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "keyconv-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{dir: dir}
	if err := b.prepare(); err != nil {
		return err
	}
	all, err := rows()
	if err != nil {
		return err
	}
	var results results
	fmt.Printf("| %-58s | %-34s | %7s | %-13s |\n|---|---|---|---|\n", "what", "beside", "ratio", "goal")
	for _, r := range all {
		if !wanted.MatchString(r.what) {
			continue
		}
		ratio, err := r.measure(b)
		note := r.goalText()
		switch {
		case errors.Is(err, errMissing):
			fmt.Printf("| %-58s | %-34s | %7s | %-13s |\n", r.what, r.beside, "-", err)
			continue
		case err != nil:
			return fmt.Errorf("%s: %w", r.what, err)
		default:
			note += results.judge(r, ratio)
		}
		fmt.Printf("| %-58s | %-34s | %7.3g | %-13s |\n", r.what, r.beside, ratio, note)
	}
	if missed := results.missed(); len(missed) > 0 {
		return fmt.Errorf("goals missed by more than a tenth: %s: repeat it on a quiet machine", strings.Join(missed, ", "))
	}
	return nil
}

// results says whether a goal was met, by what it is a goal of.
type results struct {
	names []string
	met   map[string]bool
}

// judge keeps whether the goal is met, and returns what the table says if it is not.
func (s *results) judge(r row, ratio float64) string {
	name := r.judged()
	if s.met == nil {
		s.met = map[string]bool{}
	}
	if _, known := s.met[name]; !known {
		s.names = append(s.names, name)
	}
	s.met[name] = s.met[name] || !r.missed(ratio)
	switch {
	case !r.missed(ratio):
		return ""
	case name != r.what:
		return ", missed: one of " + name + " is enough"
	}
	return ", MISSED"
}

// missed names that of which no goal was met.
func (s *results) missed() []string {
	return slices.DeleteFunc(slices.Clone(s.names), func(name string) bool { return s.met[name] })
}

// file returns the path of a file in the folder of the run.
func (b *bench) file(name string) string { return filepath.Join(b.dir, name) }
