package rawkey

import (
	"golang.org/x/crypto/ssh"
)

// Keys on security tokens (OpenSSH's PROTOCOL.u2f). golang.org/x/crypto/ssh reads their
// public halves; a file has a handle for the token and no secret.
var (
	ed25519TokenType = Type{
		Name: "ed25519-sk", Title: "Ed25519 on a token", Token: true,
		Algorithms: []string{ssh.KeyAlgoSKED25519}, Certificates: true,
		PuTTY: Never, OpenSSH: "8.2",
		size: 256,
	}
	ecdsaTokenType = Type{
		Name: "ecdsa-sk", Title: "ECDSA on a token", Token: true,
		Algorithms: []string{ssh.KeyAlgoSKECDSA256}, Certificates: true,
		PuTTY: Never, OpenSSH: "8.2",
		size: 256,
	}
)
