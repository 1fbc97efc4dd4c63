package page

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Info is what a file has in the clear, and what its passphrase shows if the request has it.
type Info struct {
	Format     engine.Format `json:"format"`
	Title      string        `json:"title"`
	Private    bool          `json:"private"`
	Encrypted  bool          `json:"encrypted"`
	Encryption string        `json:"encryption,omitempty"` // with the key derivation
	Token      bool          `json:"token,omitempty"`      // the secret is in a security token
	Keys       int           `json:"keys"`
	Repairs    []string      `json:"repairs,omitempty"`
	Findings   []Note        `json:"findings,omitempty"`
	Programs   []Verdict     `json:"programs,omitempty"`
	// Forms are the formats that the key can be written in, as far as its type is known.
	Forms []engine.Format `json:"forms"`
	// Key is nil where only the passphrase shows the public half.
	Key         *Key   `json:"key,omitempty"`
	Certificate string `json:"certificate,omitempty"`
}

// Key is a public key.
type Key struct {
	Type         string        `json:"type"`
	Title        string        `json:"title"` // "RSA"
	Bits         int           `json:"bits"`
	Comment      string        `json:"comment"`
	Encrypted    bool          `json:"encrypted"` // the file that was written
	Public       string        `json:"public"`    // the line for authorized_keys
	Fingerprints []Fingerprint `json:"fingerprints"`
}

// Fingerprint is one with the name of its kind, for which the page has words.
type Fingerprint struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// Verdict says whether a program opens the file.
type Verdict struct {
	Program string `json:"program"`
	Answer  string `json:"answer"`
	Why     string `json:"why,omitempty"`
	To      string `json:"to,omitempty"` // the format to convert to
}

func inspect(ctx context.Context, r Request, files [][]byte) (*Answer, error) {
	j := newJob(r, files)
	defer j.end(ctx)
	f, data, err := j.Open(ctx)
	if err != nil {
		return nil, err
	}
	j.NoteDamagedKeys(f)
	if r.Passphrase != nil && f.Private && f.Encrypted() && !convert.IsTokenKey(f) {
		if err := j.reveal(ctx, f); err != nil {
			return nil, err
		}
	}
	i := engine.InspectFile(f, data)
	info := &Info{
		Format: f.Format, Title: f.Title, Private: f.Private, Encrypted: f.Encrypted(), Encryption: f.Encryption,
		Token: convert.IsTokenKey(f), Keys: f.Keys, Forms: forms(f),
	}
	if f.Encrypted() && f.KDF != nil {
		info.Encryption += ", " + f.KDF.Name
	}
	if c := i.Certificate; c != nil {
		info.Certificate = quote.OneLine(fmt.Sprintf("%q, serial %d, for %q", c.KeyId, c.Serial, c.ValidPrincipals))
	}
	for _, repair := range f.Repairs {
		info.Repairs = append(info.Repairs, quote.OneLine(repair.Message))
	}
	j.NoteFindings(j.Name, i.Findings)
	info.Findings = j.notes
	for _, v := range i.Programs {
		row := Verdict{Program: v.Program, Answer: v.Answer.String(), Why: v.Why}
		if len(v.Advice.Formats) > 0 {
			row.To = v.Advice.Formats[0]
		}
		info.Programs = append(info.Programs, row)
	}
	if f.PublicKey != nil {
		info.Key = keyOf(f.PublicKey, f.Comment, f.Encrypted())
		// Those of ssh-keygen, and those that consoles of clouds show, as far as they are known.
		info.Key.Fingerprints = slices.DeleteFunc([]Fingerprint{
			{string(engine.FingerprintSSHSHA256), i.SHA256}, {string(engine.FingerprintSSHMD5), "MD5:" + i.MD5},
			{string(engine.FingerprintSPKIMD5), i.SPKIMD5}, {string(engine.FingerprintPKCS8SHA1), i.PKCS8SHA1},
		}, func(f Fingerprint) bool { return f.Text == "" })
	}
	return &Answer{Info: info}, nil
}

// reveal opens the key with its passphrase, and shows what it hides: in some forms even which
// key it is.
func (j *job) reveal(ctx context.Context, f *engine.File) error {
	key, _, err := j.Unlock(ctx, f)
	if err != nil {
		return err
	}
	f.Comment = key.Comment
	if f.PublicKey == nil {
		f.PublicKey, err = key.Public()
	}
	return err
}

// forms returns the formats for the key, those of its kind: private or public.
func forms(f *engine.File) []engine.Format {
	return slices.DeleteFunc(engine.Formats(), func(format engine.Format) bool {
		if format.About().Private && (!f.Private || convert.IsTokenKey(f)) {
			return true
		}
		return f.PublicKey != nil && format.CheckType(rawkey.WithoutCertificate(f.PublicKey).Type()) != nil
	})
}

func keyOf(pub ssh.PublicKey, comment string, encrypted bool) *Key {
	if pub == nil {
		return nil
	}
	line := strings.TrimSpace(string(sshkey.AuthorizedKey(pub, quote.OneLine(comment))))
	pub = rawkey.WithoutCertificate(pub)
	t, _ := rawkey.TypeOf(pub.Type())
	return &Key{
		Type: pub.Type(), Title: t.Title, Bits: rawkey.Bits(pub), Comment: quote.OneLine(comment), Encrypted: encrypted, Public: line,
		Fingerprints: []Fingerprint{{string(engine.FingerprintSSHSHA256), sshkey.FingerprintSHA256(pub)}},
	}
}
