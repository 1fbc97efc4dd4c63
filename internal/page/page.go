// Package page is a front end without a screen: it does what keyconv.html asks of it, in
// a browser or in Node.js, where WebAssembly runs it. A request and its answer are values
// that become JSON; the bytes of files are beside them.
package page

import (
	"context"
	"fmt"

	"github.com/keyconv/keyconv/internal/fault"
)

// Request is what the page wants done with a file. Fields that do not belong to what is
// done are not looked at.
type Request struct {
	Do    string `json:"do"`
	Name  string `json:"name"`  // of the file
	Index int    `json:"index"` // of several keys in it, from 1; 0 is the first
	// Pasted says that the key is a text without a file, whatever its name.
	Pasted bool `json:"pasted"`
	// Passphrase opens the key; nil where none was typed. An inspection needs none.
	Passphrase *string `json:"passphrase"`

	To string `json:"to"` // a format
	// New protects the output. Without it the passphrase of the key stays, and with Plain
	// there is none.
	New     *string `json:"new"`
	Plain   bool    `json:"plain"`
	Comment *string `json:"comment"` // nil keeps that of the key

	Type string `json:"type"` // of a new key
	Bits int    `json:"bits"`

	Public string `json:"public"` // a public key or fingerprint that the key is compared with

	Program  string `json:"program"` // that logs in with the key
	Session  string `json:"session"` // the name in its list
	Target   string `json:"target"`  // [user@]host[:port]
	KeyFile  string `json:"keyFile"` // the path where the key will be
	CodePage int    `json:"codePage"`

	Names []string `json:"names"` // of the files to pack
}

// Answer is what came out of a request: an error, or else the part that was asked for.
type Answer struct {
	Error *Problem `json:"error,omitempty"`
	Notes []Note   `json:"notes,omitempty"`
	Files []File   `json:"files,omitempty"`
	Key   *Key     `json:"key,omitempty"` // that was written or checked

	About *About `json:"about,omitempty"`
	Info  *Info  `json:"info,omitempty"`
	Next  string `json:"next,omitempty"` // what to do with a session
	// Matched is what of the key is as expected: a kind of fingerprint, or "public-key".
	Matched string `json:"matched,omitempty"`
	// Checks are the parts of the self-test that passed.
	Checks int `json:"checks,omitempty"`
}

// File is an output. Its bytes stay out of the JSON.
type File struct {
	Name    string `json:"name"`
	Title   string `json:"title,omitempty"` // of its format
	Private bool   `json:"private"`
	Data    []byte `json:"-"`
}

// Note is something that is good to know about a result, or should worry.
type Note struct {
	Text    string `json:"text"`
	File    string `json:"file,omitempty"` // that it is about, if that is not what was written
	Warning bool   `json:"warning,omitempty"`
	Advice  string `json:"advice,omitempty"` // a name: the page has the words
}

// calls has what can be asked for, by its name in a request.
var calls = map[string]func(ctx context.Context, r Request, files [][]byte) (*Answer, error){
	"about": about, "test": selfTest, "inspect": inspect, "convert": convertKey,
	"generate": generate, "check": check, "session": saveSession, "pack": pack,
}

// Serve does what a request asks for. The first of the files is the key; it is wiped at
// the end where the job reads it. A panic is an answer too, since the page would otherwise
// wait for ever.
func Serve(ctx context.Context, r Request, files ...[]byte) (a *Answer) {
	defer func() {
		if p := recover(); p != nil {
			a = &Answer{Error: &Problem{Message: fmt.Sprintf("keyconv has a mistake: %v", p), Exit: fault.Failed}}
		}
	}()
	call, ok := calls[r.Do]
	if !ok {
		return &Answer{Error: problem(fault.New(fault.Usage, "there is nothing called %q to do", r.Do))}
	}
	a, err := call(ctx, r, files)
	if err != nil {
		return &Answer{Error: problem(err)}
	}
	return a
}
