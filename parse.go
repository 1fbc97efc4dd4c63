package keyconv

import (
	"context"

	"github.com/keyconv/keyconv/sshkey"
)

// ParseOptions are choices for reading. The zero value and nil mean what [Parse] does.
type ParseOptions struct {
	// Limits are what the file may ask for; the zero value means those of a person's own
	// machine. See ServerLimits.
	Limits sshkey.Limits
	// Mend turns text that was damaged on the way back into what it was: lines that an editor
	// joined or a mail program wrapped, UTF-16, a value of JSON or base64, a key without its
	// BEGIN line. Damage that could be undone in two ways gives an error, never a guess.
	Mend bool
	// Index is which key to read of a file with several, from 0.
	Index int
	// Passphrase is called for an encrypted file, once all but the passphrase has been read.
	// Its error is returned as it is. nil means that there is no passphrase.
	Passphrase func(*File) ([]byte, error)
}

// ServerLimits returns limits for files from strangers: 64 MiB for a key derivation, 200
// million steps for what comes before it, and 2,000 million for all derivations of one
// passphrase, since that of a careful person takes half of that. A step is about a nanosecond,
// which is counted and not timed. Measured on one processor of 2026, of the hostile files in
// the tests at their largest size (1 MiB), the worst takes 0.9 s and the next 0.4 s without a
// passphrase, 1.9 s with one, right or wrong, and 130 MiB of memory. A server also bounds how
// many it converts at a time.
func ServerLimits() sshkey.Limits {
	return sshkey.Limits{
		KDFMemory:      64 << 10, // KiB
		Work:           200_000_000,
		PassphraseWork: 2_000_000_000,
	}
}

// Parse reads a private key of any format. It calls ask for an encrypted file, once all
// but the passphrase has been read, and returns its error as it is. If ask is nil, or returns
// nil, an encrypted file gives a *sshkey.PassphraseMissingError. Otherwise Parse returns the
// errors of [Open] and [File.Decrypt].
func Parse(data []byte, ask func(*File) ([]byte, error)) (*sshkey.Key, error) {
	return ParseContext(context.Background(), data, &ParseOptions{Passphrase: ask})
}

// ParseContext is [Parse] with choices. It returns the error of the context if that is done
// before a step begins: the mending of a text, and each key derivation. See
// [File.DecryptContext] for what it does not stop.
func ParseContext(ctx context.Context, data []byte, opts *ParseOptions) (*sshkey.Key, error) {
	f, err := openContext(ctx, data, opts)
	if err != nil {
		return nil, err
	}
	if err := f.Usable(); err != nil {
		return nil, err
	}
	var passphrase []byte
	if f.Encrypted() && opts != nil && opts.Passphrase != nil {
		if passphrase, err = opts.Passphrase(f); err != nil {
			return nil, err
		}
	}
	return f.DecryptContext(ctx, passphrase)
}
