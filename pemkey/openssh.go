package pemkey

import (
	"bytes"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// openssh-key-v1 is described in OpenSSH's PROTOCOL.key:
//
//	"openssh-key-v1" NUL
//	string   cipher name
//	string   kdf name
//	string   kdf options: string salt, uint32 rounds; empty for "none"
//	uint32   number of keys
//	string   public key, for each
//	string   private section, encrypted and padded
//	byte[n]  authentication tag, for the ciphers that have one
//
// and the private section, decrypted:
//
//	uint32   checkint
//	uint32   the same checkint again
//	private key and string comment, for each
//	byte[n]  padding 1, 2, 3, ...
const (
	opensshLabel = pemblock.OpenSSH
	opensshMagic = pemblock.OpenSSHMagic
	kdfBcrypt    = "bcrypt"
)

// opensshFile is a decoded file with its private section still closed.
type opensshFile struct {
	cipher  string
	kdf     string
	salt    []byte
	rounds  uint32
	publics []ssh.PublicKey
	private []byte
	tag     []byte
	index   int  // of the chosen key, from 0
	carry   bool // return the private half as it is: see File.Carried
	// opened has the keys of an unencrypted file, which are read and checked once.
	opened []*sshkey.Key
}

func decodeOpenSSH(b block, _ string, limits sshkey.Limits) (*File, error) {
	rest, ok := bytes.CutPrefix(b.data, []byte(opensshMagic))
	if !ok {
		return nil, syntaxf("the data does not begin with %q", opensshMagic)
	}
	f, err := readOpenSSH(wire.NewReader(rest))
	if err != nil {
		return nil, err
	}
	if err := f.check(limits); err != nil {
		return nil, err
	}
	return f.file()
}

// file returns the File, with the comment if it is not encrypted.
func (f *opensshFile) file() (*File, error) {
	file := &File{Format: FormatOpenSSH, Encryption: f.cipher, PublicKey: f.publics[f.index], Keys: len(f.publics), half: seal(f)}
	file.Token = tokenOf(file.PublicKey, nil)
	if f.encrypted() {
		file.KDF = &KDF{Name: f.kdf, Rounds: uint64(f.rounds)}
		return file, nil
	}
	if f.usable() != nil {
		if err := f.carryInto(file); err != nil {
			return nil, err
		}
		return file, nil
	}
	if f.opened == nil {
		var err error
		if f.opened, err = f.openAll(nil); err != nil {
			return nil, err
		}
	}
	file.Comment, file.HasComment = f.opened[f.index].Comment, true
	return file, nil
}

// carryInto completes the file of an unencrypted key that is not understood, as far as it
// shows. Its private half must be well formed, as that of any other key.
func (f *opensshFile) carryInto(file *File) error {
	carried := *f
	carried.carry = true
	if len(f.publics) > 1 {
		return nil
	}
	keys, err := carried.openAll(nil)
	if err != nil {
		return err
	}
	private := keys[0].Private.(*rawkey.CarriedKey)
	file.Comment, file.HasComment = keys[0].Comment, private.HasComment
	file.Token = tokenOf(f.publics[0], keys[0])
	return nil
}

// readOpenSSH reads the fields in the order of the file. Nothing may follow them, unless
// the cipher is unknown: it may add a tag.
func readOpenSSH(r *wire.Reader) (*opensshFile, error) {
	f := &opensshFile{cipher: string(r.String("cipher name")), kdf: string(r.String("kdf name"))}
	options := r.String("kdf options")
	n := r.Uint32("number of keys")
	blobs := make([][]byte, 0, 1)
	for i := uint32(0); i < n && r.Err() == nil; i++ {
		blobs = append(blobs, r.String("public key"))
	}
	f.private = r.String("private section")
	c, known := opensshCiphers.Get()[f.cipher]
	f.tag = r.Take(c.tagSize, "authentication tag")
	err := r.Err()
	if known {
		err = r.End()
	}
	if err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	if n == 0 {
		return nil, syntaxf("openssh-key-v1: the file holds no key")
	}
	if err := budget.CheckBlockKeys(uint64(n)); err != nil {
		return nil, err
	}
	if err := f.readKDF(wire.NewReader(options)); err != nil {
		return nil, err
	}
	if c.blockSize > 0 && f.encrypted() && (len(f.private) == 0 || len(f.private)%c.blockSize != 0) {
		return nil, syntaxf("openssh-key-v1: the private section has %d bytes, no multiple of %d", len(f.private), c.blockSize)
	}
	for _, blob := range blobs {
		pub, err := rawkey.ParsePublicPadded(blob)
		if err != nil {
			return nil, err
		}
		f.publics = append(f.publics, pub)
	}
	return f, nil
}

func (f *opensshFile) readKDF(r *wire.Reader) error {
	switch f.kdf {
	case kdfBcrypt:
		f.salt, f.rounds = r.String("salt"), r.Uint32("rounds")
	case encryptionNone: // which has no options
	default:
		return nil
	}
	if err := r.End(); err != nil {
		return syntaxf("openssh-key-v1: kdf options: %v", err)
	}
	if f.kdf == encryptionNone {
		return nil
	}
	if len(f.salt) == 0 || f.rounds == 0 {
		return syntaxf("openssh-key-v1: the salt is empty or the rounds are 0")
	}
	return nil
}

func (f *opensshFile) encrypted() bool { return f.cipher != encryptionNone }

// check refuses what is not supported, then what is above the limits.
func (f *opensshFile) check(limits sshkey.Limits) error {
	if _, ok := opensshCiphers.Get()[f.cipher]; !ok {
		return unsupportedf(sshkey.UnsupportedCipher, "the cipher %s", quote.Short(f.cipher))
	}
	if f.kdf != kdfBcrypt && f.kdf != encryptionNone {
		return unsupportedf(sshkey.UnsupportedCipher, "the key derivation %s", quote.Short(f.kdf))
	}
	if f.encrypted() != (f.kdf == kdfBcrypt) {
		return syntaxf("openssh-key-v1: the cipher is %s, but the key derivation is %s", quote.Short(f.cipher), quote.Short(f.kdf))
	}
	return budget.CheckWork(limits, "rounds of bcrypt", uint64(f.rounds), sshkey.MaxBcryptRounds)
}

// usable refuses keys whose secret is not in the file.
func (f *opensshFile) usable() error {
	if f.carry || f.opened != nil {
		return nil
	}
	for _, pub := range f.publics {
		algorithm := pub.Type()
		if _, ok := opensshTypes.Get()[algorithm]; ok {
			continue
		}
		if t, _ := rawkey.TypeOf(algorithm); t.Token {
			return unsupportedf(sshkey.UnsupportedToken, "converting a key whose secret is inside a security token (%s)", algorithm)
		}
		return unsupportedf(sshkey.UnsupportedKeyType, "a private key of type %q in openssh-key-v1", algorithm)
	}
	return nil
}

// derive returns the key of the cipher and the IV in one piece.
func (f *opensshFile) derive(passphrase []byte) []byte {
	if !f.encrypted() {
		return nil
	}
	c := opensshCiphers.Get()[f.cipher]
	return bcryptPBKDF(passphrase, f.salt, f.rounds, c.keySize+c.ivSize)
}

func (f *opensshFile) openWith(k []byte) (*sshkey.Key, error) {
	keys := f.opened
	if keys == nil {
		var err error
		if keys, err = f.openAll(k); err != nil {
			return nil, err
		}
	}
	key := *keys[f.index]
	return &key, nil
}

func (f *opensshFile) openAll(k []byte) ([]*sshkey.Key, error) {
	c := opensshCiphers.Get()[f.cipher]
	plain, ok := c.open(k[:c.keySize], k[c.keySize:], f.private, f.tag)
	if !ok {
		return nil, sshkey.ErrIncorrectPassphrase
	}
	defer clear(plain)
	r := wire.NewLenientReader(plain)
	if a, b := r.Uint32("checkint"), r.Uint32("checkint"); r.Err() == nil && a != b {
		if f.encrypted() {
			return nil, sshkey.ErrIncorrectPassphrase
		}
		return nil, syntaxf("openssh-key-v1: the two checkints differ: the file is damaged")
	}
	if f.carry {
		key, err := f.readCarried(r)
		return []*sshkey.Key{key}, err
	}
	keys, err := f.readPrivates(r)
	if err != nil {
		return nil, err
	}
	if !isPadding(r.Rest()) {
		return nil, errPadding
	}
	if r.Padded() {
		for _, key := range keys {
			key.Deviations = append(key.Deviations, sshkey.DeviationPadding)
		}
	}
	return keys, nil
}

func (f *opensshFile) readPrivates(r *wire.Reader) ([]*sshkey.Key, error) {
	var keys []*sshkey.Key
	for _, pub := range f.publics {
		key, err := readOpenSSHPrivate(r)
		if err != nil {
			return nil, err
		}
		if err := rawkey.CheckPublic(key.Private, pub); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}
