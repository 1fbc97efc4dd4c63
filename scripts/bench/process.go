//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// bench is what the rows share: the programs that were built, and the files.
type bench struct {
	dir string
}

// emptyProgram is a Go program that does nothing: what is measured beyond it is ours.
const emptyProgram = "package main\n\nfunc main() {}\n"

// peakProgram prints the largest memory, in KiB, of a program that it runs. Linux counts
// with it what the process was before it became the program: a copy of the bench, which is
// larger than what is measured.
const peakProgram = `package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func main() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	if err := cmd.Run(); err != nil {
		panic(err)
	}
	fmt.Println(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
}
`

// prepare builds keyconv as a release does, and small programs beside it, and makes the keys.
func (b *bench) prepare() error {
	for name, text := range map[string]string{"empty.go": emptyProgram, "peak.go": peakProgram} {
		if err := os.WriteFile(b.file(name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	for name, source := range map[string]string{"keyconv": "./cmd/keyconv", "empty": b.file("empty.go"), "peak": b.file("peak.go")} {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.file("built"), source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		// As it is installed: what the linker wrote lies in the cache of the kernel page by page,
		// and takes a quarter longer to start than a file that was written from begin to end.
		data, err := os.ReadFile(b.file("built"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(b.file(name), data, 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(b.file("pass"), []byte(passphrase), 0o600); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"generate", "-q", "--type", "rsa", "--bits", "2048", "--to", "pem", "-o", b.file("key.pem")},
		{"pem2ppk", "-q", "-o", b.file("key.ppk"), b.file("key.pem")},
		{"pem2ppk", "-q", "--new-passphrase-file", b.file("pass"), "-o", b.file("locked.ppk"), b.file("key.pem")},
	} {
		if _, err := b.process(b.file("keyconv"), args...); err != nil {
			return err
		}
	}
	return nil
}

const passphrase = "correct horse battery staple"

// usage is what a process took.
type usage struct {
	cpu, wall time.Duration
	out       []byte
}

func (b *bench) process(name string, args ...string) (usage, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w", name, errMissing)
	}
	start := time.Now()
	cmd := exec.Command(path, args...)
	out, err := cmd.CombinedOutput()
	s := cmd.ProcessState
	if s != nil && s.ExitCode() == 127 { // of a shell that does not find it
		err = errMissing
	}
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return usage{cpu: s.UserTime() + s.SystemTime(), wall: time.Since(start), out: out}, nil
}

// command is a command line that is measured.
type command []string

// cpuRatio returns the median of the ratios of the CPU time of one command and another,
// which take turns, so that a noisy machine disturbs both alike.
func cpuRatio(rounds int, one, other func(b *bench) command) func(b *bench) (float64, error) {
	return func(b *bench) (float64, error) {
		return medianOf(rounds, func() (float64, error) {
			ours, err := b.process(one(b)[0], one(b)[1:]...)
			if err != nil {
				return 0, err
			}
			theirs, err := b.process(other(b)[0], other(b)[1:]...)
			if err != nil {
				return 0, err
			}
			return ours.cpu.Seconds() / theirs.cpu.Seconds(), nil
		})
	}
}

// medianOf returns the median of some measurements.
func medianOf(rounds int, measure func() (float64, error)) (float64, error) {
	var values []float64
	for range rounds {
		value, err := measure()
		if err != nil {
			return 0, err
		}
		values = append(values, value)
	}
	slices.Sort(values)
	return values[len(values)/2], nil
}
