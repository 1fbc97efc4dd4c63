//go:build linux

package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/kayrus/putty"
	"golang.org/x/crypto/ssh"
	"golang.org/x/sys/unix"

	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
)

// libraryRows compare calls in this process.
func libraryRows() ([]row, error) {
	var all []row
	var failed error
	read := func(file string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata", "twins", file))
		failed = errors.Join(failed, err)
		return data
	}
	// kayrus/putty and x/crypto/ssh do not prove that the halves of an Ed25519 key match,
	// which takes longer than all the rest.
	goals := map[string]float64{"rsa2048": 0.05, "ecdsa256": 1.1, "ed25519": 0}
	for _, kt := range []string{"rsa2048", "ecdsa256", "ed25519"} {
		data := read(kt + ".v3.ppk")
		all = append(all, row{"parsing a plain .ppk, " + kt, "kayrus/putty", goals[kt], false, timeRatio(
			func() error { _, err := ppk.Parse(data); return err },
			func() error {
				f, err := putty.New(data)
				if err == nil {
					_, err = f.ParseRawPrivateKey(nil)
				}
				return err
			})})
	}
	ofSSH := map[string]float64{"rsa2048": 1, "ecdsa256": 1, "ecdsa521": 1, "ed25519": 0}
	for _, kt := range []string{"rsa2048", "ecdsa256", "ecdsa521", "ed25519"} {
		openssh, pkcs8 := read(kt+".puttygen.openssh"), read(kt+".pkcs8.pem")
		all = append(all,
			row{"parsing openssh-key-v1, " + kt, "x/crypto/ssh", ofSSH[kt], false, timeRatio(
				func() error { _, err := pemkey.Parse(openssh); return err },
				func() error { _, err := ssh.ParseRawPrivateKey(openssh); return err })},
			row{"parsing PKCS#8, " + kt, "crypto/x509", 1, false, timeRatio(
				func() error { _, err := pemkey.Parse(pkcs8); return err },
				func() error {
					block, _ := pem.Decode(pkcs8)
					_, err := x509.ParsePKCS8PrivateKey(block.Bytes)
					return err
				})})
	}
	rsa := read("rsa2048.v3.ppk")
	return append(all,
		row{"allocations for parsing a plain .ppk, rsa2048", "", 60, false, func(*bench) (float64, error) {
			return testing.AllocsPerRun(100, func() { _, _ = ppk.Parse(rsa) }), nil
		}},
		row{"looking for a key in text: largest exponent of 20 shapes", "1 is linear", 1.1, false, mendExponent},
		row{"the same, of the instructions", "1 is linear", 1.1, false, instructionExponent}), failed
}

// timeRatio returns the ratio of the least CPU time of this thread that each call took,
// of rounds by turns.
func timeRatio(one, other func() error) func(*bench) (float64, error) {
	return func(*bench) (float64, error) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		least := [2]time.Duration{math.MaxInt64, math.MaxInt64}
		for range 15 {
			for i, call := range []func() error{one, other} {
				spent, err := threadTime(call)
				if err != nil {
					return 0, err
				}
				least[i] = min(least[i], spent)
			}
		}
		return least[0].Seconds() / least[1].Seconds(), nil
	}
}

// threadTime repeats the call for about 10 ms and returns the CPU time of one.
func threadTime(call func() error) (time.Duration, error) {
	begin := threadClock()
	for n := 1; ; n++ {
		if err := call(); err != nil {
			return 0, err
		}
		if spent := threadClock() - begin; spent > 10*time.Millisecond {
			return spent / time.Duration(n), nil
		}
	}
}

func threadClock() time.Duration {
	var u unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_THREAD, &u) // fails for a wrong pointer alone
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
