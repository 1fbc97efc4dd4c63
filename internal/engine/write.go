package engine

import (
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Dropped is what of a key a format has no room for.
type Dropped struct {
	Comment     string
	Certificate *ssh.Certificate
}

// DropsComment returns the comment where the format has no room for it, otherwise "". The one
// that stands in a key without a comment is not a loss.
func (f Format) DropsComment(comment string) string {
	if f.Holds().Comment || comment == rawkey.DefaultComment {
		return ""
	}
	return comment
}

// Drops returns what of a key is lost in the format.
func (f Format) Drops(key *sshkey.Key) Dropped {
	var d Dropped
	pub, err := key.Public()
	if err != nil {
		return d
	}
	f = f.Resolve(pub.Type())
	d.Comment = f.DropsComment(key.Comment)
	if !f.Holds().Certificate {
		d.Certificate = key.Certificate
	}
	return d
}

// Write writes the key with the writer that fits: the public half in a public format, and
// otherwise the private one, encrypted where there is a passphrase. It returns what the
// format has no room for as well.
func Write(key *sshkey.Key, format Format, passphrase []byte, opts *Options) ([]byte, Dropped, error) {
	var out []byte
	var err error
	if r, _ := findRow(format); passphrase == nil || r.marshalPublic != nil {
		out, err = Marshal(key, format, opts)
	} else {
		out, err = MarshalWithPassphrase(key, passphrase, format, opts)
	}
	if err != nil {
		return nil, Dropped{}, err
	}
	return out, format.Drops(key), nil
}
