package list

import (
	"os"
	"slices"
	"time"

	"github.com/keyconv/keyconv/internal/input"
	"golang.org/x/crypto/ssh"
)

// relate finds what belongs together.
func (l *Listing) relate(j Job, sessions []Session) {
	l.joinNames(sessions)
	private, public := map[string][]*Key{}, map[string][]*Key{}
	for _, k := range l.Keys {
		switch {
		case k.Public == nil:
		case k.File.Private:
			private[blob(k.Public)] = append(private[blob(k.Public)], k)
		default:
			public[blob(k.Public)] = append(public[blob(k.Public)], k)
		}
	}
	for of, keys := range private {
		for _, k := range keys {
			k.SameCount = len(keys) - 1
			for _, other := range keys {
				if other != k && len(k.Same) < maxRelated {
					k.Same = append(k.Same, other.Name)
				}
			}
			for _, pub := range public[of] {
				if k.PublicFile == "" && pub.Line == 0 && pub.Certificate == nil {
					k.PublicFile = pub.Name
				}
			}
		}
		for _, pub := range public[of] {
			pub.PrivateFile = keys[0].Name
			for _, k := range keys { // the one beside it
				if pub.Name == k.PublicFile || pub.Name == k.CertificateFile {
					pub.PrivateFile = k.Name
					break
				}
			}
		}
	}
	l.compareAgent(j.Held)
}

// compareAgent notes which keys the agent holds, itself or with a certificate.
func (l *Listing) compareAgent(held []ssh.PublicKey) {
	elsewhere := map[string]bool{}
	for _, pub := range held {
		elsewhere[blob(pub)] = true
	}
	inAgent := map[string]bool{}
	for _, k := range l.Keys {
		if k.Public == nil {
			continue
		}
		of := blob(k.Public)
		if elsewhere[of] {
			inAgent[of] = true
		}
		k.InAgent = elsewhere[of]
	}
	l.HeldElsewhere = len(elsewhere) - len(inAgent)
}

// joinNames makes one key of a file that has several names, and notes which sessions log in
// with a file.
func (l *Listing) joinNames(sessions []Session) {
	files, main := identities{}, map[*identity]*Key{}
	for _, k := range l.Keys { // the file itself comes before a symlink to it
		if id := files.of(k.Name); id != nil && (main[id] == nil || main[id].Target != "" && k.Target == "") {
			main[id] = k
		}
	}
	var kept []*Key
	for _, k := range l.Keys {
		first := main[files.of(k.Name)]
		if first == nil || first.Name == k.Name { // of a stream, or another key in the file
			kept = append(kept, k)
		} else if len(first.Also) < maxRelated && !slices.Contains(first.Also, k.Name) {
			first.Also = append(first.Also, k.Name)
		}
	}
	l.Keys = kept
	for _, s := range sessions {
		if k := main[files.of(s.KeyFile)]; k != nil {
			k.Sessions = append(k.Sessions, s.Name)
		}
	}
}

// identity is a file, whatever its names are.
type identity struct{ info os.FileInfo }

// identities finds a file again by its size and time, and compares those with the same.
type identities map[stamp][]*identity

type stamp struct {
	size int64
	time time.Time
}

// of returns the same value for all names of a file, nil for what is not a file.
func (all identities) of(name string) *identity {
	if input.IsStream(name) {
		return nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil
	}
	at := stamp{info.Size(), info.ModTime()}
	for _, id := range all[at] {
		if os.SameFile(id.info, info) {
			return id
		}
	}
	id := &identity{info}
	all[at] = append(all[at], id)
	return id
}
