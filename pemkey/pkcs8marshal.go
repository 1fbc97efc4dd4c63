package pemkey

import (
	"crypto/cipher"
	"encoding/asn1"
	"fmt"
	"io"

	"github.com/keyconv/keyconv/sshkey"
)

const (
	pbeDefaultCipher = "aes256-cbc"
	pbeSaltSize      = 16
	// pbkdf2DefaultIterations is OWASP's figure for PBKDF2-HMAC-SHA256 (2023).
	pbkdf2DefaultIterations = 600_000
	// scryptDefaultMemory in KiB is OpenSSL's N = 16384 with r = 8. With twice as
	// much openssl refuses the file: its limit is 32 MiB.
	scryptDefaultMemory = 16384
	scryptR             = 8
)

func encodePKCS8(key *sshkey.Key, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	data := marshalPKCS8(key.Private)
	defer clear(data)
	if len(passphrase) == 0 {
		return EncodeBlock(labelPKCS8, nil, data), nil, nil
	}
	f, algorithm, err := choosePBES2(o, random)
	if err != nil {
		return nil, nil, err
	}
	derived = f.derive(passphrase)
	padded := padPKCS7(data, f.cipher.blockSize)
	defer clear(padded)
	encrypted := make([]byte, len(padded))
	cipher.NewCBCEncrypter(must(f.cipher.newBlock(derived)), f.iv).CryptBlocks(encrypted, padded)
	info := mustDER(struct {
		Algorithm algorithmIdentifier
		Encrypted []byte
	}{algorithm, encrypted})
	return EncodeBlock(labelEncryptedPKCS8, nil, info), derived, nil
}

// choosePBES2 sets cipher, IV and key derivation, and returns the algorithm that
// describes them.
func choosePBES2(o Options, random io.Reader) (*pbesFile, algorithmIdentifier, error) {
	none := algorithmIdentifier{}
	f := &pbesFile{}
	cipherOID, err := f.chooseCipher(o.Cipher)
	if err != nil {
		return nil, none, err
	}
	if f.iv, err = randomBytes(random, f.cipher.blockSize); err != nil {
		return nil, none, err
	}
	salt, err := randomBytes(random, pbeSaltSize)
	if err != nil {
		return nil, none, err
	}
	kdf, err := f.chooseKDF(o, salt)
	if err != nil {
		return nil, none, err
	}
	if err := f.kdf.check(Limits{}); err != nil {
		return nil, none, err
	}
	encryption := algorithm(cipherOID, f.iv)
	return f, algorithm(oidPBES2, []algorithmIdentifier{kdf, encryption}), nil
}

func (f *pbesFile) chooseCipher(name string) (oid string, err error) {
	if name == "" {
		name = pbeDefaultCipher
	}
	for oid, c := range pbeCiphers {
		if c.name == name && !c.gcm && c.keySize >= 16 {
			f.cipher = c
			return oid, nil
		}
	}
	return "", unsupportedf("the cipher %q in PKCS#8", name)
}

func (f *pbesFile) chooseKDF(o Options, salt []byte) (algorithmIdentifier, error) {
	name, err := chosenKDF(o, "PKCS#8", "pbkdf2", "scrypt")
	if err != nil {
		return algorithmIdentifier{}, err
	}
	if name == "scrypt" {
		return f.chooseScrypt(o, salt)
	}
	if o.Memory != 0 {
		return algorithmIdentifier{}, fmt.Errorf("PBKDF2 has no memory parameter")
	}
	k := &pbkdf2KDF{salt: salt, iterations: pbkdf2DefaultIterations, prf: prfs[oidHMACSHA256]}
	if o.Rounds > sshkey.MaxPBKDF2Iterations {
		return algorithmIdentifier{}, (Limits{}).CheckWork("iterations of PBKDF2", o.Rounds, sshkey.MaxPBKDF2Iterations)
	}
	if o.Rounds != 0 {
		k.iterations = int(o.Rounds)
	}
	f.kdf = k
	return algorithm(oidPBKDF2, struct {
		Salt       []byte
		Iterations int
		PRF        algorithmIdentifier
	}{salt, k.iterations, algorithm(oidHMACSHA256, asn1.NullRawValue)}), nil
}

func (f *pbesFile) chooseScrypt(o Options, salt []byte) (algorithmIdentifier, error) {
	if o.Rounds != 0 {
		return algorithmIdentifier{}, fmt.Errorf("scrypt has no rounds, but memory")
	}
	memory := o.Memory
	if memory == 0 {
		memory = scryptDefaultMemory
	}
	if memory&(memory-1) != 0 || memory < 2 {
		return algorithmIdentifier{}, fmt.Errorf("the memory of scrypt must be a power of two in KiB, not %d", memory)
	}
	if err := (Limits{}).CheckMemory("scrypt memory in KiB", memory); err != nil {
		return algorithmIdentifier{}, err
	}
	k := &scryptKDF{salt: salt, n: int(memory), r: scryptR, p: 1} // N*r*128 bytes is N KiB
	f.kdf = k
	return algorithm(oidScrypt, struct {
		Salt    []byte
		N, R, P int
	}{salt, k.n, k.r, k.p}), nil
}

func algorithm(oid string, parameters any) algorithmIdentifier {
	return algorithmIdentifier{
		Algorithm:  parseOID(oid),
		Parameters: asn1.RawValue{FullBytes: mustDER(parameters)},
	}
}
