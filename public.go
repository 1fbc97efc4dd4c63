package keyconv

import (
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// openPublic returns the reader of a form that holds a public key and a comment.
func openPublic(decode func([]byte) (ssh.PublicKey, string, error)) func([]byte, sshkey.Limits) (*File, error) {
	return func(data []byte, _ sshkey.Limits) (*File, error) {
		pub, comment, err := decode(data)
		if err != nil {
			return nil, prefixed(err)
		}
		f := publicFile(pub)
		f.Comment, f.HasComment = comment, true
		return f, nil
	}
}

func openSPKI(data []byte, _ sshkey.Limits) (*File, error) {
	pub, err := sshkey.DecodeSPKI(data)
	if err != nil {
		return nil, prefixed(err)
	}
	return publicFile(pub), nil
}

func publicFile(pub ssh.PublicKey) *File {
	f := &File{Encryption: "none", PublicKey: pub, Keys: 1}
	f.decrypt = func([]byte) (*sshkey.Key, error) { return nil, prefixed(&NotPrivateError{Format: f.Format}) }
	if cert, ok := pub.(*ssh.Certificate); ok {
		f.Title = "OpenSSH certificate for a key of type " + cert.Key.Type()
	}
	return f
}
