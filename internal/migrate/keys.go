package migrate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/session"
)

// keyFinder makes the keys of a run, each once.
type keyFinder struct {
	job      *Job
	listener Listener
	program  *session.Program
	folder   string            // where they go; "" for beside the key
	found    map[string]found  // by the path that a session has
	planned  map[string]string // by output: the input
}

// found is a key as the program has it.
type found struct {
	file string
	err  error
}

func newKeyFinder(j *Job, l Listener, p *session.Program, folder string) *keyFinder {
	return &keyFinder{job: j, listener: l, program: p, folder: folder, found: map[string]found{}, planned: map[string]string{}}
}

// find returns the key for the program of the path that a session has.
func (k *keyFinder) find(ctx context.Context, path string) (string, error) {
	if f, ok := k.found[path]; ok {
		return f.file, f.err
	}
	f := found{}
	file, ok := k.job.locate(path)
	if !ok {
		f.err = fault.New(fault.Failed, "the key %s is not there", input.Shown(path)).With(fault.Advice{Do: fault.NameKeyFolder})
	} else if f.file, f.err = k.make(ctx, file); f.err == nil {
		f.err = session.CheckKeyPath(f.file)
	}
	if ok && f.err != nil {
		f.err = fault.In("the key "+input.Shown(path), f.err)
	}
	if f.err != nil {
		f.file = ""
	}
	k.found[path] = f
	return f.file, f.err
}

// maxNames is how many keys of one name are told apart.
const maxNames = 100

// make converts a key, unless ssh opens it as it is or its conversion is there. Keys of one
// name get a number.
func (k *keyFinder) make(ctx context.Context, file string) (string, error) {
	for n := 1; ; n++ {
		made, err := k.makeNamed(ctx, file, n)
		if fault.ExitCode(err) != fault.Exists || n == maxNames {
			return made, err
		}
	}
}

func (k *keyFinder) makeNamed(ctx context.Context, file string, n int) (string, error) {
	j := *k.job.Convert
	j.Output.Folder = k.folder
	if n > 1 {
		extension := map[bool]string{true: ".ppk", false: ".pem"}[k.program.NeedsPPK]
		base := strings.TrimSuffix(j.Output.Name(file, extension), extension)
		j.Output.File = fmt.Sprintf("%s-%d%s", base, n, extension)
	}
	l := k.listener.Key(file)
	t := j.Begin(file, nil, l)
	defer t.End(ctx)
	key, err := login.FindKey(ctx, t, k.program)
	if err != nil {
		return "", err
	}
	if other := k.planned[key.File]; !key.IsThere() && other != "" && other != file {
		return "", fault.New(fault.Exists, "%s is made of %s", input.Shown(key.File), input.Shown(other))
	}
	k.planned[key.File] = file
	path, err := filepath.Abs(key.File)
	if err != nil || k.job.DryRun {
		return path, err
	}
	if k.folder != "" {
		if err := os.MkdirAll(k.folder, 0o700); err != nil {
			return "", err
		}
	}
	if k.program.PrivateKeys && key.IsThere() && path == file {
		k.listener.Used(file)
	}
	return path, key.Make(ctx, t)
}

// variable is a variable of the environment as Windows has it in a path.
var variable = lazy.Value[*regexp.Regexp]{Make: func() *regexp.Regexp { return regexp.MustCompile(`%[A-Za-z_()0-9]+%`) }}

// locate returns the file of a path that a program has saved, which may be on another system.
func (j *Job) locate(path string) (string, bool) {
	path = variable.Get().ReplaceAllStringFunc(path, func(name string) string {
		if value, ok := os.LookupEnv(strings.Trim(name, "%")); ok {
			return value
		}
		return name
	})
	slashes := strings.ReplaceAll(path, `\`, "/")
	var candidates []string
	if filepath.IsAbs(path) {
		candidates = append(candidates, path)
	}
	if session.IsWindowsPath(path) && slashes[1] == ':' { // as WSL has the drives
		candidates = append(candidates, "/mnt/"+strings.ToLower(path[:1])+slashes[2:])
	}
	if j.KeysFrom != "" {
		candidates = append(candidates, filepath.Join(j.KeysFrom, slashes[strings.LastIndexByte(slashes, '/')+1:]))
	}
	for _, file := range candidates {
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file, true
		}
	}
	return "", false
}
