//go:build linux

package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/keyconv/keyconv/internal/engine"
	"golang.org/x/sync/errgroup"
)

// shapes are texts whose cost must grow no faster than their length.
var shapes = map[string]func(n int) string{
	"spaces":             repeat(" "),
	"line ends":          repeat("\r\n"),
	"dashes":             repeat("-"),
	"letters":            repeat("A"),
	"base64 lines":       repeat(strings.Repeat("MIIEpAIBAAKCAQEA", 4) + "\n"),
	"BEGIN lines":        repeat("-----BEGIN RSA PRIVATE KEY-----\n"),
	"END lines":          repeat("-----END RSA PRIVATE KEY-----\n"),
	"BEGIN and END":      repeat("-----BEGIN X-----\n-----END X-----\n"),
	"headers of PEM":     repeat("Proc-Type: 4,ENCRYPTED\n"),
	"begin of a .ppk":    repeat("PuTTY-User-Key-File-3: ssh-rsa\n"),
	"headers of a .ppk":  repeat("Private-Lines: 9\n"),
	"quotes":             repeat(`"`),
	"nested quotes":      repeat(`\"`),
	"escaped line ends":  repeat(`\n`),
	"quoted-printable":   repeat("=3D"),
	"percent":            repeat("%2B"),
	"entities":           repeat("&#43;"),
	"JSON":               repeat(`{"a":`),
	"deep ASN.1":         repeat("MIIw"),
	"text with keywords": repeat("the private key -----BEGIN of mine\n"),
}

func repeat(s string) func(n int) string {
	return func(n int) string { return strings.Repeat(s, n/len(s)+1)[:n] }
}

// exponents measures each shape at two lengths, and returns the largest exponent of what was
// measured over the length.
func exponents(small, large int, measure func(shape string, n int) (float64, error)) (float64, error) {
	worst, name := 0.0, ""
	for shape := range shapes {
		of, err := measure(shape, small)
		if err != nil {
			return 0, err
		}
		more, err := measure(shape, large)
		if err != nil {
			return 0, err
		}
		if e := math.Log(more/of) / math.Log(float64(large)/float64(small)); e > worst {
			worst, name = e, shape
		}
	}
	fmt.Printf("(worst shape: %s)\n", name)
	return worst, nil
}

// mendExponent is of the time, from 64 KiB to 1 MiB; below that the fixed cost hides it. What
// has no room in a cache takes longer than what has, so that a busy machine shows more than 1.
func mendExponent(*bench) (float64, error) {
	runtime.LockOSThread() // whose time is taken
	defer runtime.UnlockOSThread()
	return exponents(64<<10, 1<<20, func(shape string, n int) (float64, error) {
		data, least := []byte(shapes[shape](n)), time.Duration(math.MaxInt64)
		for range 7 {
			d, err := threadTime(func() error { engine.Mend(data); return nil })
			if err != nil {
				return 0, err
			}
			least = min(least, d)
		}
		return least.Seconds(), nil
	})
}

// instructionExponent is of the instructions that valgrind counts, which neither caches nor other
// programs change. It takes shorter texts, as it is fifty times as slow.
func instructionExponent(*bench) (float64, error) {
	const small, large = 16 << 10, 256 << 10
	return exponents(small, large, func(shape string, n int) (float64, error) {
		more := large / n
		var counted [2]float64 // for one mending, and for more: the difference has no start in it
		var g errgroup.Group
		for i, times := range []int{1, 1 + more} {
			g.Go(func() (err error) {
				counted[i], err = instructions("-mend", shape, strconv.Itoa(n), strconv.Itoa(times))
				return err
			})
		}
		err := g.Wait()
		return (counted[1] - counted[0]) / float64(more), err
	})
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

// instructions counts those of this program with other arguments. The garbage collector is off
// in it, since it works beside.
func instructions(args ...string) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command("valgrind", append([]string{"--tool=callgrind", "--callgrind-out-file=/dev/null", self}, args...)...)
	cmd.Env = append(os.Environ(), "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return 0, errMissing
	}
	found := collected.FindSubmatch(out)
	if err != nil || found == nil {
		return 0, fmt.Errorf("valgrind: %w: %s", err, out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// mendText is what the program does whose instructions are counted.
func mendText(shape string, args []string) {
	n, _ := strconv.Atoi(args[0])
	times, _ := strconv.Atoi(args[1])
	data := []byte(shapes[shape](n))
	for range times {
		engine.Mend(data)
	}
}
