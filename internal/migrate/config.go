package migrate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/internal/session"
)

// config is the configuration of ssh as it is.
type config struct {
	path    string
	old     []byte // nil for a file that is not there
	section *session.SSHSection
	aliases []string // those outside of the section, in included files too
}

func (j *Job) configPath() string {
	if j.Config != "" {
		return j.Config
	}
	return filepath.Join(j.SSHFolder, "config")
}

// readConfig refuses what could not be written at the end.
func (j *Job) readConfig() (*config, error) {
	c := &config{path: j.configPath()}
	var err error
	if c.old, err = readWritable(c.path); err != nil {
		return nil, fault.In(input.Shown(c.path), err)
	}
	if c.section, err = session.ReadSSHSection(c.old); err != nil {
		return nil, fault.In(input.Shown(c.path), err)
	}
	aliases, includes := c.section.Outside()
	c.aliases = aliases
	if j.Config != "" {
		includes = append(includes, "config") // which may include this one
	}
	for _, data := range j.included(includes, 0) {
		section, err := session.ReadSSHSection(data)
		if err != nil {
			continue // ssh does not read it either
		}
		aliases, _ := section.Outside()
		c.aliases = append(c.aliases, aliases...)
	}
	return c, nil
}

// maxDepth is how deep ssh follows Include (READCONF_MAX_DEPTH in its readconf.c).
const maxDepth = 16

// included returns the files that Include lines name, and those that they include.
func (j *Job) included(arguments []string, depth int) [][]byte {
	var files [][]byte
	for _, data := range j.includedFiles(arguments) {
		files = append(files, data)
		if section, err := session.ReadSSHSection(data); err == nil && depth < maxDepth {
			_, includes := section.Outside()
			files = append(files, j.included(includes, depth+1)...)
		}
	}
	return files
}

// includedFiles returns the files of one Include line: of patterns, below ~/.ssh where they
// are relative.
func (j *Job) includedFiles(arguments []string) [][]byte {
	var files [][]byte
	for _, pattern := range arguments {
		if rest, ok := strings.CutPrefix(pattern, "~/"); ok {
			pattern = filepath.Join(filepath.Dir(j.SSHFolder), rest)
		}
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(j.SSHFolder, pattern)
		}
		names, _ := filepath.Glob(pattern) // an error is of a pattern that ssh does not take either
		for _, name := range names {
			if data, err := readRegular(name); err == nil { // ssh leaves out what it cannot read
				files = append(files, data)
			}
		}
	}
	return files
}

// readRegular reads a file that is not a pipe or device, which could be waited for without
// end.
func readRegular(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return os.ReadFile(path)
}

var errNotRegular = errors.New("it is not a regular file")

// errReadOnly reports a file that is meant to stay as it is.
func errReadOnly() error {
	return fault.New(fault.Failed, "it is read-only").With(fault.Advice{Do: fault.OtherConfig})
}

// readWritable returns nil for a file that is not there, and otherwise a value that is not
// nil.
func readWritable(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return nil, errors.New("it is a symlink to a file that is not there")
		}
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errNotRegular
	case info.Mode().Perm()&0o200 == 0:
		return nil, errReadOnly()
	}
	data, err := os.ReadFile(path)
	return append([]byte{}, data...), err
}

// edit writes a file, keeps what it had beside it, and reports it. A file that is as it was
// is not written.
func (j *Job) edit(f File, l Listener) error {
	if !bytes.Equal(f.Old, f.New) && !j.DryRun {
		var err error
		if f.Backup, err = replace(f); err != nil {
			return output.Failed("cannot write "+input.Shown(f.Path), err)
		}
	}
	l.Edited(f)
	return nil
}

// backupSuffix is at the end of the name under which the text before is kept.
const backupSuffix = ".before-migrate"

func replace(f File) (backup string, err error) {
	if f.IsNew {
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o700); err != nil {
			return "", err
		}
		_, err := safefile.Write(f.Path, f.New, safefile.Options{})
		return "", err
	}
	if now, err := readWritable(f.Path); err != nil || !bytes.Equal(now, f.Old) {
		return "", errors.Join(err, errors.New("it was changed meanwhile: run it again"))
	}
	backup = f.Path + backupSuffix
	for n := 2; ; n++ {
		if _, err = safefile.Write(backup, f.Old, safefile.Options{}); err == nil {
			break
		}
		if kept, _ := os.ReadFile(backup); bytes.Equal(kept, f.Old) {
			break
		}
		if !errors.Is(err, safefile.ErrExists) || n > 1000 {
			return "", fmt.Errorf("cannot keep what it has: %w", err)
		}
		backup = f.Path + backupSuffix + "." + strconv.Itoa(n)
	}
	_, err = safefile.Edit(f.Path, f.New)
	return backup, err
}
