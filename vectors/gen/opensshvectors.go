package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/vectors"
)

// openssh returns a vector of a file that is changed.
func openssh(name string, k keyType, verdict vectors.Verdict, property string, change func(f *opensshFile)) vector {
	f := opensshOf(k)
	if change != nil {
		change(&f)
	}
	v := newVector("openssh", name, "openssh-key-v1", k, verdict, property, f.encode())
	if f.passphrase != "" {
		v = v.locked(f.passphrase)
	}
	return v
}

// lockOpenSSH encrypts a file, and then changes it.
func lockOpenSSH(cipherName string, changes ...func(*opensshFile)) func(*opensshFile) {
	return func(f *opensshFile) {
		f.cipher, f.kdf, f.salt, f.rounds, f.passphrase = cipherName, "bcrypt", newStream("bcrypt").take(16), 4, passphrase
		for _, change := range changes {
			change(f)
		}
	}
}

func opensshTypes() []vector {
	var list []vector
	for _, k := range append([]keyType{rsa1024}, allTypes...) {
		verdict := read
		if k.name == "ed448" {
			verdict = may // which PuTTY writes, and OpenSSH does not have
		}
		list = append(list,
			openssh(k.name+"-plain", k, verdict, "An unencrypted file with a key of type "+k.algorithm+".", nil),
			openssh(k.name+"-encrypted", k, verdict, "A file with a key of type "+k.algorithm+", encrypted with aes256-ctr.", lockOpenSSH("aes256-ctr")))
	}
	for name := range opensshCiphers {
		if name == "none" {
			continue
		}
		verdict := may
		if name == "aes256-ctr" || name == "aes256-cbc" {
			verdict = read // the default of today and that of before 2018
		}
		list = append(list, openssh("cipher-"+short(name), ed, verdict, "The cipher is "+name+".", lockOpenSSH(name)),
			openssh("cipher-"+short(name)+"-rsa", rsa2048, verdict, "The cipher is "+name+", with an RSA key.", lockOpenSSH(name)))
	}
	slices.SortStableFunc(list[len(allTypes)*2+2:], func(a, b vector) int { return strings.Compare(a.File, b.File) })
	for _, rounds := range []uint32{1, 16, 24, 100} {
		list = append(list, openssh(fmt.Sprintf("rounds-%d", rounds), ed, read, fmt.Sprintf("The rounds of bcrypt are %d.", rounds),
			lockOpenSSH("aes256-ctr", func(f *opensshFile) { f.rounds = rounds })))
	}
	for _, n := range []int{1, 8, 15, 32, 64} {
		list = append(list, openssh(fmt.Sprintf("salt-%d", n), ed, read, fmt.Sprintf("The salt has %d bytes.", n),
			lockOpenSSH("aes256-ctr", func(f *opensshFile) { f.salt = newStream("bcrypt").take(n) })))
	}
	return list
}

// changedPrivate puts other private fields into a file.
func changedPrivate(fields []byte) func(*opensshFile) {
	return func(f *opensshFile) { f.private = fields }
}

// opensshFields has what the fields around the keys may be.
func opensshFields() []vector {
	list := []vector{
		openssh("magic-wrong", ed, refuse, "The data begins with openssh-key-v2.", func(f *opensshFile) { f.magic = "openssh-key-v2\x00" }),
		openssh("magic-without-nul", ed, refuse, "The NUL after the magic is missing.", func(f *opensshFile) { f.magic = "openssh-key-v1" }),
		openssh("cipher-unknown", ed, refuse, "The cipher is one that does not exist.", func(f *opensshFile) {
			f.cipher, f.kdf, f.options = "rot13", "bcrypt", concat(str("salt"), uint32Bytes(4))
		}),
		openssh("kdf-unknown", ed, refuse, "The key derivation is one that does not exist.", func(f *opensshFile) { f.cipher, f.kdf, f.options = "aes256-ctr", "md5", str("") }),
		openssh("kdf-none-with-cipher", ed, refuse, "There is a cipher and no key derivation.", func(f *opensshFile) { f.cipher = "aes256-ctr" }).wrong("decrypts with a key of zeros"),
		openssh("cipher-none-with-bcrypt", ed, refuse, "There is a key derivation and no cipher.", func(f *opensshFile) { f.kdf, f.salt, f.rounds = "bcrypt", []byte("salt"), 4 }),
		openssh("options-with-none", ed, may, "There are options of a key derivation that is not there.", func(f *opensshFile) { f.options = str("x") }),
		openssh("rounds-zero", ed, refuse, "The rounds of bcrypt are 0.", lockOpenSSH("aes256-ctr", func(f *opensshFile) { f.rounds = 0 })),
		openssh("rounds-huge", ed, refuse, "The rounds of bcrypt are 4294967295.", lockOpenSSH("aes256-ctr", func(f *opensshFile) { f.rounds = 1<<32 - 1 })).wrong("never ends", "ssh-keygen", "PuTTY"),
		openssh("salt-empty", ed, refuse, "The salt is empty.", lockOpenSSH("aes256-ctr", func(f *opensshFile) { f.options = concat(str(""), uint32Bytes(4)) })),
		openssh("no-keys", ed, refuse, "The number of keys is 0.", func(f *opensshFile) { f.count, f.publics = 0, nil }),
		openssh("keys-huge", ed, refuse, "The number of keys is 4294967295.", func(f *opensshFile) { f.count = 1<<32 - 1 }).wrong("allocates as much"),
		openssh("two-keys", ed, may, "There are two keys; the first one counts. OpenSSH and PuTTY refuse it.", func(f *opensshFile) {
			f.count, f.publics = 2, [][]byte{ed.public, otherEd.public}
			f.private = concat(f.private, privateOf(otherEd, "second"))
		}),
		openssh("checkints-differ", ed, refuse, "The two checkints differ, in a file that is not encrypted.", func(f *opensshFile) { f.checkints[1]++ }),
		openssh("checkints-zero", ed, read, "Both checkints are 0.", func(f *opensshFile) { f.checkints = [2]uint32{} }),
		openssh("passphrase-wrong", ed, refuse, "The passphrase of the manifest is wrong.", lockOpenSSH("aes256-ctr")).locked("another"),
		openssh("padding-wrong", ed, refuse, "The padding is zeros, and not 1, 2, 3.", func(f *opensshFile) { f.private = concat(f.private, make([]byte, 3)) }),
		openssh("padding-long", ed, may, "The padding has a block more than needed, as PuTTY writes it.", func(f *opensshFile) {
			f.padding = func(n int) []byte { return counting(n + 16) }
		}),
		openssh("rest-after-private", ed, refuse, "Bytes follow the private section.", func(f *opensshFile) { f.rest = []byte("rest") }),
		openssh("public-of-another", ed, refuse, "The public key in the clear belongs to another private key.", func(f *opensshFile) { f.publics = [][]byte{otherEd.public} }).wrong("shows one key and uses another", "PuTTY"),
		openssh("private-of-another-type", ed, refuse, "The private key is of another type than the public key.", func(f *opensshFile) { f.private = privateOf(p256, "x") }),
		openssh("comment-empty", ed, read, "The comment is empty.", changedPrivate(privateOf(ed, ""))),
		openssh("comment-line-end", ed, may, "The comment has a line end.", changedPrivate(privateOf(ed, "a\nPrivate-Lines: 1"))).wrong("writes it into a .ppk, which then cannot be read", "PuTTYgen 0.74 to 0.84"),
		openssh("comment-nul", ed, may, "The comment has a NUL.", changedPrivate(privateOf(ed, "a\x00b"))),
		openssh("comment-not-utf8", ed, read, "The comment is not UTF-8.", changedPrivate(privateOf(ed, "caf\xe9"))),
		openssh("comment-long", ed, read, "The comment has 10000 bytes.", changedPrivate(privateOf(ed, strings.Repeat("abcdefghijklmnopqrstuvwxyz", 10000/26+1)[:10000]))),
		openssh("comment-missing", ed, refuse, "The comment is missing.", changedPrivate(concat(str(ed.algorithm), ed.openssh))),
		openssh("width-64", ed, read, "Lines have 64 letters.", func(f *opensshFile) { f.width = 64 }),
		openssh("width-76", ed, read, "Lines have 76 letters.", func(f *opensshFile) { f.width = 76 }),
		openssh("one-line", ed, may, "The base64 is one line.", func(f *opensshFile) { f.width = 1 << 20 }),
	}
	for _, name := range []string{"aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"} {
		v := openssh("tag-wrong-"+short(name), ed, refuse, "The authentication tag of "+name+" is wrong.", lockOpenSSH(name))
		v.data = armour("OPENSSH PRIVATE KEY", "", changed(decoded(v.data), -1))
		list = append(list, v.wrong("does not check the tag", "PuTTY 0.84"))
	}
	whole := decoded(opensshOf(ed).encode())
	for _, cut := range []int{10, 20, 40, 80, 150, len(whole) - 1} {
		v := openssh(fmt.Sprintf("cut-at-%d", cut), ed, refuse, fmt.Sprintf("The data ends after %d bytes.", cut), nil)
		v.data = armour("OPENSSH PRIVATE KEY", "", whole[:cut])
		list = append(list, v)
	}
	return list
}

// opensshKeys has what the numbers of the keys may be.
func opensshKeys() []vector {
	r := rsa2048.key.(*rsa.PrivateKey)
	p, q, e := r.Primes[0], r.Primes[1], big.NewInt(int64(r.E))
	iqmp := new(big.Int).ModInverse(q, p)
	rsaFields := func(n, e, d, iqmp, p, q []byte) func(*opensshFile) {
		return changedPrivate(concat(str(rsa2048.algorithm), n, e, d, iqmp, p, q, str("rsa2048-key")))
	}
	both := ed.key.(ed25519.PrivateKey)
	seed, pub := string(both[:32]), string(both[32:])
	edFields := func(public, secret string) func(*opensshFile) {
		return changedPrivate(concat(str(ed.algorithm), str(public), str(secret), str("ed25519-key")))
	}
	ecKey := p256.key.(*ecdsa.PrivateKey)
	scalar := new(big.Int).SetBytes(scalarOf(ecKey))
	ecFields := func(curve string, point []byte, d []byte) func(*opensshFile) {
		return changedPrivate(concat(str(p256.algorithm), str(curve), str(string(point)), d, str("p256-key")))
	}
	short521 := ofECDSA("p521", ecdsaKey("short", elliptic.P521(), func(s []byte) bool { return s[0] == 0 && s[1] == 0 }))
	fixed521 := short521.key.(*ecdsa.PrivateKey)
	return []vector{
		openssh("ed25519-copies-differ", ed, refuse, "The second copy of the public half differs from the first.", edFields(pub, seed+string(changed([]byte(pub), 0)))),
		openssh("ed25519-seed-of-another", ed, refuse, "The seed belongs to another public half.", edFields(pub, string(otherEd.key.(ed25519.PrivateKey)[:32])+pub)).wrong("believes the public half: every login fails", "ssh-keygen", "PuTTY", "x/crypto/ssh"),
		openssh("ed25519-seed-alone", ed, may, "The private field has the seed alone.", edFields(pub, seed)),
		openssh("ed25519-short", ed, refuse, "The private field has 63 bytes.", edFields(pub, seed+pub[:31])),
		openssh("rsa-p-less-than-q", rsa2048, read, "p is less than q, and iqmp belongs to that order.", rsaFields(mpint(r.N), mpint(e), mpint(r.D), mpint(new(big.Int).ModInverse(p, q)), mpint(q), mpint(p))).wrong("wants p > q"),
		openssh("rsa-iqmp-wrong", rsa2048, may, "iqmp is wrong.", rsaFields(mpint(r.N), mpint(e), mpint(r.D), mpint(one), mpint(p), mpint(q))),
		openssh("rsa-n-not-pq", rsa2048, refuse, "n is not p times q.", rsaFields(mpint(r.N), mpint(e), mpint(r.D), mpint(iqmp), mpint(p), mpint(p))),
		openssh("rsa-d-wrong", rsa2048, refuse, "d is not the inverse of e.", rsaFields(mpint(r.N), mpint(e), mpint(new(big.Int).Add(r.D, big.NewInt(2))), mpint(iqmp), mpint(p), mpint(q))),
		openssh("rsa-needless-zero", rsa2048, may, "p has a needless zero byte in front.", rsaFields(mpint(r.N), mpint(e), mpint(r.D), mpint(iqmp), padded(p, 3), mpint(q))),
		openssh("rsa-negative", rsa2048, refuse, "p is a negative number.", rsaFields(mpint(r.N), mpint(e), mpint(r.D), mpint(iqmp), str(string(p.Bytes())), mpint(q))),
		openssh("rsa-zero", rsa2048, may, "p and q are 0; n, e and d give them.", rsaFields(mpint(r.N), mpint(e), mpint(r.D), mpint(iqmp), raw(), raw())),
		openssh("p256-zero", p256, refuse, "The scalar is 0.", ecFields("nistp256", point(ecKey), raw())),
		openssh("p256-order", p256, refuse, "The scalar is the order of the curve.", ecFields("nistp256", point(ecKey), mpint(elliptic.P256().Params().N))),
		openssh("p256-plus-order", p256, refuse, "The scalar is above the order of the curve, and right modulo it.", ecFields("nistp256", point(ecKey), mpint(new(big.Int).Add(scalar, elliptic.P256().Params().N)))),
		openssh("p256-point-changed", p256, refuse, "The point of the private section is not on the curve.", ecFields("nistp256", changed(point(ecKey), -1), mpint(scalar))),
		openssh("p521-short", short521, read, "The scalar of P-521 has two zero bytes in front, which an mpint leaves out.", nil),
		openssh("p521-fixed-width", short521, may, "The scalar of P-521 is written in its full width, as RustCrypto did.", changedPrivate(concat(str(short521.algorithm), str("nistp521"), str(string(point(fixed521))), str(string(scalarOf(fixed521))), str("p521-key")))),
	}
}
