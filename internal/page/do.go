package page

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// format returns the one that a request names.
func (r Request) format() (engine.Format, error) {
	f := engine.Format(r.To)
	if !slices.Contains(engine.Formats(), f) {
		return "", fault.New(fault.Usage, "there is no format %q to write", r.To)
	}
	return f, nil
}

func convertKey(ctx context.Context, r Request, files [][]byte) (*Answer, error) {
	format, err := r.format()
	if err != nil {
		return nil, err
	}
	j := newJob(r, files)
	defer j.end(ctx)
	if format.About().Private {
		err = j.Convert(ctx, convert.To(format))
	} else {
		j.WithCertificate = true
		err = j.Public(ctx, format, format.About().Extension, quote.OneLine)
	}
	if err != nil {
		return nil, err
	}
	return j.answer(), nil
}

// generate makes a key.
func generate(ctx context.Context, r Request, _ [][]byte) (*Answer, error) {
	format, err := r.format()
	if err != nil {
		return nil, err
	}
	r.Name = "id_" + r.Type + strings.Replace(format.About().Extension, ".pem", "", 1)
	j := newJob(r, nil)
	defer j.end(ctx)
	_, err = j.New(ctx, format, func() (*sshkey.Key, error) {
		key, err := engine.Generate(r.Type, r.Bits)
		if fault.Is[*sshkey.UnsupportedError](err) {
			return nil, fault.New(fault.Usage, "%s", quote.WithoutPackages(err))
		}
		return key, err
	})
	if err != nil {
		return nil, err
	}
	return j.answer(), nil
}

// saveSession makes a file with a session for a program that logs in with the key.
func saveSession(_ context.Context, r Request, _ [][]byte) (*Answer, error) {
	p := session.Find(r.Program)
	if p == nil || p.File == nil {
		return nil, fault.New(fault.Usage, "there is no program %q with a file for a session", r.Program)
	}
	target, err := session.ParseTarget(strings.TrimSpace(r.Target))
	if err != nil {
		return nil, usage(err)
	}
	s := session.Session{Name: cmp.Or(strings.TrimSpace(r.Session), target.Host), Target: target, KeyFile: strings.TrimSpace(r.KeyFile)}
	if p.File.OnWindows {
		s.KeyFile = session.WindowsPath(s.KeyFile)
	}
	data, err := p.File.Encode(s, cmp.Or(session.CodePage(r.CodePage), session.DefaultCodePage))
	if err != nil {
		return nil, usage(err)
	}
	base := strings.Map(func(r rune) rune { // without what file systems do not have in a name
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, s.Name)
	name := base + cmp.Or(p.File.Extension, sessionExtensions[p.Name], ".txt")
	next := strings.NewReplacer("{shown}", name, "{file}", name, "{name}", s.Name).Replace(cmp.Or(nextSteps[p.Name], p.File.Next.Text))
	return &Answer{Files: []File{{Name: name, Title: p.Title, Data: bytes.Clone(data)}}, Next: next}, nil
}

// sessionExtensions are for programs that do not insist on one.
var sessionExtensions = map[string]string{"winscp": ".ini", "filezilla": ".xml", "openssh": ".conf"}

// nextSteps are for programs whose own step speaks of the command.
var nextSteps = map[string]string{"openssh": "put the text of {file} into ~/.ssh/config, then: ssh {name}"}

func usage(err error) error { return &fault.Error{Exit: fault.Usage, Err: err} }
