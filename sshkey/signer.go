package sshkey

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"io"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// minSigningBits is the size of the smallest modulus that package rsa of Go signs with
// (rsa.checkKeySize).
const minSigningBits = 1024

// maxSigningExponent is the largest that it has (rsa.checkPublicKeySize).
const maxSigningExponent = 1<<31 - 1

// Signer returns a signer with the certificate, if there is one, for an [ssh.ClientConfig]
// or a server. RSA signs only with SHA-2, as the SHA-1 of the algorithm "ssh-rsa" can be
// forged: with SHA-512 if the other side has no preference.
//
// It returns an *UnsupportedError for what golang.org/x/crypto/ssh does not sign with: Ed448,
// ML-DSA-44 with Ed25519, a secret in a token, RSA below 1024 bits or with an exponent above
// 2^31-1, DSA with other than 1024 bits and a q of 160, and a certificate whose options are not in the order of their
// names. It returns an *InvalidKeyError for a certificate of another key, and for a key with
// missing numbers, which no parser makes.
func (k *Key) Signer() (ssh.Signer, error) {
	if err := k.usableWithSSH("signing"); err != nil {
		return nil, err
	}
	signer, err := newSigner(k)
	if err != nil || k.Certificate == nil {
		return signer, err
	}
	certified, err := ssh.NewCertSigner(k.Certificate, signer)
	if _, ok := signer.(sha2Signer); ok && err == nil {
		return sha2Signer{certified.(ssh.MultiAlgorithmSigner)}, nil
	}
	return certified, err
}

// usableWithSSH makes sure that package ssh has the type of the key, which the caller wants
// for something, and that the certificate is one that it can send.
func (k *Key) usableWithSSH(what string) error {
	if k == nil {
		return errNil
	}
	if err := rawkey.CheckCertificate(k.Private, k.Certificate); err != nil {
		return err
	}
	if k.Certificate != nil && rawkey.HasUnsortedOptions(k.Certificate) {
		return &UnsupportedError{Code: UnsupportedForm, What: what + " with a certificate whose options are not in the order of their names"}
	}
	switch k.Private.(type) {
	case *rsa.PrivateKey, *dsa.PrivateKey, *ecdsa.PrivateKey, ed25519.PrivateKey:
		return nil
	}
	pub, err := k.Public()
	if err != nil {
		return err
	}
	return &UnsupportedError{Code: UnsupportedKey, What: what + " with a key of the type " + quote.Short(pub.Type()), Algorithm: pub.Type()}
}

func newSigner(k *Key) (ssh.Signer, error) {
	if key, ok := k.Private.(*rsa.PrivateKey); ok {
		return newRSASigner(key)
	}
	if key, ok := k.Private.(*dsa.PrivateKey); ok && (key.P.BitLen() != 1024 || key.Q.BitLen() != 160) { // FIPS 186-2
		return nil, &UnsupportedError{Code: UnsupportedKey, What: fmt.Sprintf("signing with a DSA key of %d bits and a q of %d bits", key.P.BitLen(), key.Q.BitLen())}
	}
	signer, err := ssh.NewSignerFromKey(k.Private)
	if err != nil {
		return nil, invalid("%s", quote.Foreign(err))
	}
	return signer, nil
}

func newRSASigner(key *rsa.PrivateKey) (ssh.Signer, error) {
	if key.N.BitLen() < minSigningBits || key.E > maxSigningExponent {
		return nil, &UnsupportedError{Code: UnsupportedRSA, What: fmt.Sprintf("signing with an RSA key of %d bits and the exponent %d", key.N.BitLen(), key.E)}
	}
	plain, err := ssh.NewSignerFromSigner(key)
	if err != nil {
		return nil, invalid("RSA: %s", quote.Foreign(err))
	}
	signer, err := ssh.NewSignerWithAlgorithms(plain.(ssh.AlgorithmSigner), []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256})
	if err != nil {
		return nil, invalid("RSA: %s", quote.Foreign(err))
	}
	return sha2Signer{signer}, nil
}

// sha2Signer signs with SHA-512 where package ssh would take SHA-1.
type sha2Signer struct{ ssh.MultiAlgorithmSigner }

func (s sha2Signer) Sign(random io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(random, data, ssh.KeyAlgoRSASHA512)
}

// AddedKeys returns what an agent is to be given, as ssh-add does: the key, and if there is a
// certificate the key with it, since the server decides which of the two it wants. The caller
// sets lifetime and confirmation in each. They share no memory with the key that the agent's
// client changes.
//
// It returns an *UnsupportedError for a type that the agent's client of golang.org/x/crypto/ssh
// does not send (Ed448, ML-DSA-44 with Ed25519, a secret in a token) and for a certificate whose
// options are not in the order of their names, and an *InvalidKeyError as [Key.Signer] does.
func (k *Key) AddedKeys() ([]agent.AddedKey, error) {
	if err := k.usableWithSSH("an agent"); err != nil {
		return nil, err
	}
	plain := agent.AddedKey{PrivateKey: k.Private, Comment: k.Comment}
	if key, ok := k.Private.(*rsa.PrivateKey); ok {
		own := *key // the client precomputes in place
		plain.PrivateKey = &own
	}
	if k.Certificate == nil {
		return []agent.AddedKey{plain}, nil
	}
	certified := plain
	certified.Certificate = k.Certificate
	return []agent.AddedKey{plain, certified}, nil
}
