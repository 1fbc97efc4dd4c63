package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// source is a commit, and a copy of its files to build from: other files in the working
// tree do not get into a release, and the build may add files to the copy.
type source struct {
	folder   string
	commit   string
	date     time.Time // of every file in the release
	files    []file    // as they are in the commit
	settings []string  // of Go, for building
}

// takeSource copies the files of the last commit, or those of an archive of the source, into
// a folder, which it makes.
func takeSource(ctx context.Context, opts options, folder string) (source, error) {
	settings, err := goSettings(ctx, opts.folder)
	if err != nil {
		return source{}, err
	}
	s, found, err := takeArchived(opts, folder)
	if !found && err == nil {
		s, err = takeCommit(ctx, opts, folder)
	}
	s.settings = settings
	return s, err
}

// takeCommit copies the files of the last commit into a folder.
func takeCommit(ctx context.Context, opts options, folder string) (source, error) {
	repository, err := git(ctx, opts.folder, "rev-parse", "--show-toplevel")
	if err != nil {
		return source{}, err
	}
	commit, err := git(ctx, repository, "rev-parse", "--verify", "HEAD^{commit}")
	if err != nil {
		return source{}, err
	}
	if err := checkCommit(ctx, opts, repository, commit); err != nil {
		return source{}, err
	}
	date := os.Getenv("SOURCE_DATE_EPOCH") // https://reproducible-builds.org/specs/source-date-epoch/
	if date == "" {
		if date, err = git(ctx, repository, "show", "--no-patch", "--format=%ct", commit); err != nil {
			return source{}, err
		}
	}
	seconds, err := strconv.ParseInt(date, 10, 64)
	if err != nil {
		return source{}, fmt.Errorf("the date of the source, SOURCE_DATE_EPOCH or the commit's: %w", err)
	}
	// Without these a user's settings would change the line ends.
	archive, err := command(ctx, repository, nil, "git", "-c", "core.autocrlf=false", "-c", "core.eol=lf", "archive", "--format=tar", commit)
	if err != nil {
		return source{}, err
	}
	files, err := untar(bytes.NewReader(archive))
	if err != nil {
		return source{}, err
	}
	return source{folder: folder, commit: commit, date: time.Unix(seconds, 0).UTC(), files: files}, writeInside(folder, files)
}

// checkCommit refuses a commit that is not what the working tree has, and one other than the
// version's tag names: a version is the same commit forever.
func checkCommit(ctx context.Context, opts options, repository, commit string) error {
	changes, err := git(ctx, repository, "status", "--porcelain")
	if err != nil {
		return err
	}
	if changes != "" && !opts.allowDirty {
		return fmt.Errorf("the working tree differs from the last commit (ALLOW_DIRTY=1 releases that commit nevertheless):\n%s", changes)
	}
	if changes != "" {
		fmt.Fprintf(opts.log, "warning: these changes are not in the release:\n%s\n", changes)
	}
	tag := opts.version.Tag()
	found, err := git(ctx, repository, "tag", "--list", tag)
	if err != nil {
		return err
	}
	if found == "" {
		fmt.Fprintf(opts.log, "note: there is no tag %s yet\n", tag)
		return nil
	}
	tagged, err := git(ctx, repository, "rev-parse", "--verify", "refs/tags/"+tag+"^{commit}")
	if err == nil && tagged != commit {
		err = fmt.Errorf("the tag %s is commit %s, but this is %s", tag, tagged, commit)
	}
	return err
}

// untar returns the files of an archive. Of their modes only that of a program counts.
func untar(r io.Reader) ([]file, error) {
	var files []file
	for archive := tar.NewReader(r); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		switch header.Typeflag {
		case tar.TypeXGlobalHeader, tar.TypeDir: // the first names the commit
			continue
		case tar.TypeReg:
		default:
			return nil, fmt.Errorf("%s: neither a file nor a folder", header.Name)
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		f := file{header.Name, modeFile, data}
		if header.Mode&0o100 != 0 {
			f.mode = modeProgram
		}
		files = append(files, f)
	}
}

// writeInside writes files into a folder, which it makes, and nothing outside of it.
func writeInside(folder string, files []file) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range files {
		name := filepath.FromSlash(f.name)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if err := root.WriteFile(name, f.data, os.FileMode(f.mode)); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// git returns what git prints, without the last line end.
func git(ctx context.Context, folder string, args ...string) (string, error) {
	out, err := command(ctx, folder, nil, "git", args...)
	return strings.TrimRight(string(out), "\r\n"), err
}

// command runs a program in a folder, with more environment, and returns its
// standard output.
func command(ctx context.Context, folder string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", cmd, err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}
