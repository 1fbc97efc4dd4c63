package engine

import (
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// openPublic reads a form that holds a public key and a comment.
func openPublic(data []byte, decode func([]byte) (ssh.PublicKey, string, error)) (*File, error) {
	pub, comment, err := decode(data)
	if err != nil {
		return nil, prefixed(err)
	}
	f := publicFile(pub)
	f.Comment, f.HasComment = comment, true
	return f, nil
}

// openAuthorizedKeys reads authorized_keys, known_hosts, or a .pub file.
func openAuthorizedKeys(data []byte, _ sshkey.Limits) (*File, error) {
	pub, comment, err := rawkey.DecodeAuthorizedKey(data)
	lines := rawkey.PublicLines(data)
	var keys []rawkey.PublicLine
	isHosts := false
	for _, l := range lines {
		if l.Key != nil {
			keys = append(keys, l)
		}
		isHosts = isHosts || l.Hosts != ""
	}
	if err != nil && len(keys) == 0 {
		return nil, prefixed(err)
	}
	if err != nil {
		pub, comment = keys[0].Key, keys[0].Comment
	}
	f := publicFile(pub)
	f.Comment, f.HasComment, f.Keys = comment, true, max(len(keys), 1)
	if isHosts || len(lines) > 1 {
		f.Lines = lines
		f.pick = func(index int) (*File, error) {
			other := publicFile(keys[index].Key)
			other.Comment, other.HasComment, other.Keys = keys[index].Comment, true, len(keys)
			return other, nil
		}
	}
	switch {
	case isHosts:
		f.Title = knownHostsTitle
	case len(lines) > 1:
		f.Title = "authorized_keys file with several public keys"
	}
	return f, nil
}

// knownHosts is what a file of public keys is called that has the names of servers in it.
const (
	knownHosts      Format = "known_hosts"
	knownHostsTitle string = "known_hosts file with the public keys of servers"
)

func openSPKI(data []byte, _ sshkey.Limits) (*File, error) {
	pub, err := rawkey.DecodeSPKI(data)
	if err != nil {
		return nil, prefixed(err)
	}
	return publicFile(pub), nil
}

func publicFile(pub ssh.PublicKey) *File {
	f := &File{Encryption: "none", PublicKey: pub, Keys: 1, Token: sshkey.TokenOf(pub)}
	f.decrypt = func([]byte) (*sshkey.Key, error) { return nil, prefixed(f.notPrivate()) }
	if cert := rawkey.CertificateOf(pub); cert != nil {
		f.Title = "OpenSSH certificate for a key of type " + cert.Key.Type()
	}
	return f
}
