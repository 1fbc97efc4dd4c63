package jwkkey

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// object has the members of a JSON object, as they stand.
type object map[string]json.RawMessage

// member has what shows that JSON is a private key. Package json ignores the case of names,
// so that Is finds a key with odd names too, and Decode refuses it.
type member struct {
	Kty string          `json:"kty"`
	D   json.RawMessage `json:"d"`
	K   json.RawMessage `json:"k"`
}

// trim removes white space around a text, and a byte order mark, which a reader of JSON may
// ignore (RFC 8259 section 8.1).
func trim(data []byte) []byte { return bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))) }

// Is reports whether data is a JSON Web Key or a set of them, and whether a private key is
// among them.
func Is(data []byte) (key, private bool) {
	var whole struct {
		member
		Keys []member `json:"keys"`
	}
	data = trim(data)
	if !bytes.HasPrefix(data, []byte("{")) || !mayHaveKty(data) {
		return false, false
	}
	// A member of another type is left out: it is damage of one key, perhaps of several.
	if err := json.Unmarshal(data, &whole); err != nil && !errors.As(err, new(*json.UnmarshalTypeError)) {
		return false, false
	}
	for _, m := range append(whole.Keys, whole.member) {
		key = key || m.Kty != ""
		private = private || m.Kty != "" && (m.D != nil || m.K != nil)
	}
	return key, private
}

// mayHaveKty reports whether there may be a member with the name kty, in any letters, which may
// be escaped. Most large texts of JSON have none, and are not read.
func mayHaveKty(data []byte) bool {
	for rest := data; ; {
		i := bytes.IndexAny(rest, "kK\\")
		switch {
		case i < 0:
			return false
		case rest[i] == '\\' && bytes.HasPrefix(rest[i+1:], []byte("u")), len(rest) >= i+3 && bytes.EqualFold(rest[i:i+3], []byte("kty")):
			return true
		}
		rest = rest[i+1:]
	}
}

// entry is a private key of a file, or why it is none.
type entry struct {
	object object
	err    error
}

// privateKeys returns the private keys of a key or a set (RFC 7517 sections 4 and 5). A member
// of a set that is not an object, or has a name twice, counts as one.
func privateKeys(data []byte) ([]entry, error) {
	data = trim(data)
	if !bytes.HasPrefix(data, []byte("{")) {
		return nil, syntaxf("this is not a JSON object")
	}
	whole, err := readObject(data)
	if err != nil {
		return nil, err
	}
	list, ok := whole["keys"]
	if !ok || whole["kty"] != nil {
		if !whole.isPrivate() {
			return nil, nil
		}
		return []entry{{object: whole}}, nil
	}
	members, err := readList(list)
	if err != nil {
		return nil, err
	}
	var keys []entry
	for _, member := range members {
		if key, err := readObject(member); err != nil || key.isPrivate() {
			keys = append(keys, entry{key, err})
		}
		if len(keys) > sshkey.MaxTextKeys {
			break // too many, however many there are
		}
	}
	return keys, nil
}

// isPrivate reports whether there is a d, which only private keys have, or a k, as of a
// symmetric key.
func (o object) isPrivate() bool {
	return o["kty"] != nil && (o["d"] != nil || o["k"] != nil)
}

// readObject returns the members of an object, each once. Package json would take the last
// of two, and "D" for "d".
func readObject(data []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, jsonError(err)
	}
	o := object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, jsonError(err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, jsonError(err)
		}
		if _, twice := o[name.(string)]; twice {
			return nil, syntaxf("the member %s is there twice", quote.Short(name.(string)))
		}
		o[name.(string)] = value
	}
	if _, err := d.Token(); err != nil { // the end of the object
		return nil, jsonError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, syntaxf("more follows the JSON object")
	}
	return o, nil
}

// maxMembers bounds a set with its public keys.
const maxMembers = 10_000

func readList(data []byte) (members []json.RawMessage, err error) {
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, jsonError(err)
	}
	if len(members) > maxMembers {
		return nil, syntaxf("the set has %d members", len(members))
	}
	return members, nil
}

// jsonError leaves out what package json says, which has text of the file.
func jsonError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return syntaxf("the JSON is cut off")
	}
	return syntaxf("this is not JSON, or not an object")
}

// text returns a member that is a text.
func (o object) text(name string) (string, bool) {
	var s *string
	if json.Unmarshal(o[name], &s) != nil || s == nil {
		return "", false
	}
	return *s, true
}

// bytes returns a member in base64url (RFC 7515 section 2), nil if there is none. It takes
// padding and the alphabet of plain base64, which some programs write.
func (o object) bytes(name string) ([]byte, error) {
	if o[name] == nil {
		return nil, nil
	}
	s, ok := o.text(name)
	if !ok {
		return nil, syntaxf("the member %s is not a text", quote.Short(name))
	}
	s = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "=")
	out, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, syntaxf("the member %s is not base64", quote.Short(name))
	}
	return out, nil
}
