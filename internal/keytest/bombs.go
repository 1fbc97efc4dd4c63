package keytest

import (
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// Bomb is a file whose key derivation would take forever, or all of the memory.
type Bomb struct {
	Name string
	Data []byte
}

// Bombs returns a bomb for every key derivation and each of its parameters. The encrypted
// part is not a key: no reader gets that far.
func Bombs() []Bomb {
	var bombs []Bomb
	for _, variant := range []string{"Argon2id", "Argon2i", "Argon2d"} {
		for name, p := range map[string][3]uint32{
			"memory": {math.MaxUint32, 1, 1}, "passes": {8192, math.MaxUint32, 1}, "memory times passes": {1 << 20, 11, 1},
			"lanes": {1 << 20, 1, 1 << 17}, "passes over many lanes": {64, 1 << 20, 8},
		} {
			bombs = append(bombs, Bomb{variant + " " + name, argon2Bomb(variant, p)})
		}
	}
	for _, rounds := range []uint32{1025, math.MaxUint32} {
		bombs = append(bombs, Bomb{fmt.Sprintf("bcrypt %d", rounds), bcryptBomb(rounds)})
	}
	salt := []byte("saltsalt")
	for name, s := range map[string]scryptNumbers{
		"N": {salt, 1 << 30, 8, 1}, "r": {salt, 2, 1 << 29, 1}, "p": {salt, 2, 1, 1<<30 - 1}, "p and r": {salt, 2, 4, 1 << 22},
		"N times r": {salt, 1 << 21, 1 << 21, 1}, "work": {salt, 1 << 14, 8, 1 << 10},
	} {
		bombs = append(bombs, Bomb{"scrypt " + name, pbes2Bomb(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}, s)})
	}
	for _, iterations := range []int{10_000_001, math.MaxInt32} {
		bombs = append(bombs,
			Bomb{fmt.Sprintf("PBKDF2 %d", iterations), pbes2Bomb(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, pbeNumbers{salt, iterations})},
			Bomb{fmt.Sprintf("PBE-MD5-DES %d", iterations), encryptedPKCS8(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 3}, pbeNumbers{salt, iterations})},
			Bomb{fmt.Sprintf("PBE-SHA1-3DES %d", iterations), encryptedPKCS8(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}, pbeNumbers{salt, iterations})},
		)
	}
	return bombs
}

// argon2Bomb makes a PPK file of version 3; p has memory, passes and lanes.
func argon2Bomb(variant string, p [3]uint32) []byte {
	public := base64.StdEncoding.EncodeToString(append([]byte("\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"), make([]byte, 32)...))
	return fmt.Appendf(nil, "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\nComment: bomb\nPublic-Lines: 2\n%s\n%s\n"+
		"Key-Derivation: %s\nArgon2-Memory: %d\nArgon2-Passes: %d\nArgon2-Parallelism: %d\nArgon2-Salt: %032x\n"+
		"Private-Lines: 1\n%s\nPrivate-MAC: %064x\n", public[:64], public[64:], variant, p[0], p[1], p[2], 1, strings.Repeat("A", 64), 2)
}

func bcryptBomb(rounds uint32) []byte {
	str := func(s string) string { return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s }
	options := str("saltsaltsaltsalt") + string(binary.BigEndian.AppendUint32(nil, rounds))
	public := str("ssh-ed25519") + str(strings.Repeat("\x00", 32))
	return inPEM("OPENSSH PRIVATE KEY", []byte("openssh-key-v1\x00"+str("aes256-ctr")+str("bcrypt")+str(options)+
		"\x00\x00\x00\x01"+str(public)+str(strings.Repeat("A", 160))))
}

type scryptNumbers struct {
	Salt    []byte
	N, R, P int
}

type pbeNumbers struct {
	Salt       []byte
	Iterations int
}

type pbeAlgorithm struct {
	Algorithm  asn1.ObjectIdentifier
	Parameters any
}

// pbes2Bomb makes a PKCS#8 file that is encrypted with AES-256 (RFC 8018 section 6.2).
func pbes2Bomb(kdf asn1.ObjectIdentifier, numbers any) []byte {
	cipher := pbeAlgorithm{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, make([]byte, 16)}
	return encryptedPKCS8(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, []any{pbeAlgorithm{kdf, numbers}, cipher})
}

// encryptedPKCS8 makes an EncryptedPrivateKeyInfo (RFC 5958 section 3).
func encryptedPKCS8(scheme asn1.ObjectIdentifier, parameters any) []byte {
	return inPEM("ENCRYPTED PRIVATE KEY", marshal([]any{pbeAlgorithm{scheme, parameters}, make([]byte, 64)}))
}

// marshal encodes what encoding/asn1 can write, and lists of several types.
func marshal(value any) []byte {
	switch v := value.(type) {
	case []any:
		var all []byte
		for _, part := range v {
			all = append(all, marshal(part)...)
		}
		return element(0x30, all)
	case pbeAlgorithm:
		return element(0x30, append(marshal(v.Algorithm), marshal(v.Parameters)...))
	}
	der, err := asn1.Marshal(value)
	if err != nil {
		panic(err)
	}
	return der
}
