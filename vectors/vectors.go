// Package vectors holds SSH key files with verdicts: what a program that reads .ppk, PEM,
// PKCS#8 or openssh-key-v1 has to read, and what it has to refuse. Each file has one
// property. The files and manifest.json can be used from any language; this package embeds
// them for Go.
//
// It is for tests of readers. The keys are made from fixed seeds and protect nothing.
package vectors

import (
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
)

//go:embed manifest.json files
var embedded embed.FS

// Verdict says what a reader has to do with a file.
type Verdict string

const (
	// MustRead is for a file of which a reader has to return the public key of the manifest.
	MustRead Verdict = "must-read"
	// MustRefuse is for a file that has no right reading: an error is the only answer.
	MustRefuse Verdict = "must-refuse"
	// MayRead is for a file that a reader may refuse. A reader that takes it has to return
	// the public key of the manifest.
	MayRead Verdict = "may-read"
)

// Vector is a file and what is true of it.
type Vector struct {
	// File is the name, with slashes, below the folder files.
	File string `json:"file"`
	// Format is "ppk-1" to "ppk-3", "pkcs1", "sec1", "dsa", "pkcs8" or "openssh-key-v1".
	Format string `json:"format"`
	// Type is the name of the algorithm in SSH: "ssh-rsa".
	Type string `json:"type"`
	// Passphrase is in hexadecimal; empty means that the file is not encrypted.
	Passphrase string `json:"passphrase,omitempty"`
	// Verdict says what a reader has to do.
	Verdict Verdict `json:"verdict"`
	// Property is what is special about the file, in one sentence.
	Property string `json:"property"`
	// Public is the true public key as one line of authorized_keys, without a comment; empty
	// where there is none.
	Public string `json:"public,omitempty"`
	// Wrong is what a reader does that gets it wrong; empty where that is plain.
	Wrong string `json:"wrong,omitempty"`
	// Known are programs that do it, as far as tried.
	Known []string `json:"known,omitempty"`
}

// PassphraseBytes returns the passphrase; nil means that the file is not encrypted.
func (v Vector) PassphraseBytes() []byte {
	b, err := hex.DecodeString(v.Passphrase)
	if err != nil || len(b) == 0 {
		return nil // a test holds that the manifest is sound
	}
	return b
}

// All returns all vectors, in the order of the manifest.
func All() ([]Vector, error) {
	data, err := embedded.ReadFile("manifest.json")
	if err != nil {
		return nil, err
	}
	var all []Vector
	err = json.Unmarshal(data, &all)
	return all, err
}

// Read returns the content of the file of a vector.
func Read(v Vector) ([]byte, error) { return embedded.ReadFile("files/" + v.File) }

// Files returns the files with their names below the folder files.
func Files() fs.FS {
	sub, err := fs.Sub(embedded, "files")
	if err != nil {
		return embedded // fails for a name that is not valid alone
	}
	return sub
}
