//go:build !windows

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// TestMain puts the real command into the PATH of every test, under its name.
// "detached" runs a command in a session without a terminal.
func TestMain(m *testing.M) {
	login.SSHHome = os.UserHomeDir // of the scripts, not that of the person who runs them
	// The race detector else sleeps for a second at the end of each process.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"keyconv": runAndFill, "detached": detached})
}

// runAndFill is main. Scripts lose what stands on a terminal and has not been read when its
// program ends. So a program that leads the session of one writes more to it than there is room
// for: what was there before has been read when that has an end.
func runAndFill() {
	code := run()
	if session, err := unix.Getsid(0); err == nil && session == os.Getpid() {
		if tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0); err == nil {
			const room = 8192 + 4096 // of the driver and the line discipline (Linux, pty.c and n_tty.c)
			_, _ = tty.Write(make([]byte, 2*room))
			_ = tty.Close()
		}
	}
	os.Exit(code)
}

func detached() {
	path, err := exec.LookPath(os.Args[1])
	if err == nil {
		_, err = syscall.Setsid()
	}
	if err == nil {
		err = syscall.Exec(path, os.Args[1:], os.Environ())
	}
	panic(err)
}

// TestScripts runs the command line through testdata/script: a theme a script.
func TestScripts(t *testing.T) {
	testscript.Run(t, scriptParams(t, "testdata/script"))
}

// scriptParams is how scripts are run, in a folder that has the passphrase of the
// twins in the file "pass".
func scriptParams(t *testing.T, dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values[testKey{}] = env.T()
			env.Setenv("GORACE", os.Getenv("GORACE"))
			env.Setenv("TWINS", keytest.Testdata(t, "twins"))
			env.Setenv("CORPUS", keytest.Testdata(t, "corpus"))
			env.Setenv("CONSOLE", keytest.Testdata(t, "console-rsa2048.pem"))
			return os.WriteFile(filepath.Join(env.WorkDir, "pass"), []byte(keytest.Passphrase+"\n"), 0o600)
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"mode":     mode,
			"only":     only,
			"needs":    needs,
			"sshagent": sshAgent,
		},
	}
}

// condition knows [root], whom no mode keeps out, and [all], where a loop over all files is not
// left out.
func condition(name string) (bool, error) {
	switch name {
	case "root":
		return os.Geteuid() == 0, nil
	case "all":
		return !keytest.Sampled(), nil
	}
	return false, fmt.Errorf("there is no condition %q", name)
}

// exits runs a command that must end with an exit code: exits CODE PROGRAM [ARG...].
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if failed, ok := err.(*exec.ExitError); ok {
		code = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
}

// mode checks permission bits: mode 0600 FILE...
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mode OCTAL FILE...")
	}
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	for _, name := range args[1:] {
		info, err := os.Lstat(ts.MkAbs(name))
		ts.Check(err)
		if got := info.Mode().Perm(); got != os.FileMode(want) {
			ts.Fatalf("%s has the mode %04o, not %s", name, got, args[0])
		}
	}
}

// only checks that a folder has just these entries: only DIR [NAME...].
func only(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: only DIR [NAME...]")
	}
	wanted := map[string]bool{}
	for _, name := range args[1:] {
		wanted[name] = true
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, entry := range entries {
		if !wanted[entry.Name()] {
			ts.Fatalf("%s has %q, which should not be there", args[0], entry.Name())
		}
		delete(wanted, entry.Name())
	}
	if len(wanted) > 0 {
		ts.Fatalf("%s lacks %v", args[0], wanted)
	}
}

// needs skips the script by name where a real program, or a file of one, is missing, and
// fails where all are known to be there: needs PROGRAM.
func needs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: needs PROGRAM")
	}
	_, err := exec.LookPath(args[0])
	if filepath.IsAbs(args[0]) {
		_, err = os.Stat(args[0])
	}
	if err == nil {
		return
	}
	if os.Getenv(keytest.RequireToolsEnv) == "1" {
		ts.Fatalf("the program %s is missing", args[0])
	}
	ts.Value(testKey{}).(testscript.T).Skip("the program " + args[0] + " is missing")
}

type testKey struct{}

// sshAgent starts a real agent for a script, which has SSH_AUTH_SOCK from then on:
// sshagent [NAME=VALUE...].
func sshAgent(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: sshagent [NAME=VALUE...]")
	}
	path, stop, err := keytest.RunSSHAgent(args)
	ts.Check(err)
	ts.Defer(stop)
	ts.Setenv("SSH_AUTH_SOCK", path)
}
