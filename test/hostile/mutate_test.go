package hostile

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/wire"
)

// mutate changes the content of a key file that is not encrypted, and puts the file
// together again with sound lengths, padding and MAC around the change.
func mutate(r *rand.Rand, text []byte) []byte {
	if bytes.HasPrefix(text, []byte("PuTTY-User-Key-File-3")) {
		return mutatePPK(r, string(text))
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	label := strings.Trim(strings.TrimPrefix(strings.Trim(lines[0], "- "), "BEGIN"), " ")
	var encoded strings.Builder
	for _, line := range lines[1 : len(lines)-1] {
		if !strings.Contains(line, ":") {
			encoded.WriteString(line)
		}
	}
	data, err := base64.StdEncoding.DecodeString(encoded.String())
	if err != nil {
		return nil
	}
	change := mutateDER
	switch {
	case r.IntN(4) == 0 || strings.HasPrefix(label, "SSH2"):
		change = mutateBytes
	case strings.HasPrefix(label, "OPENSSH"):
		change = mutateOpenSSH
	}
	return pemblock.Encode(label, nil, change(r, data))
}

// byteChanges change a few bytes at i.
var byteChanges = []func(r *rand.Rand, b []byte, i int) []byte{
	func(r *rand.Rand, b []byte, i int) []byte { b[i] ^= 1 << r.IntN(8); return b },
	func(r *rand.Rand, b []byte, i int) []byte { b[i] = byte(r.IntN(256)); return b },
	func(r *rand.Rand, b []byte, i int) []byte { return b[:i] },
	func(r *rand.Rand, b []byte, i int) []byte { return append(b, make([]byte, 1+r.IntN(9))...) },
	func(r *rand.Rand, b []byte, i int) []byte { return slices.Insert(b, i, byte(r.IntN(256))) },
	func(r *rand.Rand, b []byte, i int) []byte { return slices.Delete(b, i, i+1) },
	func(r *rand.Rand, b []byte, i int) []byte { copy(b[i:], b[r.IntN(len(b)):]); return b },
	func(r *rand.Rand, b []byte, i int) []byte { clear(b[i:min(len(b), i+1+r.IntN(32))]); return b },
}

// mutateBytes changes a few bytes anywhere.
func mutateBytes(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	if len(b) == 0 {
		return []byte{byte(r.IntN(256))}
	}
	return byteChanges[r.IntN(len(byteChanges))](r, b, r.IntN(len(b)))
}

// mutateParts changes, removes, repeats or swaps one of several parts.
func mutateParts(r *rand.Rand, parts [][]byte) [][]byte {
	i, j := r.IntN(len(parts)), r.IntN(len(parts))
	switch r.IntN(8) {
	case 0:
		parts[i] = append([]byte{0}, parts[i]...)
	case 1:
		parts[i] = bytes.TrimPrefix(parts[i], []byte{0})
	case 2:
		parts[i] = append(bytes.Clone(parts[i]), 0)
	case 3:
		return slices.Delete(parts, i, i+1)
	case 4:
		parts[i], parts[j] = parts[j], parts[i]
	case 5:
		return slices.Insert(parts, j, parts[i])
	case 6:
		parts[i] = nil
	default:
		parts[i] = mutateBytes(r, parts[i])
	}
	return parts
}

// mutateWire changes one of the strings (RFC 4251 section 5) that a blob is made of.
func mutateWire(r *rand.Rand, b []byte) []byte {
	var parts [][]byte
	rest := wire.NewReader(b)
	for len(rest.Rest()) >= 4 {
		part := rest.String("part")
		if rest.Err() != nil {
			return mutateBytes(r, b)
		}
		parts = append(parts, bytes.Clone(part))
	}
	var out []byte
	for _, part := range mutateParts(r, parts) {
		out = wire.AppendString(out, part)
	}
	return out
}

// mutateDER changes an element somewhere, and the lengths of all elements around it.
func mutateDER(r *rand.Rand, b []byte) []byte {
	var tags []byte
	var parts [][]byte
	for rest := b; len(rest) > 0; {
		n, header := derLength(rest)
		if header == 0 || n > len(rest)-header {
			return mutateBytes(r, b)
		}
		tags, parts = append(tags, rest[0]), append(parts, bytes.Clone(rest[header:header+n]))
		rest = rest[header+n:]
	}
	if len(parts) == 0 {
		return mutateBytes(r, b)
	}
	i := r.IntN(len(parts))
	hasParts := tags[i]&0x20 != 0 || tags[i] == 4 && len(parts[i]) > 2 && (parts[i][0] == 0x30 || parts[i][0] == 4)
	switch {
	case hasParts && r.IntN(4) > 0:
		parts[i] = mutateDER(r, parts[i])
	case r.IntN(3) == 0:
		tags[i] = []byte{1, 2, 3, 4, 5, 6, 0x30, 0x31, 0x80, 0x81, 0xa0, 0xa1}[r.IntN(12)]
	default:
		parts = mutateParts(r, parts)
	}
	var out []byte
	for k, part := range parts {
		out = append(out, tags[min(k, len(tags)-1)])
		if n := len(part); n < 128 && r.IntN(40) > 0 {
			out = append(out, byte(n))
		} else {
			out = append(out, 0x82, byte(n>>8), byte(n))
		}
		out = append(out, part...)
	}
	return out
}

// derLength returns the length of the first element's content, and of what is before it.
func derLength(b []byte) (n, header int) {
	switch {
	case len(b) < 2:
		return 0, 0
	case b[1] < 0x80:
		return int(b[1]), 2
	case b[1] == 0x81 && len(b) > 2:
		return int(b[2]), 3
	case b[1] == 0x82 && len(b) > 3:
		return int(b[2])<<8 | int(b[3]), 4
	}
	return 0, 0
}

// mutateOpenSSH changes the public or the private half of an unencrypted block.
func mutateOpenSSH(r *rand.Rand, b []byte) []byte {
	const front = "openssh-key-v1\x00\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00\x00\x00\x00\x01"
	rest := wire.NewReader(bytes.TrimPrefix(b, []byte(front)))
	public, private := rest.String("public key"), rest.String("private section")
	if rest.Err() != nil {
		return mutateBytes(r, b)
	}
	if r.IntN(3) == 0 {
		public = mutateWire(r, public)
	} else {
		fields := mutateWire(r, private[8:len(private)-paddingOf(private)])
		private = append(bytes.Clone(private[:8]), fields...)
		for i := byte(1); len(private)%8 != 0; i++ {
			private = append(private, i)
		}
	}
	return wire.AppendString(wire.AppendString([]byte(front), public), private)
}

// paddingOf returns how many of the last bytes are 1, 2, 3 and so on.
func paddingOf(b []byte) int {
	for n := 7; n > 0; n-- {
		if bytes.HasSuffix(b, []byte{1, 2, 3, 4, 5, 6, 7}[:n]) {
			return n
		}
	}
	return 0
}

// mutatePPK changes one of the blobs of an unencrypted file of version 3, and computes its
// MAC (with an empty key) again.
func mutatePPK(r *rand.Rand, text string) []byte {
	var algorithm, comment string
	blobs := map[string][]byte{}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		name, value, _ := strings.Cut(lines[i], ": ")
		switch name {
		case "PuTTY-User-Key-File-3":
			algorithm = value
		case "Comment":
			comment = value
		case "Public-Lines", "Private-Lines":
			n := 0
			_, _ = fmt.Sscan(value, &n)
			blobs[name], _ = base64.StdEncoding.DecodeString(strings.Join(lines[i+1:i+1+n], ""))
			i += n
		}
	}
	which := []string{"Public-Lines", "Private-Lines"}[r.IntN(2)]
	change := []func(*rand.Rand, []byte) []byte{mutateWire, mutateBytes}[r.IntN(2)]
	blobs[which] = change(r, blobs[which])
	mac := hmac.New(sha256.New, nil)
	for _, part := range []string{algorithm, "none", comment, string(blobs["Public-Lines"]), string(blobs["Private-Lines"])} {
		_ = binary.Write(mac, binary.BigEndian, uint32(len(part)))
		mac.Write([]byte(part))
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "PuTTY-User-Key-File-3: %s\nEncryption: none\nComment: %s\n", algorithm, comment)
	for _, name := range []string{"Public-Lines", "Private-Lines"} {
		encoded := base64.StdEncoding.EncodeToString(blobs[name])
		fmt.Fprintf(&b, "%s: %d\n", name, (len(encoded)+63)/64)
		for ; encoded != ""; encoded = encoded[min(64, len(encoded)):] {
			b.WriteString(encoded[:min(64, len(encoded))] + "\n")
		}
	}
	fmt.Fprintf(&b, "Private-MAC: %x\n", mac.Sum(nil))
	return b.Bytes()
}
