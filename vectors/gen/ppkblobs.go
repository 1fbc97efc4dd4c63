package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/keyconv/keyconv/vectors"
)

const read, refuse, may = vectors.MustRead, vectors.MustRefuse, vectors.MayRead

// raw is an mpint as it should not be: its bytes as they are.
func raw(b ...byte) []byte { return str(string(b)) }

// padded returns an mpint with needless zeros in front.
func padded(x *big.Int, zeros int) []byte {
	return str(string(make([]byte, zeros)) + string(x.Bytes()))
}

func privateBlob(blob []byte) func(*ppkFile) { return func(f *ppkFile) { f.private = blob } }

func publicBlob(blob []byte) func(*ppkFile) { return func(f *ppkFile) { f.public = blob } }

// ppkBlobs has what the two blobs and the MAC may be, whatever the type.
func ppkBlobs() []vector {
	seed := string(ed.key.(ed25519.PrivateKey)[:ed25519.SeedSize])
	highBit := ed25519Key("high", func(s []byte) bool { return s[0]&0x80 != 0 })
	zeroFirst := ed25519Key("zero", func(s []byte) bool { return s[0] == 0 })
	list := []vector{
		ppk("mac-wrong", ed, 3, refuse, "The MAC does not match.", func(f *ppkFile) { f.mac = func(m []byte) string { return fmt.Sprintf("%x", changed(m, 0)) } }).wrong("does not check the MAC of unencrypted files"),
		ppk("mac-wrong-last-byte", ed, 3, refuse, "The last byte of the MAC does not match.", func(f *ppkFile) { f.mac = func(m []byte) string { return fmt.Sprintf("%x", changed(m, -1)) } }),
		ppk("mac-wrong-v2", ed, 2, refuse, "The MAC of version 2 does not match.", func(f *ppkFile) { f.mac = func(m []byte) string { return fmt.Sprintf("%x", changed(m, 0)) } }),
		ppk("comment-changed", ed, 3, refuse, "The comment was changed after the MAC was made.", func(f *ppkFile) {
			f.lines = func(l []string) []string { l[2] += "!"; return l }
		}).wrong("does not cover the comment"),
		ppk("comment-changed-v2", ed, 2, refuse, "The comment of version 2 was changed after the MAC was made.", func(f *ppkFile) {
			f.lines = func(l []string) []string { l[2] += "!"; return l }
		}),
		ppk("comment-changed", ed, 1, may, "The comment of version 1 was changed, which its MAC does not cover.", func(f *ppkFile) {
			f.lines = func(l []string) []string { l[2] += "!"; return l }
		}),
		ppk("public-of-another", ed, 3, refuse, "The public half belongs to another private half; the MAC matches.", publicBlob(otherEd.public)).wrong("believes the public half: every login fails", "PuTTY"),
		ppk("dsa-public-changed", dsa1024, 3, refuse, "The private number gives another y.", privateBlob(mpint(new(big.Int).Add(one, one)))),
		ppk("type-in-blob-differs", ed, 3, refuse, "The public blob is of another type than the first line says.", publicBlob(p256.public)),
		ppk("public-with-rest", ed, 3, refuse, "Bytes follow the last field of the public blob.", publicBlob(concat(ed.public, []byte{0, 0, 0, 0}))),
		ppk("private-with-rest", ed, 3, refuse, "Bytes follow the last field of the private blob, which is not encrypted.", privateBlob(concat(ed.ppk, []byte{1, 2, 3}))),
		ppk("private-empty", ed, 3, refuse, "The private blob has a seed of no bytes.", privateBlob(str(""))),
		ppk("seed-31-bytes", ed, 3, refuse, "The seed has 31 bytes.", privateBlob(str(seed[:31]))),
		ppk("seed-64-bytes", ed, 3, may, "The private blob has seed and public half, as openssh-key-v1 has them.", privateBlob(str(string(ed.key.(ed25519.PrivateKey))))),
		ppk("seed-33-bytes", ed, 3, may, "The seed has a zero byte in front, as a writer made it that took it for an mpint.", privateBlob(str("\x00"+seed))),
		ppk("seed-high-bit", highBit, 3, read, "The first bit of the seed is 1: it is a string, and not an mpint.", nil).wrong("takes the seed for an mpint, and refuses a negative number"),
		ppk("seed-zero-byte", zeroFirst, 3, read, "The first byte of the seed is 0: it is a string, and not an mpint.", nil).wrong("takes the seed for an mpint, and loses the zero"),
		ppk("seed-high-bit-v2", highBit, 2, read, "The first bit of the seed is 1, in version 2.", nil),
		ppk("seed-zero-byte-v2", zeroFirst, 2, read, "The first byte of the seed is 0, in version 2.", nil),
		ppk("string-length-huge", ed, 3, refuse, "A string claims a length of 4294967295 bytes.", privateBlob(concat([]byte{0xff, 0xff, 0xff, 0xff}, []byte(seed)))).wrong("allocates as much, or wraps around"),
		ppk("string-length-negative", ed, 3, refuse, "A string claims a length of 2147483648 bytes, negative in 32 bits.", privateBlob(concat([]byte{0x80, 0, 0, 0}, []byte(seed)))),
		ppk("string-cut", ed, 3, refuse, "A string claims one byte more than there is.", privateBlob(concat(uint32Bytes(33), []byte(seed)))),
		ppk("type-unknown", ed, 3, refuse, "The key type is one that does not exist.", func(f *ppkFile) {
			f.algorithm = "ssh-unknown"
			f.public = concat(str("ssh-unknown"), str("x"))
		}),
		ppk("width-76", rsa2048, 3, may, "Lines of base64 have 76 letters, more than PuTTY takes.", func(f *ppkFile) { f.width = 76 }),
		ppk("width-32", rsa2048, 3, read, "Lines of base64 have 32 letters.", func(f *ppkFile) { f.width = 32 }),
		ppk("width-4", ed, 3, read, "Lines of base64 have 4 letters.", func(f *ppkFile) { f.width = 4 }),
		ppk("padding-in-the-middle", ed, 3, may, "Base64 is padded in the middle, where PuTTY allows it.", func(f *ppkFile) {
			f.lines = func(l []string) []string {
				blob := base64Of(ed.public[:46]) + base64Of(ed.public[46:])
				return append(append(append([]string{}, l[:3]...), append([]string{"Public-Lines: 2"}, blob[:64], blob[64:])...), l[6:]...)
			}
		}),
	}
	for _, k := range []keyType{ed, p256, rsa2048} {
		cert := certificate(k)
		for version := 2; version <= 3; version++ {
			v := ppk(k.name+"-certificate", k, version, may, "The public blob is an OpenSSH certificate, which PuTTY reads since 0.78.", func(f *ppkFile) {
				f.algorithm, f.public = cert.Type(), cert.Marshal()
			})
			list = append(list, v)
		}
	}
	return list
}

// ppkNumbers has what the numbers of an RSA key may be, and the scalar and the point of an
// ECDSA key.
func ppkNumbers() []vector {
	rsaNumbers := rsa2048.key.(*rsa.PrivateKey)
	d, p, q := rsaNumbers.D, rsaNumbers.Primes[0], rsaNumbers.Primes[1]
	iqmp := new(big.Int).ModInverse(q, p)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	lambda := new(big.Int).Div(phi, new(big.Int).GCD(nil, nil, new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)))
	exponent3, exponent37, exponentBig := ofRSA("rsa2048", rsaKey("e3", 2048, 3)), ofRSA("rsa2048", rsaKey("e37", 2048, 37)), ofRSA("rsa2048", rsaKey("big", 2048, 1<<31-1))
	swapped := concat(mpint(d), mpint(q), mpint(p), mpint(new(big.Int).ModInverse(p, q)))
	shortScalar := ofECDSA("p521", ecdsaKey("short", elliptic.P521(), func(s []byte) bool { return s[0] == 0 && s[1] == 0 }))
	high256 := ofECDSA("p256", ecdsaKey("high", elliptic.P256(), func(s []byte) bool { return s[0]&0x80 != 0 }))
	scalar := new(big.Int).SetBytes(scalarOf(p256.key.(*ecdsa.PrivateKey)))
	n256 := elliptic.P256().Params().N
	return []vector{
		ppk("rsa-public-of-another", rsa2048, 3, refuse, "The public half belongs to another RSA key; the MAC matches.", publicBlob(ofRSA("rsa2048", rsaKey("b", 2048, 65537)).public)),
		ppk("rsa-d-not-mpint", rsa2048, 3, refuse, "d has a needless zero in front; PuTTY reads the number as 0.", privateBlob(concat(padded(d, 5), mpint(p), mpint(q), mpint(iqmp)))),
		ppk("rsa-p-less-than-q", rsa2048, 3, may, "p is less than q, and iqmp belongs to that order.", privateBlob(swapped)),
		ppk("rsa-iqmp-wrong", rsa2048, 3, may, "iqmp is wrong; PuTTY computes it again.", privateBlob(concat(mpint(d), mpint(p), mpint(q), mpint(new(big.Int).Add(iqmp, one))))).wrong("uses it, and makes signatures that are wrong or give the key away"),
		ppk("rsa-iqmp-zero", rsa2048, 3, may, "iqmp is 0; PuTTY computes it again.", privateBlob(concat(mpint(d), mpint(p), mpint(q), mpint(new(big.Int))))),
		ppk("rsa-d-lambda", rsa2048, 3, read, "d is reduced modulo the least common multiple of p-1 and q-1.", privateBlob(concat(mpint(new(big.Int).Mod(d, lambda)), mpint(p), mpint(q), mpint(iqmp)))).wrong("wants d modulo (p-1)(q-1)"),
		ppk("rsa-d-plus-phi", rsa2048, 3, may, "d is larger than (p-1)(q-1) and right modulo it.", privateBlob(concat(mpint(new(big.Int).Add(d, phi)), mpint(p), mpint(q), mpint(iqmp)))),
		ppk("rsa-d-wrong", rsa2048, 3, refuse, "d is not the inverse of e.", privateBlob(concat(mpint(new(big.Int).Add(d, big.NewInt(2))), mpint(p), mpint(q), mpint(iqmp)))),
		ppk("rsa-n-not-pq", rsa2048, 3, refuse, "n is not p times q.", privateBlob(concat(mpint(d), mpint(p), mpint(new(big.Int).Add(q, big.NewInt(2))), mpint(iqmp)))),
		ppk("rsa-p-one", rsa2048, 3, refuse, "p is 1 and q is n.", privateBlob(concat(mpint(d), mpint(one), mpint(rsaNumbers.N), mpint(new(big.Int))))),
		ppk("rsa-p-zero", rsa2048, 3, may, "p and q are 0; n, e and d give them.", privateBlob(concat(mpint(d), raw(), raw(), raw()))).wrong("divides by zero"),
		ppk("rsa-negative", rsa2048, 3, refuse, "p is a negative number.", privateBlob(concat(mpint(d), str(string(p.Bytes())), mpint(q), mpint(iqmp)))).wrong("reads the number without its sign"),
		ppk("rsa-e-3", exponent3, 3, read, "e is 3.", nil),
		ppk("rsa-e-37", exponent37, 3, read, "e is 37, which PuTTYgen used until 0.74.", nil).wrong("wants e to be 65537"),
		ppk("rsa-e-31-bits", exponentBig, 3, read, "e is 2^31-1.", nil),
		ppk("rsa-e-1", rsa2048, 3, refuse, "e and d are 1: signatures are the messages.", func(f *ppkFile) {
			f.public = concat(str(ssh.KeyAlgoRSA), mpint(one), mpint(rsaNumbers.N))
			f.private = concat(mpint(one), mpint(p), mpint(q), mpint(iqmp))
		}),
		ppk("rsa-sha2-256", rsa2048, 3, may, "The first line names the signature algorithm rsa-sha2-256, which PuTTY takes.", func(f *ppkFile) { f.algorithm = "rsa-sha2-256" }),
		ppk("rsa-sha2-512", rsa2048, 3, may, "The first line names the signature algorithm rsa-sha2-512, which PuTTY takes.", func(f *ppkFile) { f.algorithm = "rsa-sha2-512" }),
		ppk("p256-public-of-another", p256, 3, refuse, "The public half belongs to another ECDSA key; the MAC matches.", publicBlob(ofECDSA("p256", ecdsaKey("b", elliptic.P256(), nil)).public)).wrong("believes the public half", "PuTTY"),
		ppk("p521-short", shortScalar, 3, read, "The scalar of P-521 has two zero bytes in front, which an mpint leaves out.", nil).wrong("wants 66 bytes"),
		ppk("p256-short", shortP256, 3, read, "The scalar of P-256 has a zero byte in front, which an mpint leaves out.", nil).wrong("wants 32 bytes"),
		ppk("p256-high-bit", high256, 3, read, "The first bit of the scalar is 1, so that the mpint has 33 bytes.", nil).wrong("wants 32 bytes"),
		ppk("p256-fixed-width", shortP256, 3, refuse, "The scalar has a fixed width and so a needless zero; PuTTY reads the number as 0.", privateBlob(str(string(scalarOf(shortP256.key.(*ecdsa.PrivateKey)))))).wrong("reads what PuTTY does not"),
		ppk("p256-zero", p256, 3, refuse, "The scalar is 0.", privateBlob(raw())),
		ppk("p256-order", p256, 3, refuse, "The scalar is the order of the curve.", privateBlob(mpint(n256))),
		ppk("p256-plus-order", p256, 3, refuse, "The scalar is above the order of the curve, and right modulo it.", privateBlob(mpint(new(big.Int).Add(scalar, n256)))).wrong("reduces it", "PuTTY"),
		ppk("p256-off-curve", p256, 3, refuse, "The public point is not on the curve.", publicBlob(changed(p256.public, -1))),
		ppk("p256-infinity", p256, 3, refuse, "The public point is the point at infinity.", publicBlob(concat(str(p256.algorithm), str("nistp256"), str("\x00")))),
		ppk("p256-curve-differs", p256, 3, refuse, "The blob names nistp384 below ecdsa-sha2-nistp256.", publicBlob(concat(str(p256.algorithm), str("nistp384"), str(string(point(p256.key.(*ecdsa.PrivateKey))))))),
	}
}

// certificate returns a certificate that another key of the vectors has signed. Its
// signature is deterministic, since Ed25519 is.
func certificate(k keyType) *ssh.Certificate {
	pub, err := ssh.ParsePublicKey(k.public)
	check(err)
	signer, err := ssh.NewSignerFromKey(otherEd.key)
	check(err)
	cert := &ssh.Certificate{Key: pub, Serial: 1, CertType: ssh.UserCert, KeyId: "vectors", ValidPrincipals: []string{"root"}, ValidBefore: ssh.CertTimeInfinity}
	check(cert.SignCert(rand.Reader, signer))
	// SignCert takes the nonce from the source of randomness, so sign again with a fixed one.
	cert.Nonce = newStream("nonce " + k.name).take(32)
	unsigned := *cert
	unsigned.Signature = nil
	blob := unsigned.Marshal()
	cert.Signature, err = signer.Sign(rand.Reader, blob[:len(blob)-4])
	check(err)
	return cert
}

// locking encrypts a file, and changes it.
func locking(change func(*ppkFile)) func(*ppkFile) {
	return func(f *ppkFile) {
		lock(f)
		change(f)
	}
}

// lockedHeader encrypts a file, and puts another line in place of one.
func lockedHeader(from, to string) func(*ppkFile) {
	return locking(func(f *ppkFile) {
		f.lines = func(l []string) []string {
			for i := range l {
				if strings.HasPrefix(l[i], from) {
					l[i] = to
				}
			}
			return l
		}
	})
}

// ppkDerivation has the parameters of Argon2.
func ppkDerivation() []vector {
	var list []vector
	for _, flavour := range []string{"Argon2id", "Argon2i", "Argon2d"} {
		for _, p := range []struct{ memory, passes, lanes uint32 }{{8, 1, 1}, {64, 3, 1}, {64, 1, 2}, {256, 2, 4}, {100, 1, 1}, {1024, 2, 1}} {
			list = append(list, ppk(fmt.Sprintf("kdf-%s-m%d-t%d-p%d", strings.ToLower(flavour), p.memory, p.passes, p.lanes), ed, 3, read,
				fmt.Sprintf("%s with %d KiB, passes %d and parallelism %d.", flavour, p.memory, p.passes, p.lanes),
				locking(func(f *ppkFile) { f.flavour, f.memory, f.passes, f.lanes = flavour, p.memory, p.passes, p.lanes })))
		}
	}
	for _, n := range []int{0, 1, 8, 15, 17, 32, 64} {
		verdict, property := read, fmt.Sprintf("The salt has %d bytes.", n)
		if n < 8 {
			verdict, property = may, property+" RFC 9106 wants 8, and PuTTY takes any."
		}
		list = append(list, ppk(fmt.Sprintf("kdf-salt-%d", n), ed, 3, verdict, property, locking(func(f *ppkFile) { f.salt = newStream("salt").take(n) })))
	}
	return list
}

// ppkPassphrases has passphrases, and the padding of what they encrypt.
func ppkPassphrases() []vector {
	var list []vector
	for _, pass := range []struct{ name, text, property string }{
		{"one-byte", "x", "The passphrase has one byte."},
		{"spaces", " a passphrase ", "The passphrase begins and ends with a space."},
		{"utf8", "naïve ✓", "The passphrase is UTF-8."},
		{"latin1", "na\xefve", "The passphrase is Latin-1, as PuTTY's windows type it."},
		{"long", strings.Repeat("passphrase ", 100), "The passphrase has 1100 bytes."},
		{"line-end", "passphrase\n", "The passphrase ends with a line end."},
		{"tab", "a\tb", "The passphrase has a tab."},
	} {
		for version := 2; version <= 3; version++ {
			list = append(list, ppk("passphrase-"+pass.name, ed, version, read, pass.property, func(f *ppkFile) { f.passphrase = pass.text }))
		}
	}
	zeros := func(_ []byte, n int) []byte { return make([]byte, n) }
	for _, k := range []keyType{ed, rsa2048, p256} {
		list = append(list,
			ppk(k.name+"-padding-zeros", k, 3, read, "The padding is zeros; PuTTY never looks at it.", locking(func(f *ppkFile) { f.padding = zeros })).wrong("wants PuTTY's padding"),
			ppk(k.name+"-padding-random", k, 3, read, "The padding is random; PuTTY never looks at it.", locking(func(f *ppkFile) {
				f.padding = func(_ []byte, n int) []byte { return newStream("padding").take(n) }
			})).wrong("wants PuTTY's padding"),
			ppk(k.name+"-padding-whole-block", k, 3, may, "The padding has a whole block more than needed, as some writers add.", locking(func(f *ppkFile) {
				f.padding = func(blob []byte, n int) []byte { return newStream("padding").take(16) }
				f.private = append(append([]byte{}, f.private...), make([]byte, (16-len(f.private)%16)%16)...)
			})),
			ppk(k.name+"-padding-missing", k, 3, refuse, "The encrypted half is no multiple of a block.", locking(func(f *ppkFile) {
				f.padding = func([]byte, int) []byte { return []byte("x") }
				f.private = f.private[:len(f.private)-len(f.private)%16+1]
			})))
	}
	return list
}

// ppkBadDerivation has what must not be derived, and what does not open.
func ppkBadDerivation() []vector {
	wrongPassphrase := ppk("passphrase-wrong", ed, 3, refuse, "The passphrase of the manifest is wrong.", lock).locked("another passphrase")
	wrongPassphrase2 := ppk("passphrase-wrong", ed, 2, refuse, "The passphrase of the manifest is wrong.", lock).locked("another passphrase")
	return []vector{
		wrongPassphrase, wrongPassphrase2,
		ppk("encrypted-mac-wrong", ed, 3, refuse, "The MAC of the encrypted file does not match.", locking(func(f *ppkFile) {
			f.mac = func(m []byte) string { return fmt.Sprintf("%x", changed(m, 0)) }
		})),
		ppk("kdf-memory-huge", ed, 3, refuse, "Argon2-Memory is 4294967295 KiB.", lockedHeader("Argon2-Memory", "Argon2-Memory: 4294967295")).wrong("allocates 4 TiB, or is killed"),
		ppk("kdf-passes-huge", ed, 3, refuse, "Argon2-Passes is 4294967295.", lockedHeader("Argon2-Passes", "Argon2-Passes: 4294967295")).wrong("never ends", "PuTTY"),
		ppk("kdf-parallelism-huge", ed, 3, refuse, "Argon2-Parallelism is 16777215.", lockedHeader("Argon2-Parallelism", "Argon2-Parallelism: 16777215")).wrong("starts as many threads, or writes out of bounds", "PuTTY 0.75 to 0.84"),
		ppk("kdf-memory-zero", ed, 3, refuse, "Argon2-Memory is 0.", lockedHeader("Argon2-Memory", "Argon2-Memory: 0")),
		ppk("kdf-passes-zero", ed, 3, refuse, "Argon2-Passes is 0.", lockedHeader("Argon2-Passes", "Argon2-Passes: 0")),
		ppk("kdf-parallelism-zero", ed, 3, refuse, "Argon2-Parallelism is 0.", lockedHeader("Argon2-Parallelism", "Argon2-Parallelism: 0")).wrong("divides by zero", "PuTTY"),
		ppk("kdf-memory-below-parallelism", ed, 3, refuse, "Argon2-Memory is less than 8 KiB a lane.", lockedHeader("Argon2-Parallelism", "Argon2-Parallelism: 64")).wrong("writes out of bounds", "PuTTY"),
		ppk("kdf-unknown", ed, 3, refuse, "The key derivation is one that does not exist.", lockedHeader("Key-Derivation", "Key-Derivation: Argon2x")),
		ppk("kdf-lower-case", ed, 3, refuse, "The key derivation is argon2id in lower case.", lockedHeader("Key-Derivation", "Key-Derivation: argon2id")),
		ppk("kdf-salt-odd", ed, 3, refuse, "The salt has an odd number of digits.", lockedHeader("Argon2-Salt", "Argon2-Salt: abc")),
		ppk("kdf-salt-upper-case", ed, 3, read, "The salt is in upper case.", locking(func(f *ppkFile) {
			f.lines = func(l []string) []string {
				for i := range l {
					if salt, ok := strings.CutPrefix(l[i], "Argon2-Salt: "); ok {
						l[i] = "Argon2-Salt: " + strings.ToUpper(salt)
					}
				}
				return l
			}
		})),
		ppk("kdf-missing", ed, 3, refuse, "An encrypted file has no key derivation.", locking(func(f *ppkFile) {
			f.lines = func(l []string) []string { return append(append([]string{}, l[:6]...), l[11:]...) }
		})),
		ppk("kdf-in-plain-file", ed, 3, refuse, "A file that is not encrypted has a key derivation.", func(f *ppkFile) {
			f.lines = func(l []string) []string {
				return append(append(append([]string{}, l[:6]...), "Key-Derivation: Argon2id", "Argon2-Memory: 64", "Argon2-Passes: 1", "Argon2-Parallelism: 1", "Argon2-Salt: 00"), l[6:]...)
			}
		}),
		ppk("kdf-in-version-2", ed, 2, refuse, "A file of version 2 has a key derivation.", locking(func(f *ppkFile) {
			f.lines = func(l []string) []string {
				return append(append(append([]string{}, l[:6]...), "Key-Derivation: Argon2id", "Argon2-Memory: 64", "Argon2-Passes: 1", "Argon2-Parallelism: 1", "Argon2-Salt: 00"), l[6:]...)
			}
		})),
	}
}
