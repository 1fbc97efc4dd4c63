package sshkey

// Deviation is a way in which a file departs from its format, and was read all the same:
// what it means is certain, since the halves of the key match.
type Deviation struct {
	Code    string // stable, for programs
	Message string // for people
}

// The deviations that readers accept, since programs write such files.
var (
	// DeviationPadding: ssh-key of RustCrypto writes the scalar of ECDSA in fixed width.
	DeviationPadding = Deviation{"number-padding", "a number was written with needless zeros in front"}
	// DeviationECNull: RFC 5480 section 2.1.1 wants the name of a curve there.
	DeviationECNull = Deviation{"ec-null", "the parameters of the curve were NULL; the key names its curve itself"}
	// DeviationUnusedBits: a point has whole bytes (SEC 1 section 2.3.3).
	DeviationUnusedBits = Deviation{"unused-bits", "the public half was marked as having unused bits"}
	// DeviationLabel: what is inside is read by its bytes. In a block that is encrypted as a whole
	// (RFC 1421 section 4.6) only the passphrase shows it.
	DeviationLabel = Deviation{"label", "the BEGIN line has a label that does not belong to what is inside"}
	// DeviationSeedPair: RFC 8410 section 7 has the seed alone. russh wrote both up to 0.43.
	DeviationSeedPair = Deviation{"seed-pair", "the public half stood after the seed, in the place of the private half"}
	// DeviationSeedNumber: picky of Devolutions writes the seed as a number.
	DeviationSeedNumber = Deviation{"seed-number", "the seed was written as a number, not as bytes of a fixed count"}
	// DeviationCertificateOrder: options of a certificate are sorted by their names
	// (PROTOCOL.certkeys of OpenSSH, "Critical options").
	DeviationCertificateOrder = Deviation{"certificate-order", "the options of the certificate were not in the order of their names"}
)
