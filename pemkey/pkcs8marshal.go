package pemkey

import (
	"io"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/sshkey"
)

func encodePKCS8(key *sshkey.Key, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	data := marshalPKCS8(key.Private)
	if data == nil {
		return nil, nil, unsupportedf(sshkey.UnsupportedType, "a private key of Go type %T in PKCS#8", key.Private)
	}
	defer clear(data)
	if len(passphrase) == 0 {
		return EncodeBlock(labelPKCS8, nil, data), nil, nil
	}
	scheme, algorithm, err := pbes.New(pbes.Options{
		Cipher: o.Cipher, KDF: o.KDF, Rounds: o.Rounds, Memory: o.Memory, Parallelism: o.Parallelism,
	}, random)
	if err != nil {
		return nil, nil, err
	}
	f := &pbesFile{scheme: scheme}
	derived = f.derive(passphrase)
	info := der.MustMarshal(struct {
		Algorithm pbes.AlgorithmIdentifier
		Encrypted []byte
	}{algorithm, scheme.Seal(derived, data)})
	return EncodeBlock(labelEncryptedPKCS8, nil, info), derived, nil
}
