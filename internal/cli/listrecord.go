package cli

import (
	"time"

	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/list"
	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/crypto/ssh"
)

// listRecord is what list says of a key besides the key itself.
type listRecord struct {
	Private bool `json:"private"`
	Index   int  `json:"index,omitempty"`
	Line    int  `json:"line,omitempty"`

	PublicFile      string   `json:"public_file,omitempty"`
	FromPublicFile  bool     `json:"from_public_file,omitempty"`
	OtherPublicFile string   `json:"other_public_file,omitempty"`
	PrivateFile     string   `json:"private_file,omitempty"`
	SameKey         []string `json:"same_key,omitempty"`
	SameFile        []string `json:"same_file,omitempty"`
	Target          string   `json:"target,omitempty"`
	Sessions        []string `json:"sessions,omitempty"`
	InAgent         *bool    `json:"in_agent,omitempty"`

	Certificate *listedCertificate `json:"certificate,omitempty"`
}

// listedCertificate is the certificate of a key: a time is absent where there is no bound.
type listedCertificate struct {
	File  string `json:"file,omitempty"`
	KeyID string `json:"key_id"`
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
}

func recordOfListed(k *list.Key, hasAgent bool) *record {
	r := newRecord(k.Name)
	r.from(k.File)
	r.Key = nil // of a list of keys it would be that of the first
	if k.Public != nil {
		r.key(k.Public, k.Comment)
		r.Key.Token = tokenOf(k.File.Token)
	}
	for _, f := range k.Findings {
		r.warning(f.Code, describeFinding(f, k.Name))
	}
	l := &listRecord{
		Private: k.File.Private, Index: k.Index, Line: k.Line,
		PublicFile: input.PlainName(k.PublicFile), FromPublicFile: k.FromPublicFile, OtherPublicFile: input.PlainName(k.OtherPublic),
		PrivateFile: input.PlainName(k.PrivateFile), SameKey: plainNames(k.Same), SameFile: plainNames(k.Also), Target: input.PlainName(k.Target),
		Sessions: plainNames(k.Sessions),
	}
	if hasAgent && k.Public != nil {
		l.InAgent = &k.InAgent
	}
	l.Certificate = certificateRecordOf(k.Certificate, k.CertificateFile)
	r.List = l
	return r
}

// certificateRecordOf returns nil for no certificate.
func certificateRecordOf(c *ssh.Certificate, file string) *listedCertificate {
	if c == nil {
		return nil
	}
	r := &listedCertificate{File: input.PlainName(file), KeyID: quote.Plain(c.KeyId)}
	if c.ValidAfter != 0 {
		r.From = time.Unix(int64(c.ValidAfter), 0).UTC().Format(time.RFC3339)
	}
	if c.ValidBefore != ssh.CertTimeInfinity {
		r.Until = time.Unix(int64(c.ValidBefore), 0).UTC().Format(time.RFC3339)
	}
	return r
}

func plainNames(names []string) []string {
	var plain []string
	for _, name := range names {
		plain = append(plain, input.PlainName(name))
	}
	return plain
}
