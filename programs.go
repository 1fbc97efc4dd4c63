package keyconv

import (
	"cmp"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// ProgramID names a program, for other programs.
type ProgramID string

// The programs that there are verdicts about.
const (
	ProgramPuTTY     ProgramID = "putty"
	ProgramWinSCP    ProgramID = "winscp"
	ProgramFileZilla ProgramID = "filezilla"
	ProgramOpenSSH   ProgramID = "openssh"
	ProgramGo        ProgramID = "go"
	ProgramNode      ProgramID = "node"
)

// Answer is what a verdict says.
type Answer int

// The answers. The zero value is that of a format or a type of key that has not
// been tried with the program.
const (
	NotKnown Answer = iota
	Opens
	Refuses
)

// String returns "not known", "opens" or "refuses".
func (a Answer) String() string { return [...]string{"not known", "opens", "refuses"}[a] }

// Verdict says whether a program opens a key file.
type Verdict struct {
	ID      ProgramID
	Program string // with the version from which on it opens the file: "PuTTY 0.75 or later"
	Answer  Answer
	Why     string // where it refuses: what it lacks, in a few words; empty for a form that it does not have
	Advice  Advice // what to do where it refuses
	Source  string // how we know
}

// Opens reports whether the program is known to open the file.
func (v Verdict) Opens() bool { return v.Answer == Opens }

// program is a row of what is known about one program, apart from the formats: their rows
// say which of them it opens, and those of package sshkey which types PuTTY and OpenSSH
// have.
type program struct {
	id     ProgramID
	name   string
	source string
	// instead are the formats that it opens, the best first.
	instead []Format
	// types says from which version on it has a type of key.
	types func(t sshkey.Type) sshkey.Since
	// without says that it does not have a type; "" for the usual words.
	without string
	// certificates says from which version on it has keys with a certificate. It
	// replaces all other versions.
	certificates sshkey.Since
	// until is the last version that has a type; nil for none.
	until func(t sshkey.Type) string
	// besides refuses what the tables would open; nil for nothing.
	besides func(i *Info) *refusal
}

// rule says how a program does with the files of one format.
type rule struct {
	refuses bool
	why     string
	instead []Format // what to convert to where it refuses; nil means as the program says
	since   string   // the first version that opens it; "" for every one in use
	// types has the types for which it is another version.
	types map[string]string
	// only are the types that the program opens in this format; nil for all of its types.
	only []string
	// ciphers are those that the program opens in this format; nil for all.
	ciphers []string
	// layout reports whether the program accepts the text around the key; nil for any text.
	layout func(l layout) bool
}

// refusal is why a program does not open a file, and what it would open.
type refusal struct {
	why    string
	advice Advice
}

var programs = []program{
	{
		id: ProgramPuTTY, name: "PuTTY", source: "tried with 0.74, 0.78 and 0.84; PuTTY's change log",
		instead: []Format{PPK}, certificates: "0.78",
		types: func(t sshkey.Type) sshkey.Since { return t.PuTTY },
	},
	{
		id: ProgramWinSCP, name: "WinSCP", source: "uses PuTTY's code; version 3 of the format since 5.18.5",
		instead: []Format{PPK}, certificates: "with the code of PuTTY 0.78",
		types: asPuTTY,
	},
	{
		id: ProgramFileZilla, name: "FileZilla", source: "tried with fzputtygen of 3.63.0: each form, type and cipher",
		instead: []Format{PPK}, certificates: sshkey.Never,
		types: asPuTTY,
	},
	{
		id: ProgramOpenSSH, name: "OpenSSH", source: "tried with 9.2; OpenSSH's release notes",
		instead: []Format{OpenSSH},
		types:   func(t sshkey.Type) sshkey.Since { return t.OpenSSH },
		until:   func(t sshkey.Type) string { return t.OpenSSHUntil },
	},
	{
		id: ProgramGo, name: "Go (x/crypto/ssh)", source: "tried with v0.58.0",
		instead: []Format{OpenSSH}, without: "it has no such keys",
		types: usualTypes, besides: refusedByGo,
	},
	{
		id: ProgramNode, name: "Node.js (ssh2)", source: "tried with 1.17.0: each form, type and cipher",
		instead: []Format{OpenSSH}, without: "it has no such keys",
		types: usualTypes,
	},
}

// asPuTTY returns the types of programs with PuTTY's code.
func asPuTTY(t sshkey.Type) sshkey.Since {
	if t.PuTTY == "" || t.PuTTY == sshkey.Never {
		return t.PuTTY
	}
	return sshkey.Always
}

// usualTypes returns the types of programs that were tried with each of these types.
func usualTypes(t sshkey.Type) sshkey.Since {
	return map[string]sshkey.Since{
		"rsa": sshkey.Always, "dsa": sshkey.Always, "ecdsa": sshkey.Always, "ed25519": sshkey.Always,
		"ed448": sshkey.Never, "ed25519-sk": sshkey.Never, "ecdsa-sk": sshkey.Never,
		"mldsa44-ed25519": sshkey.Never, "mldsa44-ed25519-experimental": sshkey.Never,
	}[t.Name]
}

func (p program) judge(i *Info) Verdict {
	v := Verdict{ID: p.id, Program: p.name, Source: p.source}
	r, _ := findRow(i.File.Format)
	rule, known := r.programs[p.id]
	t, typeKnown := sshkey.TypeOf(i.Type)
	hidden := i.Type == "" // encrypted, so that only the rest can be judged
	since := p.types(t)
	switch no := p.refuses(i, rule, t); {
	case !hidden && since == sshkey.Never:
		v.Answer, v.Why = Refuses, p.withoutType(t)
	case !known || !hidden && (!typeKnown || since == ""):
		v.Answer = NotKnown
	case no != nil:
		v.Answer, v.Why, v.Advice = Refuses, no.why, no.advice
	case i.Certificate != nil && p.certificates == "":
		v.Answer = NotKnown
	default:
		v.Answer = Opens
		v.Program = strings.TrimSpace(p.name + " " + p.versions(i, rule, t))
	}
	return v
}

func (p program) withoutType(t sshkey.Type) string {
	switch {
	case p.without != "":
		return p.without
	case t.Token:
		return "it has no keys on security tokens"
	}
	return "it has no " + t.Title
}

// refuses returns why the program does not open the file, or nil if it does.
func (p program) refuses(i *Info, r rule, t sshkey.Type) *refusal {
	f := i.File
	instead := convertTo(p.instead...)
	switch {
	case i.Certificate != nil && p.certificates == sshkey.Never:
		advice := convertTo(p.instead...)
		advice.Action = sshkey.RemoveCertificate
		return &refusal{"it has no certificates", advice}
	case r.refuses && r.instead != nil:
		return &refusal{r.why, convertTo(r.instead...)}
	case r.refuses,
		r.layout != nil && !r.layout(i.layout),
		r.ciphers != nil && !slices.Contains(r.ciphers, f.Encryption),
		r.only != nil && !slices.Contains(r.only, t.Name):
		return &refusal{r.why, instead}
	case p.besides != nil:
		return p.besides(i)
	}
	return nil
}

// versions says which versions open the file, or "" for all in use.
func (p program) versions(i *Info, r rule, t sshkey.Type) string {
	if i.Certificate != nil {
		return string(p.certificates) + " or later"
	}
	if p.until != nil && p.until(t) != "" {
		return "(up to " + p.until(t) + ")"
	}
	if i.Type == "" && len(r.types) > 0 {
		for _, t := range sshkey.Types() {
			if since := r.types[t.Name]; since != "" {
				return "(an " + t.Title + " key: " + since + " or later)"
			}
		}
	}
	since := r.since
	for _, other := range []string{r.types[t.Name], string(p.types(t))} {
		if other != string(sshkey.Always) && laterVersion(other, since) {
			since = other
		}
	}
	if since == "" {
		return ""
	}
	return since + " or later"
}

// laterVersion compares versions such as "5.18.5" number by number.
func laterVersion(a, b string) bool {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		m, _ := strconv.Atoi(x)
		n, _ := strconv.Atoi(y)
		return cmp.Compare(m, n)
	}) > 0
}

// refusedByGo refuses DSA keys, but for those that ssh-keygen made, in PEM.
func refusedByGo(i *Info) *refusal {
	switch {
	case i.Type == sshkey.KeyAlgoDSA && !hasUsualDSA(i.File.PublicKey):
		return &refusal{why: "it has only DSA keys with a q of 160 bits"}
	case i.Type == sshkey.KeyAlgoDSA && i.File.Format != PEM:
		return &refusal{advice: convertTo(PEM)}
	}
	return nil
}

// hasUsualDSA reports whether a key has the sizes of FIPS 186-2, which ssh-keygen always
// made.
func hasUsualDSA(pub ssh.PublicKey) bool {
	c, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return false
	}
	key, ok := c.CryptoPublicKey().(*dsa.PublicKey)
	return ok && key.P.BitLen() == 1024 && key.Q.BitLen() == 160
}
