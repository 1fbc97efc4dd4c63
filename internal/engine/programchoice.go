package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Choice is the form of a key that a program opens.
type Choice struct {
	Format  Format
	Verdict Verdict
	Base64  bool // whether the program wants the file as one line of base64
}

// ChooseFormat returns the form to write a key in so that a program opens it: the best of
// those that it opens, as verdicts say. version is the oldest that has to open it, "" for any
// in use; encrypted is whether the output will be. pub is nil where the key is not known yet.
// It returns an *sshkey.UnsupportedError where no form would do, with the reason.
func ChooseFormat(id ProgramID, version string, pub ssh.PublicKey, encrypted bool) (Choice, error) {
	i := slices.IndexFunc(allPrograms(), func(p program) bool { return p.id == id })
	if i < 0 {
		return Choice{}, fmt.Errorf("keyconv: there is no program %q", id)
	}
	p := allPrograms()[i]
	why := ""
	for _, format := range append(slices.Clone(p.instead), PPK2, OpenSSH, PEM, PKCS8) {
		v := p.judge(hypothetical(format, pub, encrypted))
		if v.OpensIn(version) || version == "" && v.Opens() {
			return Choice{format, v, p.base64}, nil
		}
		if why == "" {
			why = v.Why
		}
	}
	what := "this key in any form that " + strings.TrimSpace(p.name+" "+version) + " opens"
	if why != "" {
		what += " (" + why + ")"
	}
	return Choice{}, prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedForm, What: what})
}

// hypothetical describes the file that this module would write.
func hypothetical(format Format, pub ssh.PublicKey, encrypted bool) *Info {
	f := &File{Format: format, Encryption: "none", Private: true, PublicKey: pub, Keys: 1}
	if encrypted {
		f.Encryption = map[Format]string{PPK: "aes256-cbc", PPK2: "aes256-cbc", OpenSSH: "aes256-ctr", PKCS8: "aes256-cbc", PEM: "AES-128-CBC"}[format]
	}
	i := &Info{File: f}
	if pub != nil {
		plain := rawkey.WithoutCertificate(pub)
		i.Type, i.Bits = plain.Type(), rawkey.Bits(plain)
		if format.Resolve(i.Type) != format {
			f.Format = format.Resolve(i.Type)
		}
	}
	return i
}
