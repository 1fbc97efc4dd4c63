package main

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// TestMain lets copies of the test program be the command, and a program that runs
// another in its own console: "winpty-agent.exe ARG..." runs ARG... .
func TestMain(m *testing.M) {
	switch strings.ToLower(filepath.Base(os.Args[0])) {
	case "keyconv.exe":
		main()
	case "putty.exe": // which writes down how it was started, and the log is there as a whole
		log := os.Getenv("KEYCONV_TEST_LOG")
		mustDo(os.WriteFile(log+".new", []byte(strconv.Itoa(os.Getpid())+"\n"+strings.Join(os.Args[1:], "\n")+"\n"), 0o600))
		mustDo(os.Rename(log+".new", log))
		os.Exit(0)
	case "winpty-agent.exe", "script.exe":
		os.Exit(int(start{}.run(os.Args[1:])))
	}
	os.Exit(m.Run())
}

// start is how a program is started: creation flags, a hidden window, standard handles.
type start struct {
	flags   uint32
	hidden  bool
	handles []*os.File // those of a console if there are none
	limit   time.Duration
}

// stillWaits is for a program that had to be killed.
const stillWaits = 99

// run is the exit code.
func (s start) run(args []string) uint32 { return s.begin(args).ends(s.limit) }

// running is a program with all that it starts, which ends with it.
type running struct{ process, job windows.Handle }

func (s start) begin(args []string) running {
	info := windows.StartupInfo{Cb: uint32(unsafe.Sizeof(windows.StartupInfo{}))}
	if s.hidden {
		info.Flags, info.ShowWindow = windows.STARTF_USESHOWWINDOW, windows.SW_HIDE
	}
	for i, h := range []*windows.Handle{&info.StdInput, &info.StdOutput, &info.StdErr} {
		if s.handles == nil {
			break
		}
		info.Flags |= windows.STARTF_USESTDHANDLES
		*h = windows.Handle(s.handles[i].Fd())
		mustDo(windows.SetHandleInformation(*h, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT))
	}
	line, err := windows.UTF16PtrFromString(windows.ComposeCommandLine(args))
	mustDo(err)
	var process windows.ProcessInformation
	mustDo(windows.CreateProcess(nil, line, nil, nil, s.handles != nil, s.flags|windows.CREATE_SUSPENDED, nil, nil, &info, &process))
	job, err := windows.CreateJobObject(nil, nil)
	mustDo(err)
	mustDo(windows.AssignProcessToJobObject(job, process.Process))
	_, err = windows.ResumeThread(process.Thread)
	mustDo(err)
	mustDo(windows.CloseHandle(process.Thread))
	return running{process.Process, job}
}

// ends is the exit code, or stillWaits after the limit, 0 for none.
func (r running) ends(within time.Duration) uint32 {
	defer func() { _, _ = windows.CloseHandle(r.process), windows.CloseHandle(r.job) }()
	limit := uint32(windows.INFINITE)
	if within > 0 {
		limit = uint32(within.Milliseconds())
	}
	event, err := windows.WaitForSingleObject(r.process, limit)
	mustDo(err)
	if event != windows.WAIT_OBJECT_0 {
		mustDo(windows.TerminateJobObject(r.job, stillWaits))
		_, err = windows.WaitForSingleObject(r.process, windows.INFINITE) // its file can be deleted then
		mustDo(err)
		return stillWaits
	}
	var code uint32
	mustDo(windows.GetExitCodeProcess(r.process, &code))
	return code
}

func mustDo(err error) {
	if err != nil {
		panic(err)
	}
}

// program copies the test program, to be what TestMain makes of that name.
func program(t *testing.T, name string) string {
	self, err := os.Executable()
	require.NoError(t, err)
	from, err := os.Open(self)
	require.NoError(t, err)
	defer func() { _ = from.Close() }()
	path := filepath.Join(t.TempDir(), name)
	to, err := os.Create(path)
	require.NoError(t, err)
	_, err = io.Copy(to, from)
	require.NoError(t, err)
	require.NoError(t, to.Close())
	return path
}

// noConsole are standard handles of a program whose output is read by another.
func noConsole(t *testing.T) (handles []*os.File, output func() string) {
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	t.Cleanup(func() { _ = null.Close() })
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = out.Close() })
	return []*os.File{null, out, out}, func() string {
		text, err := os.ReadFile(out.Name())
		require.NoError(t, err)
		return string(text)
	}
}

// unseen are the ways in which programs start others without a console that a person
// sees.
var unseen = map[string]start{
	"CREATE_NO_WINDOW":            {flags: windows.CREATE_NO_WINDOW},
	"CREATE_NO_WINDOW, SW_HIDE":   {flags: windows.CREATE_NO_WINDOW, hidden: true},
	"CREATE_NEW_CONSOLE, SW_HIDE": {flags: windows.CREATE_NEW_CONSOLE, hidden: true},
	"DETACHED_PROCESS":            {flags: windows.DETACHED_PROCESS},
}

// TestNeverWaits: a prompt, or a word of a key to press, in a console that nobody sees
// would be waited for until the job is killed.
func TestNeverWaits(t *testing.T) {
	keyconv := program(t, "keyconv.exe")
	script := program(t, "script.exe")
	encrypted := keytest.Testdata(t, "twins", "ed25519.v3.enc.ppk")
	for name, s := range unseen {
		s.limit = patience
		t.Run(name, func(t *testing.T) {
			assert.EqualValues(t, 4, s.run([]string{keyconv, "check", encrypted}), "a passphrase")
			if s.flags != windows.DETACHED_PROCESS { // then Windows opens a window for what the script starts
				assert.EqualValues(t, 4, s.run([]string{script, keyconv, "check", encrypted}), "a passphrase, in a script")
			}
			key := keytest.WriteFile(t, t.TempDir(), "key.pem", keytest.Read(t, "console-rsa2048.pem"))
			assert.EqualValues(t, 0, s.run([]string{keyconv, key}), "press any key")
			assert.FileExists(t, strings.TrimSuffix(key, ".pem")+".ppk")

			redirected := s
			handles, output := noConsole(t)
			redirected.handles = handles
			assert.EqualValues(t, 4, redirected.run([]string{keyconv, "check", encrypted}), "a passphrase, redirected")
			assert.Contains(t, output(), "there is no terminal to ask for the passphrase")
			assert.Contains(t, output(), "hint: give it with --passphrase-file")
			assert.EqualValues(t, 4, redirected.run([]string{keyconv, "passwd", "--new-passphrase", encrypted}), "a new passphrase")
			assert.EqualValues(t, 0, redirected.run([]string{keyconv, "-f", key}), "redirected")
		})
	}

	t.Run("a window behind pipes", func(t *testing.T) {
		handles, output := noConsole(t)
		s := start{flags: windows.CREATE_NEW_CONSOLE, handles: handles, limit: patience}
		assert.EqualValues(t, 4, s.run([]string{keyconv, "check", encrypted}))
		assert.Contains(t, output(), "there is no terminal to ask for the passphrase")
	})
}

// TestAsksInWindow: where a person sees the console, or a program that draws it in place
// of its hidden window, it does wait. KEYCONV_DESKTOP says that windows can be opened.
func TestAsksInWindow(t *testing.T) {
	needsDesktop(t)
	keyconv := program(t, "keyconv.exe")
	winpty := program(t, "winpty-agent.exe")
	encrypted := keytest.Testdata(t, "twins", "ed25519.v3.enc.ppk")
	const waits = 5 * time.Second // what asks has no end, however slow the machine is
	shown := start{flags: windows.CREATE_NEW_CONSOLE, limit: waits}
	hidden := start{flags: windows.CREATE_NEW_CONSOLE, hidden: true, limit: waits}
	assert.EqualValues(t, stillWaits, shown.run([]string{keyconv, "check", encrypted}))
	assert.EqualValues(t, stillWaits, hidden.run([]string{winpty, keyconv, "check", encrypted}))
	key := keytest.WriteFile(t, t.TempDir(), "key.pem", keytest.Read(t, "console-rsa2048.pem"))
	asks := shown.begin([]string{keyconv, "--console", key})
	assert.Eventually(t, func() bool {
		_, err := os.Stat(strings.TrimSuffix(key, ".pem") + ".ppk")
		return err == nil
	}, patience, 20*time.Millisecond)
	assert.EqualValues(t, stillWaits, asks.ends(waits), "press any key")
}

// TestNamesWinpty: the terminal of Git Bash is a pair of pipes for programs of Windows,
// and winpty what makes a console of it.
func TestNamesWinpty(t *testing.T) {
	keyconv := program(t, "keyconv.exe")
	encrypted := keytest.Testdata(t, "twins", "ed25519.v3.enc.ppk")
	handles, output := noConsole(t)
	s := start{flags: windows.CREATE_NO_WINDOW, handles: handles, limit: patience}

	name, err := windows.UTF16PtrFromString(`\\.\pipe\msys-dd50a72ab4668b33-pty7-from-master`)
	require.NoError(t, err)
	pipe, err := windows.CreateNamedPipe(name, windows.PIPE_ACCESS_DUPLEX, windows.PIPE_TYPE_BYTE, 1, 4096, 4096, 0, nil)
	require.NoError(t, err)
	f := os.NewFile(uintptr(pipe), "pipe")
	t.Cleanup(func() { _ = f.Close() })
	s.handles = []*os.File{f, handles[1], handles[2]}
	assert.EqualValues(t, 4, s.run([]string{keyconv, "check", encrypted}))
	assert.Contains(t, output(), "hint: in Git Bash run it as winpty keyconv ...")

	t.Setenv("MSYSTEM", "MINGW64")
	s.handles, output = noConsole(t)
	assert.EqualValues(t, 4, s.run([]string{keyconv, "passwd", "--new-passphrase", encrypted}))
	assert.Contains(t, output(), "hint: in Git Bash run it as winpty keyconv ...")
}
