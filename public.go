package keyconv

import (
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// publicFile is a file that holds a public key alone.
func publicFile(pub ssh.PublicKey, comment string, hasComment bool) *File {
	f := &File{Encryption: "none", PublicKey: pub, Comment: comment, HasComment: hasComment, Keys: 1}
	f.decrypt = func([]byte) (*sshkey.Key, error) { return nil, prefixed(&NotPrivateError{Format: f.Format}) }
	if cert, ok := pub.(*ssh.Certificate); ok {
		f.Title = "OpenSSH certificate for a key of type " + cert.Key.Type()
	}
	return f
}

func openAuthorizedKey(data []byte, _ sshkey.Limits) (*File, error) {
	pub, comment, err := sshkey.DecodeAuthorizedKey(data)
	if err != nil {
		return nil, prefixed(err)
	}
	return publicFile(pub, comment, true), nil
}

func openRFC4716(data []byte, _ sshkey.Limits) (*File, error) {
	pub, comment, err := sshkey.DecodeRFC4716(data)
	if err != nil {
		return nil, prefixed(err)
	}
	return publicFile(pub, comment, true), nil
}

func openSPKI(data []byte, _ sshkey.Limits) (*File, error) {
	pub, err := sshkey.DecodeSPKI(data)
	if err != nil {
		return nil, prefixed(err)
	}
	return publicFile(pub, "", false), nil
}
