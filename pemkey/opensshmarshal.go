package pemkey

import (
	"encoding/binary"
	"io"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
)

const (
	opensshDefaultCipher = "aes256-ctr"
	bcryptSaltSize       = 16
)

func encodeOpenSSH(key *sshkey.Key, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	f := &opensshFile{cipher: encryptionNone, kdf: encryptionNone}
	if len(passphrase) > 0 {
		if err := f.choose(o, random); err != nil {
			return nil, nil, err
		}
	}
	pub, err := key.Public()
	if err != nil {
		return nil, nil, err
	}
	carried, isCarried := key.Private.(*rawkey.CarriedKey)
	if _, ok := opensshTypes.Get()[pub.Type()]; !ok && !isCarried {
		return nil, nil, unsupportedf(sshkey.UnsupportedType, "a private key of type %q in openssh-key-v1", pub.Type())
	}
	checkint, err := randomBytes(random, 4)
	if err != nil {
		return nil, nil, err
	}
	if size := 8 + 4 + len(pub.Type()); isCarried && !carried.HasComment && (size+len(carried.Fields))%opensshCiphers.Get()[f.cipher].blockSize != 0 {
		return nil, nil, unsupportedf(sshkey.UnsupportedKeyType, "the cipher %s for a key of type %s, whose padding looks like a part of its comment,", f.cipher, quote.Short(pub.Type()))
	}
	derived = f.derive(passphrase)
	f.seal(key, pub.Type(), checkint, derived)
	return pemblock.Encode(opensshLabel, nil, f.encode(pub.Marshal())), derived, nil
}

// choose sets cipher, salt and rounds.
func (f *opensshFile) choose(o Options, random io.Reader) (err error) {
	if f.kdf = kdfBcrypt; o.KDF != "" && o.KDF != f.kdf {
		return unsupportedf(sshkey.UnsupportedOption, "the key derivation %q in openssh-key-v1", o.KDF)
	}
	if o.Memory != 0 || o.Parallelism != 0 {
		return refused("a choice of memory or parallelism for bcrypt, which has only rounds,")
	}
	if f.cipher = o.Cipher; f.cipher == "" {
		f.cipher = opensshDefaultCipher
	}
	rounds := o.Rounds
	if rounds == 0 {
		rounds = DefaultBcryptRounds
	}
	if err := budget.CheckWork((sshkey.Limits{}), "rounds of bcrypt", rounds, sshkey.MaxBcryptRounds); err != nil {
		return err
	}
	f.rounds = uint32(rounds)
	if f.salt, err = randomBytes(random, bcryptSaltSize); err != nil {
		return err
	}
	return f.check(sshkey.Limits{})
}

// seal builds and encrypts the private section.
func (f *opensshFile) seal(key *sshkey.Key, algorithm string, checkint, derived []byte) {
	c := opensshCiphers.Get()[f.cipher]
	plain := append(append([]byte(nil), checkint...), checkint...)
	plain = wire.AppendString(plain, algorithm)
	if carried, ok := key.Private.(*rawkey.CarriedKey); ok {
		plain = appendCarried(plain, key, carried)
	} else {
		plain = opensshTypes.Get()[algorithm].append(plain, key.Private)
		plain = wire.AppendString(plain, key.Comment)
	}
	for i := byte(1); len(plain)%c.blockSize != 0; i++ {
		plain = append(plain, i)
	}
	f.private, f.tag = c.seal(derived[:c.keySize], derived[c.keySize:], plain)
	clear(plain)
}

// encode writes the fields in the order of the file.
func (f *opensshFile) encode(public []byte) []byte {
	var options []byte
	if f.encrypted() {
		options = wire.AppendString(nil, f.salt)
		options = binary.BigEndian.AppendUint32(options, f.rounds)
	}
	b := []byte(opensshMagic)
	b = wire.AppendString(b, f.cipher)
	b = wire.AppendString(b, f.kdf)
	b = wire.AppendString(b, options)
	b = binary.BigEndian.AppendUint32(b, 1)
	b = wire.AppendString(b, public)
	b = wire.AppendString(b, f.private)
	return append(b, f.tag...)
}
