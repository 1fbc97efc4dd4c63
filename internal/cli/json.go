package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// record is what --json prints of one input, on one line. It never has a secret. The
// names are part of the interface: docs/json.md.
type record struct {
	Input    string          `json:"input"`
	Output   string          `json:"output,omitempty"`
	OK       bool            `json:"ok"`
	Skipped  bool            `json:"skipped,omitempty"`
	DryRun   bool            `json:"dry_run,omitempty"`
	Keys     int             `json:"keys,omitempty"`
	From     *formRecord     `json:"from,omitempty"`
	To       *formRecord     `json:"to,omitempty"`
	Key      *keyRecord      `json:"key,omitempty"`
	Lines    []lineRecord    `json:"lines,omitempty"`
	Session  *sessionRecord  `json:"session,omitempty"`
	List     *listRecord     `json:"list,omitempty"`
	Move     *moveRecord     `json:"move,omitempty"`
	Programs []programRecord `json:"programs,omitempty"`
	Repairs  []codeRecord    `json:"repairs"`
	Warnings []codeRecord    `json:"warnings"`
	Error    *errorRecord    `json:"error,omitempty"`
	// UsableBut is why a key that check found usable is not good.
	UsableBut []codeRecord `json:"usable_but,omitempty"`

	// Text is a public key that is not written to a file.
	Text string `json:"text,omitempty"`

	Matched     string             `json:"matched,omitempty"`
	Permissions *permissionsRecord `json:"permissions,omitempty"`
}

// newRecord returns the report on an input, "" for a key that is not of one.
func newRecord(input string) *record {
	return &record{Input: input, Repairs: []codeRecord{}, Warnings: []codeRecord{}}
}

// permissionsRecord is who may read the file, as the system shows it.
type permissionsRecord struct {
	Before string `json:"before"`
	After  string `json:"after"`
}

type formRecord struct {
	Format    engine.Format `json:"format"`
	Encrypted bool          `json:"encrypted"`
	Cipher    string        `json:"cipher,omitempty"`
	KDF       string        `json:"kdf,omitempty"`
}

type keyRecord struct {
	Type    string `json:"type"`
	Bits    int    `json:"bits"`
	Comment string `json:"comment"`
	SHA256  string `json:"fingerprint_sha256"`
	MD5     string `json:"fingerprint_md5"`
	Public  string `json:"public"`

	Token *tokenRecord `json:"token,omitempty"`

	SPKIMD5   string `json:"fingerprint_spki_md5,omitempty"`
	PKCS8SHA1 string `json:"fingerprint_pkcs8_sha1,omitempty"`
}

// tokenRecord is what the file says of a security token; its flags are absent where they are
// encrypted.
type tokenRecord struct {
	Application    string `json:"application"`
	TouchRequired  *bool  `json:"touch_required,omitempty"`
	VerifyRequired *bool  `json:"verify_required,omitempty"`
	Resident       *bool  `json:"resident,omitempty"`
}

func tokenOf(t *sshkey.Token) *tokenRecord {
	if t == nil {
		return nil
	}
	r := &tokenRecord{Application: t.Application}
	if t.HasFlags {
		touch, verify, resident := t.Flags&sshkey.TokenTouch != 0, t.Flags&sshkey.TokenVerify != 0, t.Flags&sshkey.TokenResident != 0
		r.TouchRequired, r.VerifyRequired, r.Resident = &touch, &verify, &resident
	}
	return r
}

type codeRecord struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type errorRecord struct {
	Code    string `json:"code"`
	Exit    int    `json:"exit"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// errorCodes names the exit codes.
var errorCodes = lazy.Map[int, string]{Make: func() map[int]string {
	return map[int]string{
		fault.Failed: "failed", fault.Usage: "usage", fault.NotAKey: "not-a-key", fault.NeedsPassphrase: "needs-passphrase",
		fault.WrongPassphrase: "wrong-passphrase", fault.Exists: "output-exists", fault.Refused: "refused",
		fault.OtherKey: "other-key", fault.Interrupted: "interrupted", fault.Terminated: "interrupted",
		fault.HungUp: "interrupted", fault.BrokenPipe: "interrupted",
	}
}}

// checkJSON keeps the results apart from a key on standard output.
func checkJSON(j *convert.Job, inputs []string) error {
	if j.Output.File == stdio {
		return usagef("--json and -o - would both write to standard output")
	}
	if j.Output.ToStdout(inputs) && j.Output.File == "" {
		return usagef("--json and the key would both be written to standard output").With(say("name a file for the key with -o FILE"))
	}
	return nil
}

// print ends the record, and takes out of it what no message may show. Without --json the
// record is nil, and matched and warning do nothing; before the other methods the callers look.
func (r *record) print(w io.Writer, err error, hidden *quote.Hidden) error {
	r.OK = err == nil
	if err != nil {
		code := fault.ExitCode(err)
		r.Error = &errorRecord{errorCodes.Get()[code], code, message(err), hintFor(r.Input, err)}
	}
	r.Input, r.Output = input.PlainName(r.Input), input.PlainName(r.Output)
	hidden.CleanAll(r)
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", escapeJSON(line))
	return err
}

// escapeJSON escapes in a JSON text everything that cannot be seen, such as C1 controls, with
// which names and comments could command a terminal, and commands to CI systems.
// encoding/json leaves these as they are.
func escapeJSON(line []byte) []byte {
	var b []byte
	for rest := line; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch high, low := utf16.EncodeRune(r); {
		case r == '#' && bytes.HasSuffix(b, []byte("#")):
			b = append(b, `\u0023`...)
		case unicode.IsPrint(r):
			b = append(b, rest[:size]...)
		case r > 0xffff:
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
		rest = rest[size:]
	}
	return b
}

// from notes what was read; once more after decryption, which may have chosen among
// several repairs.
func (r *record) from(f *engine.File) {
	r.From, r.Repairs = formOf(f), []codeRecord{}
	if f.Private && f.Keys > 1 {
		r.Keys = f.Keys
	}
	for _, repair := range f.Repairs {
		r.Repairs = append(r.Repairs, codeRecord{repair.Code, repair.Message})
	}
	if f.PublicKey != nil {
		r.key(f.PublicKey, f.Comment)
		r.Key.Token = tokenOf(f.Token)
	}
}

func formOf(f *engine.File) *formRecord {
	form := &formRecord{Format: f.Format, Encrypted: f.Encrypted()}
	if f.Encrypted() {
		form.Cipher = f.Encryption
	}
	if f.KDF != nil {
		form.KDF = f.KDF.Name
	}
	return form
}

// key notes the public half.
func (r *record) key(pub ssh.PublicKey, comment string) {
	if r != nil {
		r.Key = keyRecordOf(pub, comment)
	}
}

func keyRecordOf(pub ssh.PublicKey, comment string) *keyRecord {
	pub = rawkey.WithoutCertificate(pub)
	line := sshkey.AuthorizedKey(pub, "")
	return &keyRecord{
		Type: pub.Type(), Bits: rawkey.Bits(pub), Comment: quote.Plain(comment),
		SHA256: sshkey.FingerprintSHA256(pub), MD5: sshkey.FingerprintMD5(pub),
		Public: string(line[:len(line)-1]),
	}
}

// matched notes what of the key is the expected.
func (r *record) matched(what string) {
	if r != nil {
		r.Matched = what
	}
}

// done notes the result.
func (r *record) done(d convert.Result) {
	if d.Output != stdio { // what goes there is in the report, or on the clipboard
		r.Output = d.Output
	}
	r.DryRun = d.Outcome == convert.Rehearsed
	r.Skipped = d.Outcome == convert.Skipped || d.Outcome == convert.Sound
	if d.Outcome != convert.Written {
		return
	}
	r.To = &formRecord{Format: d.Format}
	if d.File != nil {
		r.To = formOf(d.File)
	}
	if d.Public != nil {
		r.key(d.Public, d.Comment)
	}
}

// warning notes a known weakness or a damaged key by its code, and anything else without one.
func (r *record) warning(code, message string) {
	if r != nil {
		code = cmp.Or(code, "general")
		r.Warnings = append(r.Warnings, codeRecord{code, message})
	}
}
