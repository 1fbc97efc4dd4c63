package mskey

import (
	"bytes"
	"crypto"
	"encoding/binary"
	"math/big"
	"slices"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"golang.org/x/crypto/ssh"
)

// A PRIVATEKEYBLOB of CryptoAPI (wincrypt.h) is a header, and then numbers whose lowest byte
// comes first, all of a size that follows from that of the modulus:
//
//	byte 7, byte 2, uint16 0, uint32 algorithm
//	RSA: "RSA2", uint32 bits, uint32 e, n, p, q, dP, dQ, qInv, d
//	DSA: "DSS2", uint32 bits, p, q, g, x, uint32 counter, seed
const blobHeader = 8

var blobBegins = []byte{7, 2, 0, 0}

const (
	magicRSA = "RSA2"
	magicDSS = "DSS2"
)

func isBlob(data []byte) bool {
	return len(data) >= blobHeader+8 && bytes.HasPrefix(data, blobBegins) &&
		slices.Contains([]string{magicRSA, magicDSS}, string(data[blobHeader:blobHeader+4]))
}

func readBlob(data []byte) (*File, error) {
	key, err := blobKey(data[blobHeader:])
	return plain(FormBlob, key, err)
}

// blobKey reads what follows the header.
func blobKey(data []byte) (crypto.PrivateKey, error) {
	r := &reader{rest: data}
	magic, bits := string(r.take(4)), int(r.uint32())
	switch magic {
	case magicRSA:
		return rsaKey(r, bits)
	case magicDSS:
		return dssKey(r, bits)
	}
	return nil, syntaxf("this is not a private key of RSA or DSA")
}

func rsaKey(r *reader, bits int) (crypto.PrivateKey, error) {
	// The size of the numbers says how long the file is, so that no other limit is needed.
	e, size, half := new(big.Int).SetUint64(uint64(r.uint32())), (bits+7)/8, (bits+15)/16
	n, p, q := r.little(size), r.little(half), r.little(half)
	r.take(3 * half) // the CRT values are computed
	d := r.little(size)
	if err := r.end(); err != nil {
		return nil, err
	}
	key, err := rawkey.CompleteRSA(n, e, d, p, q)
	if err != nil {
		return nil, err
	}
	return key, nil
}

// The sizes of q and x of DSS in bytes, and of what follows them: a counter and a seed.
const (
	dssOrder = 20
	dssSeed  = 4 + 20
)

// dssKey has no y to compare x with, so the order of g alone proves that the numbers belong
// together.
func dssKey(r *reader, bits int) (crypto.PrivateKey, error) {
	size := (bits + 7) / 8
	p, q, g, x := r.little(size), r.little(dssOrder), r.little(size), r.little(dssOrder)
	r.take(dssSeed)
	if err := r.end(); err != nil {
		return nil, err
	}
	key, err := rawkey.NewDSA(p, q, g, nil, x)
	if err != nil {
		return nil, err
	}
	return key, nil
}

// A blob of CNG (bcrypt.h) has sizes in front, and numbers whose highest byte comes first:
//
//	RSA: "RSA2" or "RSA3", uint32 bits, sizes of e, n, p, q; e, n, p, q
//	     and for "RSA3" dP, dQ, qInv, d
//	ECC: a magic for each curve, uint32 size; x, y, d
const rsaBlobHeader, eccBlobHeader = 24, 8

const magicRSAFull = "RSA3"

// eccMagics are those of private keys, of ECDSA and of ECDH, which are the same keys.
var eccMagics = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"ECS2": ssh.KeyAlgoECDSA256, "ECS4": ssh.KeyAlgoECDSA384, "ECS6": ssh.KeyAlgoECDSA521,
		"ECK2": ssh.KeyAlgoECDSA256, "ECK4": ssh.KeyAlgoECDSA384, "ECK6": ssh.KeyAlgoECDSA521,
	}
}}

func isRSABlob(data []byte) bool {
	if len(data) < rsaBlobHeader || string(data[:4]) != magicRSA && string(data[:4]) != magicRSAFull {
		return false
	}
	var size [4]uint64
	for i := range size {
		size[i] = uint64(binary.LittleEndian.Uint32(data[8+4*i:]))
	}
	total := rsaBlobHeader + size[0] + size[1] + size[2] + size[3]
	if string(data[:4]) == magicRSAFull {
		total += 2*size[2] + size[3] + size[1]
	}
	return uint64(len(data)) == total
}

func readRSABlob(data []byte) (*File, error) {
	r := &reader{rest: data}
	magic := string(r.take(4))
	r.uint32() // the bits, which n has too
	size := [4]int{int(r.uint32()), int(r.uint32()), int(r.uint32()), int(r.uint32())}
	e, n, p, q := r.big(size[0]), r.big(size[1]), r.big(size[2]), r.big(size[3])
	form, d := FormRSA, (*big.Int)(nil)
	if magic == magicRSAFull {
		r.take(2*size[2] + size[3])
		form, d = FormFull, r.big(size[1])
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	key, err := rawkey.CompleteRSA(n, e, d, p, q)
	return plain(form, key, err)
}

func isECCBlob(data []byte) bool {
	return len(data) >= eccBlobHeader && eccMagics.Get()[string(data[:4])] != "" &&
		uint64(len(data)) == eccBlobHeader+3*uint64(binary.LittleEndian.Uint32(data[4:]))
}

func readECCBlob(data []byte) (*File, error) {
	r := &reader{rest: data}
	curve, _ := rawkey.CurveByAlgorithm(eccMagics.Get()[string(r.take(4))]) // isECCBlob has found it
	size := int(r.uint32())
	point := append([]byte{4}, r.take(2*size)...) // SEC 1 section 2.3.3
	d := r.big(size)
	if err := r.end(); err != nil {
		return nil, err
	}
	if size != curve.Size() {
		return nil, syntaxf("the numbers of the key have %d bytes, not %d", size, curve.Size())
	}
	key, err := rawkey.NewECDSA(curve, point, d)
	return plain(FormECC, key, err)
}

// reader takes numbers off the front of a blob. The first failure sticks.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if r.failed || n < 0 || n > len(r.rest) {
		r.failed = true
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) uint32() uint32 {
	b := r.take(4)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint32(b)
}

func (r *reader) big(n int) *big.Int { return new(big.Int).SetBytes(r.take(n)) }

func (r *reader) little(n int) *big.Int {
	b := bytes.Clone(r.take(n))
	defer clear(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

// end makes sure that everything was there and nothing is left.
func (r *reader) end() error {
	switch {
	case r.failed:
		return syntaxf("the key is cut off, or its sizes are wrong")
	case len(r.rest) > 0:
		return syntaxf("%d bytes follow the key", len(r.rest))
	}
	return nil
}
