package main

import (
	"context"
	"fmt"
	"time"
)

// pack builds for a target and returns its archive, and after it every other file with the
// program in it.
func (s source) pack(ctx context.Context, t target, opts options, documents []file) ([]file, error) {
	v := opts.version
	program, err := s.build(ctx, t, v)
	if err != nil {
		return nil, err
	}
	if t.os == "windows" { // the program is also there alone, for those who want one file
		if program, err = withChecksum(program); err == nil && opts.authenticode != nil {
			program, err = opts.authenticode.sign(ctx, program)
		}
		if err != nil {
			return nil, err
		}
		content := append(withLinks(v, forWindows(documents)), file{t.program(), modeProgram, program})
		archive, err := zipBytes(inFolder(t.folder(v), content), s.date)
		return []file{{t.archive(v), modeFile, archive}, {t.folder(v) + ".exe", modeProgram, program}}, err
	}
	content := inFolder(t.folder(v), append(withLinks(v, documents), file{t.program(), modeProgram, program}))
	archive, err := tarGzBytes(content, "", s.date)
	if err != nil {
		return nil, err
	}
	files := []file{{t.archive(v), modeFile, archive}}
	for _, p := range packagings {
		architecture := p.architectures[t]
		if architecture == "" {
			continue
		}
		data, err := p.bytes(v, architecture, program, documents, s.date)
		if err != nil {
			return nil, err
		}
		files = append(files, file{p.name(v, architecture), modeFile, data})
	}
	return files, nil
}

// packaging makes a kind of package for Linux. It has its own names for processors.
type packaging struct {
	extension     string
	architectures map[target]string
	bytes         func(v version, architecture string, program []byte, documents []file, date time.Time) ([]byte, error)
}

func (p packaging) name(v version, architecture string) string {
	return fmt.Sprintf("keyconv_%s_%s.%s", v, architecture, p.extension)
}

var packagings = []packaging{
	{"deb", debArchitectures, debBytes},
	{"rpm", rpmArchitectures, rpmBytes},
	{"apk", apkArchitectures, apkBytes},
}
