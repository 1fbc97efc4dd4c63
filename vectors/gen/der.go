package main

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist, and so do their vectors.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"math/big"
	"slices"

	"github.com/cloudflare/circl/sign/ed448"

	"github.com/keyconv/keyconv/vectors"
)

// DER (X.690): a tag, the length in its shortest form, and the content.

const (
	tagInteger   = 0x02
	tagBits      = 0x03
	tagOctets    = 0x04
	tagNull      = 0x05
	tagOID       = 0x06
	tagSequence  = 0x30
	tagContext0  = 0xa0 // constructed
	tagContext1  = 0xa1
	tagContext81 = 0x81 // primitive [1]
)

func tlv(tag byte, parts ...[]byte) []byte {
	content := concat(parts...)
	n := len(content)
	switch {
	case n < 0x80:
		return concat([]byte{tag, byte(n)}, content)
	case n < 0x100:
		return concat([]byte{tag, 0x81, byte(n)}, content)
	}
	return concat([]byte{tag, 0x82, byte(n >> 8), byte(n)}, content)
}

func seq(parts ...[]byte) []byte { return tlv(tagSequence, parts...) }

// integer has a byte for 0, where an mpint is empty.
func integer(x *big.Int) []byte {
	if x.Sign() == 0 {
		return tlv(tagInteger, []byte{0})
	}
	return tlv(tagInteger, mpint(x)[4:])
}

func small(n int64) []byte { return integer(big.NewInt(n)) }

func octets(b []byte) []byte { return tlv(tagOctets, b) }

func bitString(b []byte) []byte { return tlv(tagBits, []byte{0}, b) }

var null = []byte{tagNull, 0}

func oid(content ...byte) []byte { return tlv(tagOID, content) }

var (
	oidRSA     = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01)
	oidDSA     = oid(0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01)
	oidEC      = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01)
	oidEd25519 = oid(0x2b, 0x65, 0x70)
	oidEd448   = oid(0x2b, 0x65, 0x71)
	oidPBES2   = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d)
	oidPBKDF2  = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c)
	oidScrypt  = oid(0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b)
	curveOIDs  = map[int][]byte{
		256: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
		384: oid(0x2b, 0x81, 0x04, 0x00, 0x22),
		521: oid(0x2b, 0x81, 0x04, 0x00, 0x23),
	}
)

// rsaPrivateKey is RFC 8017 appendix A.1.2. The change gets the nine numbers.
func rsaPrivateKey(key *rsa.PrivateKey, change func(x []*big.Int)) []byte {
	p, q := key.Primes[0], key.Primes[1]
	x := []*big.Int{
		new(big.Int), key.N, big.NewInt(int64(key.E)), key.D, p, q,
		new(big.Int).Mod(key.D, new(big.Int).Sub(p, one)), new(big.Int).Mod(key.D, new(big.Int).Sub(q, one)), new(big.Int).ModInverse(q, p),
	}
	if change != nil {
		change(x)
	}
	return integers(x...)
}

func integers(x ...*big.Int) []byte {
	var parts [][]byte
	for _, n := range x {
		parts = append(parts, integer(n))
	}
	return seq(parts...)
}

func dsaPrivateKey(key *dsa.PrivateKey) []byte {
	return integers(new(big.Int), key.P, key.Q, key.G, key.Y, key.X)
}

// ecPrivateKey is RFC 5915 section 3.
func ecPrivateKey(scalar []byte, parameters, public []byte) []byte {
	parts := [][]byte{small(1), octets(scalar)}
	if parameters != nil {
		parts = append(parts, tlv(tagContext0, parameters))
	}
	if public != nil {
		parts = append(parts, tlv(tagContext1, bitString(public)))
	}
	return seq(parts...)
}

func curveOf(key *ecdsa.PrivateKey) []byte { return curveOIDs[key.Params().BitSize] }

// traditional returns the label and the data of the form from before PKCS#8; "" where
// there is none.
func traditional(k keyType) (label string, data []byte) {
	switch key := k.key.(type) {
	case *rsa.PrivateKey:
		return "RSA PRIVATE KEY", rsaPrivateKey(key, nil)
	case *dsa.PrivateKey:
		return "DSA PRIVATE KEY", dsaPrivateKey(key)
	case *ecdsa.PrivateKey:
		return "EC PRIVATE KEY", ecPrivateKey(scalarOf(key), curveOf(key), point(key))
	}
	return "", nil
}

// privateKeyInfo is RFC 5958: version 0, or 1 with a public half.
func privateKeyInfo(version int64, algorithm, private []byte, rest ...[]byte) []byte {
	return seq(append([][]byte{small(version), algorithm, octets(private)}, rest...)...)
}

func pkcs8(k keyType) []byte {
	switch key := k.key.(type) {
	case *rsa.PrivateKey:
		return privateKeyInfo(0, seq(oidRSA, null), rsaPrivateKey(key, nil))
	case *dsa.PrivateKey:
		return privateKeyInfo(0, seq(oidDSA, integers(key.P, key.Q, key.G)), integer(key.X))
	case *ecdsa.PrivateKey:
		return privateKeyInfo(0, seq(oidEC, curveOf(key)), ecPrivateKey(scalarOf(key), nil, point(key)))
	case ed25519.PrivateKey:
		return privateKeyInfo(0, seq(oidEd25519), octets(key[:32]))
	case ed448.PrivateKey:
		return privateKeyInfo(0, seq(oidEd448), octets(key[:57]))
	}
	return nil
}

// derCase is a structure in a PEM block.
type derCase struct {
	name, format, label string
	key                 keyType
	verdict             vectors.Verdict
	property            string
	data                []byte
}

// derFields has what the structures of ASN.1 may be.
func derFields() []vector {
	changedDSA := func(change func(k *dsa.PrivateKey)) []byte {
		k := *dsa1024.key.(*dsa.PrivateKey)
		change(&k)
		return dsaPrivateKey(&k)
	}
	dsaCases := []derCase{
		{"dsa-x-wrong", "dsa", "DSA PRIVATE KEY", dsa1024, refuse, "x does not give y.", changedDSA(func(k *dsa.PrivateKey) { k.X = new(big.Int).Add(k.X, one) })},
		{"dsa-g-one", "dsa", "DSA PRIVATE KEY", dsa1024, refuse, "g and y are 1.", changedDSA(func(k *dsa.PrivateKey) { k.G, k.Y = one, one })},
	}
	var list []vector
	for _, c := range slices.Concat(rsaCases(), dsaCases, ecCases(), pkcs8Cases()) {
		list = append(list, newVector("der", c.name, c.format, c.key, c.verdict, c.property, armour(c.label, "", c.data)))
	}
	return list
}

// rsaCases change the nine numbers of PKCS#1, or the structure around them.
func rsaCases() []derCase {
	r := rsa2048.key.(*rsa.PrivateKey)
	whole := rsaPrivateKey(r, nil)
	rsaDER := func(name string, verdict vectors.Verdict, property string, data []byte) derCase {
		return derCase{"rsa-" + name, "pkcs1", "RSA PRIVATE KEY", rsa2048, verdict, property, data}
	}
	change := func(f func(x []*big.Int)) []byte { return rsaPrivateKey(r, f) }
	set := func(i int, value *big.Int) []byte { return change(func(x []*big.Int) { x[i] = value }) }
	add := func(i int, by int64) []byte {
		return change(func(x []*big.Int) { x[i] = new(big.Int).Add(x[i], big.NewInt(by)) })
	}
	return []derCase{
		rsaDER("p-less-than-q", read, "p is less than q, as half of the files of Go's library have it.", rsaPrivateKey(&rsa.PrivateKey{PublicKey: r.PublicKey, D: r.D, Primes: []*big.Int{r.Primes[1], r.Primes[0]}}, nil)),
		rsaDER("crt-wrong-dp", may, "dP is wrong; PuTTY and OpenSSH compute it again.", add(6, 2)),
		rsaDER("crt-wrong-dq", may, "dQ is wrong; PuTTY and OpenSSH compute it again.", add(7, 2)),
		rsaDER("crt-wrong-qinv", may, "qInv is wrong.", add(8, 2)),
		rsaDER("crt-zero", may, "dP, dQ and qInv are 0.", change(func(x []*big.Int) { x[6], x[7], x[8] = new(big.Int), new(big.Int), new(big.Int) })),
		rsaDER("d-wrong", refuse, "d is not the inverse of e.", add(3, 2)),
		rsaDER("d-zero", refuse, "d is 0.", set(3, new(big.Int))),
		rsaDER("n-not-pq", refuse, "n is not p times q.", add(1, 2)),
		rsaDER("p-one", refuse, "p is 1 and q is n.", change(func(x []*big.Int) { x[4], x[5] = one, x[1] })),
		rsaDER("p-is-n", refuse, "p is n and q is 1.", change(func(x []*big.Int) { x[4], x[5] = x[1], one })),
		rsaDER("p-zero", may, "p is 0; the other numbers give it.", set(4, new(big.Int))),
		rsaDER("e-one", refuse, "e and d are 1.", change(func(x []*big.Int) { x[2], x[3] = one, one })),
		rsaDER("e-even", refuse, "e is 2.", set(2, big.NewInt(2))),
		rsaDER("e-zero", refuse, "e is 0.", set(2, new(big.Int))),
		rsaDER("version-1", refuse, "The version is 1 (more than two primes), and there are two.", set(0, one)),
		rsaDER("version-2", refuse, "The version is 2.", set(0, big.NewInt(2))),
		rsaDER("eight-numbers", may, "qInv is missing.", seq(whole[4:len(whole)-len(integer(new(big.Int).ModInverse(r.Primes[1], r.Primes[0])))])),
		rsaDER("five-numbers", refuse, "Only five numbers are there: p and what follows is missing.", integers(new(big.Int), r.N, big.NewInt(int64(r.E)), r.D, one)),
		rsaDER("trailing-inside", may, "Bytes follow the last number in the SEQUENCE.", seq(whole[4:], null)),
		rsaDER("trailing-after", may, "Bytes follow the SEQUENCE.", concat(whole, []byte{0, 0, 0})),
		rsaDER("cut", refuse, "The data ends 10 bytes early.", whole[:len(whole)-10]),
		rsaDER("empty", refuse, "The SEQUENCE is empty.", seq()),
		rsaDER("long-length", may, "The length has a needless zero byte (BER).", concat([]byte{tagSequence, 0x83, 0}, whole[2:])),
		rsaDER("indefinite", may, "The length is indefinite (BER).", concat([]byte{tagSequence, 0x80}, whole[4:], []byte{0, 0})),
		rsaDER("length-huge", refuse, "The length is 2^31.", concat([]byte{tagSequence, 0x84, 0x80, 0, 0, 0}, whole[4:])),
		rsaDER("negative", may, "n has no sign byte, and so is a negative number; PuTTY takes it without its sign.", seq(small(0), tlv(tagInteger, r.N.Bytes()), whole[4+3+len(integer(r.N)):])),
		rsaDER("needless-zero", may, "n has a needless zero byte in front (BER).", seq(small(0), tlv(tagInteger, []byte{0, 0}, r.N.Bytes()), whole[4+3+len(integer(r.N)):])),
		rsaDER("integer-empty", refuse, "The version has no bytes.", seq(tlv(tagInteger), whole[7:])),
	}
}

// shortP256 has a scalar that begins with a zero byte.
var shortP256 = ofECDSA("p256", ecdsaKey("short", elliptic.P256(), func(s []byte) bool { return s[0] == 0 }))

func ecCases() []derCase {
	ec, short256 := p256.key.(*ecdsa.PrivateKey), shortP256.key.(*ecdsa.PrivateKey)
	n, scalar := elliptic.P256().Params().N, scalarOf(ec)
	ecDER := func(name string, k keyType, verdict vectors.Verdict, property string, data []byte) derCase {
		return derCase{"ec-" + name, "sec1", "EC PRIVATE KEY", k, verdict, property, data}
	}
	return []derCase{
		ecDER("no-public", p256, may, "The public half is missing, as in RFC 5915.", ecPrivateKey(scalar, curveOf(ec), nil)),
		ecDER("no-parameters", p256, may, "The parameters are missing; the public half has the length of P-256.", ecPrivateKey(scalar, nil, point(ec))),
		ecDER("parameters-null", p256, may, "The parameters are NULL.", ecPrivateKey(scalar, null, point(ec))),
		ecDER("compressed", p256, may, "The public point is compressed.", ecPrivateKey(scalar, curveOf(ec), elliptic.MarshalCompressed(elliptic.P256(), ec.X, ec.Y))),
		ecDER("scalar-short", shortP256, may, "The scalar has a zero byte in front that is left out, as PuTTYgen writes it.", ecPrivateKey(scalarOf(short256)[1:], curveOf(ec), point(short256))),
		ecDER("scalar-full", shortP256, read, "The scalar has a zero byte in front.", ecPrivateKey(scalarOf(short256), curveOf(ec), point(short256))),
		ecDER("scalar-long", p256, may, "The scalar has a needless zero byte in front.", ecPrivateKey(concat([]byte{0}, scalar), curveOf(ec), point(ec))),
		ecDER("scalar-zero", p256, refuse, "The scalar is 0.", ecPrivateKey(make([]byte, 32), curveOf(ec), nil)),
		ecDER("scalar-order", p256, refuse, "The scalar is the order of the curve.", ecPrivateKey(n.Bytes(), curveOf(ec), nil)),
		ecDER("scalar-above-order", p256, refuse, "The scalar is the order of the curve and 1: the scalar 1, if it is reduced.", ecPrivateKey(new(big.Int).Add(n, one).Bytes(), curveOf(ec), nil)),
		ecDER("public-of-another", p256, refuse, "The public half belongs to another key.", ecPrivateKey(scalar, curveOf(ec), point(short256))),
		ecDER("public-off-curve", p256, refuse, "The public point is not on the curve.", ecPrivateKey(scalar, curveOf(ec), changed(point(ec), -1))),
		ecDER("curve-of-another-size", p256, refuse, "The curve is P-384, the public point is of P-256.", ecPrivateKey(scalar, curveOIDs[384], point(ec))),
		ecDER("curve-unknown", p256, refuse, "The curve is one that does not exist.", ecPrivateKey(scalar, oid(0x2a, 0x03, 0x04), point(ec))),
		ecDER("version-2", p256, refuse, "The version is 2.", seq(small(2), octets(scalar), tlv(tagContext0, curveOf(ec)))),
		ecDER("unused-bits", p256, may, "The BIT STRING of the public half says that bits of it are not used.", seq(small(1), octets(scalar), tlv(tagContext0, curveOf(ec)), tlv(tagContext1, tlv(tagBits, []byte{1}, point(ec))))),
	}
}

func pkcs8Cases() []derCase {
	ec, short256 := p256.key.(*ecdsa.PrivateKey), shortP256.key.(*ecdsa.PrivateKey)
	e, ed8, scalar := ed.key.(ed25519.PrivateKey), seq(oidEd25519), scalarOf(ec)
	whole := rsaPrivateKey(rsa2048.key.(*rsa.PrivateKey), nil)
	p8 := func(name string, k keyType, verdict vectors.Verdict, property string, data []byte) derCase {
		return derCase{"pkcs8-" + name, "pkcs8", "PRIVATE KEY", k, verdict, property, data}
	}
	return []derCase{
		p8("ed25519-seed-64", ed, may, "The private key has seed and public half (64 bytes).", privateKeyInfo(0, ed8, octets(e))),
		p8("ed25519-seed-31", ed, refuse, "The seed has 31 bytes.", privateKeyInfo(0, ed8, octets(e[:31]))),
		p8("ed25519-seed-33", ed, refuse, "The seed has 33 bytes.", privateKeyInfo(0, ed8, octets(concat(e[:32], []byte{0})))),
		p8("ed25519-not-wrapped", ed, may, "The seed is not wrapped in a second OCTET STRING, against RFC 8410.", privateKeyInfo(0, ed8, e[:32])),
		p8("ed25519-null", ed, may, "The algorithm has NULL parameters, against RFC 8410.", privateKeyInfo(0, seq(oidEd25519, null), octets(e[:32]))),
		p8("ed25519-v2", ed, read, "Version 2 of PKCS#8 with the public half (RFC 8410).", privateKeyInfo(1, ed8, octets(e[:32]), tlv(tagContext81, []byte{0}, e[32:]))),
		p8("ed25519-v2-other-public", ed, refuse, "The public half of version 2 belongs to another key.", privateKeyInfo(1, ed8, octets(e[:32]), tlv(tagContext81, []byte{0}, otherEd.key.(ed25519.PrivateKey)[32:]))),
		p8("ed25519-v2-explicit", ed, may, "The public half of version 2 has an explicit tag, as some writers make it.", privateKeyInfo(1, ed8, octets(e[:32]), tlv(tagContext1, bitString(e[32:])))),
		p8("version-9", ed, refuse, "The version is 9.", privateKeyInfo(9, ed8, octets(e[:32]))),
		p8("attributes", ed, read, "There is an empty set of attributes.", privateKeyInfo(0, ed8, octets(e[:32]), tlv(tagContext0))),
		p8("rsa-no-null", rsa2048, may, "The algorithm has no parameters, where RFC 8017 wants NULL.", privateKeyInfo(0, seq(oidRSA), whole)),
		p8("rsa-algorithm-unknown", rsa2048, refuse, "The algorithm is one that does not exist.", privateKeyInfo(0, seq(oid(0x2a, 0x03, 0x04), null), whole)),
		p8("rsa-under-ec", rsa2048, refuse, "The algorithm says EC, and the key is RSA.", privateKeyInfo(0, seq(oidEC, curveOIDs[256]), whole)),
		p8("ec-without-public", p256, read, "The public half is missing.", privateKeyInfo(0, seq(oidEC, curveOf(ec)), ecPrivateKey(scalar, nil, nil))),
		p8("ec-curve-twice", p256, read, "The curve is in the algorithm and in the key.", privateKeyInfo(0, seq(oidEC, curveOf(ec)), ecPrivateKey(scalar, curveOf(ec), point(ec)))),
		p8("ec-curves-differ", p256, refuse, "The curve of the algorithm is not that of the key.", privateKeyInfo(0, seq(oidEC, curveOf(ec)), ecPrivateKey(scalar, curveOIDs[384], nil))),
		p8("ec-no-curve", p256, refuse, "There is no curve.", privateKeyInfo(0, seq(oidEC), ecPrivateKey(scalar, nil, nil))),
		p8("ec-public-of-another", p256, refuse, "The public half belongs to another key.", privateKeyInfo(0, seq(oidEC, curveOf(ec)), ecPrivateKey(scalar, nil, point(short256)))),
		p8("trailing-after", ed, may, "Bytes follow the SEQUENCE.", concat(pkcs8(ed), []byte{0, 0})),
		p8("cut", ed, refuse, "The data ends early.", pkcs8(ed)[:30]),
	}
}
