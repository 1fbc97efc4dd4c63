package list

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// isListOfKeys reports whether a file has the keys of others: of those who may log in, or of
// servers. One that has a single line is known by its name alone.
func isListOfKeys(name string, f *engine.File) bool {
	base := filepath.Base(name)
	return f.Lines != nil || strings.HasPrefix(base, "authorized_keys") || strings.HasPrefix(base, "known_hosts")
}

// ofLines returns the public keys of a list.
func (j Job) ofLines(name string, f *engine.File) []*Key {
	var keys []*Key
	for _, line := range f.Lines {
		if line.Err != nil {
			continue // a list may have anything
		}
		k := &Key{
			Name: name, Line: line.Line, File: f, Comment: line.Comment,
			Public: rawkey.WithoutCertificate(line.Key), Findings: rawkey.PublicFindings(line.Key),
		}
		k.certify(line.Key, "", j.Now)
		keys = append(keys, k)
	}
	return keys
}

// keyOf returns the key of a file, with what is beside it: of several keys that is about the
// first, which ssh takes.
func (j Job) keyOf(name string, index int, f *engine.File) *Key {
	k := &Key{Name: name, Index: index, File: f, Comment: f.Comment, Findings: append(f.Findings(), f.KeyFindings()...)}
	if f.PublicKey != nil {
		k.Public = rawkey.WithoutCertificate(f.PublicKey)
		k.certify(f.PublicKey, "", j.Now)
	}
	if input.IsStream(name) {
		return k
	}
	if info, err := os.Lstat(name); err == nil && info.Mode()&os.ModeSymlink != 0 {
		k.Target, _ = filepath.EvalSymlinks(name)
	}
	if f.Private && index <= 1 {
		j.look(k)
	}
	return k
}

// certify notes a certificate, if the public key is one.
func (k *Key) certify(pub ssh.PublicKey, file string, now uint64) {
	if cert := rawkey.CertificateOf(pub); cert != nil {
		k.Certificate, k.CertificateFile = cert, file
		k.Findings = append(k.Findings, rawkey.CertificateFindings(pub, now)...)
	}
}

// knownEndings are those of private keys, in place of which there may be .pub.
var knownEndings = []string{".ppk", ".pem", ".key"}

// look finds the public key and the certificate beside a private key, as ssh does: by their
// names.
func (j Job) look(k *Key) {
	if beside := j.public(k.Name + ".pub"); beside != nil {
		j.take(k, k.Name+".pub", beside)
	}
	if ending := filepath.Ext(k.Name); k.PublicFile == "" && slices.Contains(knownEndings, strings.ToLower(ending)) {
		name := strings.TrimSuffix(k.Name, ending) + ".pub"
		if beside := j.public(name); beside != nil && (k.Public == nil || same(k.Public, beside.PublicKey)) {
			j.take(k, name, beside)
		}
	}
	if k.Certificate != nil || k.Public == nil {
		return
	}
	name := k.Name + "-cert.pub"
	if beside := j.public(name); beside != nil && same(k.Public, beside.PublicKey) {
		k.certify(beside.PublicKey, name, j.Now)
	}
}

// take notes what a public key beside a private key says.
func (j Job) take(k *Key, name string, beside *engine.File) {
	switch {
	case k.Public == nil:
		k.Public, k.FromPublicFile = rawkey.WithoutCertificate(beside.PublicKey), true
		k.Findings = append(k.Findings, rawkey.PublicFindings(k.Public)...)
	case !same(k.Public, beside.PublicKey):
		k.OtherPublic = name
		return
	}
	k.PublicFile = name
	if !k.File.HasComment {
		k.Comment = beside.Comment
	}
}

// public returns the public key in a file, nil where there is none.
func (j Job) public(name string) *engine.File {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() > sshkey.MaxFileSize {
		return nil
	}
	data, err := j.Files.Read(name)
	if err != nil {
		return nil
	}
	f, err := engine.Open(data, j.Input.Limits)
	if err != nil || f.Private || f.PublicKey == nil {
		return nil
	}
	return f
}

func same(a, b ssh.PublicKey) bool { return blob(a) == blob(b) }

// blob returns what two files with the same key have in common.
func blob(pub ssh.PublicKey) string { return string(rawkey.WithoutCertificate(pub).Marshal()) }
