package session

import (
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// HostKeysPath is where PuTTY on Windows has the keys of the hosts it knows, a value each.
const HostKeysPath = `Software\SimonTatham\PuTTY\SshHostKeys`

// HostKey is the key of a host that a program knows.
type HostKey struct {
	Host string
	Port int
	Key  ssh.PublicKey
}

// puttyHostKey says how many numbers a host key of a type has, and how they make the key; nil
// for a type that ssh does not have.
type puttyHostKey struct {
	parts int
	blob  func(name string, part []string) ([]byte, error)
}

// puttyHostKeys are PuTTY's names for types of host keys. The numbers are those of ssh_keyalg's
// cache_str.
var puttyHostKeys = lazy.Map[string, puttyHostKey]{Make: func() map[string]puttyHostKey {
	return map[string]puttyHostKey{
		"rsa2":                {2, numbersBlob("ssh-rsa")},
		"dss":                 {4, numbersBlob("ssh-dss")},
		"ssh-ed25519":         {2, ed25519Blob},
		"ecdsa-sha2-nistp256": {3, ecdsaBlob},
		"ecdsa-sha2-nistp384": {3, ecdsaBlob},
		"ecdsa-sha2-nistp521": {3, ecdsaBlob},
		"ssh-ed448":           {2, nil},
		"rsa":                 {2, nil}, // of SSH-1
	}
}}

// takeHostKey adds a host key: "ssh-ed25519@22:host" and its numbers.
func (s *Store) takeHostKey(line int, name, value string) {
	k, err := hostKeyOf(name, value)
	if err != nil {
		s.problem(line, "the host key %q: %v", name, err)
		return
	}
	s.HostKeys = append(s.HostKeys, k)
}

func hostKeyOf(name, value string) (HostKey, error) {
	kind, place, ok := strings.Cut(name, "@")
	port, host, found := strings.Cut(place, ":")
	n, err := strconv.ParseUint(port, 10, 16)
	if !ok || !found || err != nil || n == 0 || !isForwardHost(host) {
		return HostKey{}, fmt.Errorf("its name is not TYPE@PORT:HOST")
	}
	t, known := puttyHostKeys.Get()[kind]
	switch {
	case !known:
		return HostKey{}, fmt.Errorf("the type is not known")
	case t.blob == nil:
		return HostKey{}, fmt.Errorf("ssh has no such type of key")
	}
	parts := strings.Split(value, ",")
	if len(parts) != t.parts {
		return HostKey{}, fmt.Errorf("it is damaged")
	}
	blob, err := t.blob(kind, parts)
	if err != nil {
		return HostKey{}, err
	}
	key, err := rawkey.ParsePublic(blob)
	if err != nil {
		return HostKey{}, fmt.Errorf("it is damaged")
	}
	return HostKey{host, int(n), key}, nil
}

func hexNumbers(parts []string) ([]*big.Int, error) {
	var list []*big.Int
	for _, part := range parts {
		digits, ok := strings.CutPrefix(part, "0x")
		n, valid := new(big.Int).SetString(digits, 16)
		if !ok || !valid || len(digits) > sshkey.MaxRSABits/4 || n.Sign() < 0 {
			return nil, fmt.Errorf("it is damaged")
		}
		list = append(list, n)
	}
	return list, nil
}

// numbersBlob returns what makes a public key that is a list of numbers in PuTTY's order: RSA's exponent
// and modulus, DSA's p, q, g and y.
func numbersBlob(algorithm string) func(string, []string) ([]byte, error) {
	return func(_ string, parts []string) ([]byte, error) {
		list, err := hexNumbers(parts)
		if err != nil {
			return nil, err
		}
		blob := ssh.Marshal(struct{ Name string }{algorithm})
		for _, n := range list {
			blob = append(blob, ssh.Marshal(struct{ N *big.Int }{n})...)
		}
		return blob, nil
	}
}

// ecdsaBlob makes a public key of the name of the curve and the point.
func ecdsaBlob(name string, parts []string) ([]byte, error) {
	curve := strings.TrimPrefix(name, "ecdsa-sha2-")
	point, err := hexNumbers(parts[1:])
	if err != nil || parts[0] != curve {
		return nil, fmt.Errorf("it is damaged")
	}
	bits, _ := strconv.Atoi(strings.TrimPrefix(curve, "nistp"))
	size := (bits + 7) / 8
	if point[0].BitLen() > 8*size || point[1].BitLen() > 8*size {
		return nil, fmt.Errorf("it is damaged")
	}
	raw := append([]byte{4}, point[0].FillBytes(make([]byte, size))...)
	raw = append(raw, point[1].FillBytes(make([]byte, size))...)
	return ssh.Marshal(struct {
		Name, Curve string
		Point       []byte
	}{name, curve, raw}), nil
}

// ed25519Blob makes a public key of its point, which has to be on the curve -x² + y² =
// 1 + d·x²·y² (RFC 8032, section 5.1): nothing else would show a wrong digit.
func ed25519Blob(name string, parts []string) ([]byte, error) {
	point, err := hexNumbers(parts)
	if err != nil {
		return nil, err
	}
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	d := new(big.Int).ModInverse(big.NewInt(121666), p)
	d.Mul(d, big.NewInt(-121665))
	x2, y2 := new(big.Int).Mul(point[0], point[0]), new(big.Int).Mul(point[1], point[1])
	difference := new(big.Int).Mul(d, new(big.Int).Mul(x2, y2))
	difference.Add(difference, big.NewInt(1)).Add(difference, x2).Sub(difference, y2)
	if point[0].Cmp(p) >= 0 || point[1].Cmp(p) >= 0 || difference.Mod(difference, p).Sign() != 0 {
		return nil, fmt.Errorf("it is damaged")
	}
	raw := point[1].FillBytes(make([]byte, 32))
	slices.Reverse(raw)
	raw[31] |= byte(point[0].Bit(0)) << 7
	return ssh.Marshal(struct {
		Name string
		Key  []byte
	}{name, raw}), nil
}

// isHostKeys reports whether a text is the file of host keys of PuTTY on Unix.
func isHostKeys(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	name, value, ok := strings.Cut(first, " ")
	kind, _, found := strings.Cut(name, "@")
	_, known := puttyHostKeys.Get()[kind]
	return ok && found && known && strings.Contains(value, "0x")
}

func readHostKeys(text string) Store {
	var s Store
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if name, value, ok := strings.Cut(line, " "); ok {
			s.takeHostKey(number, name, value)
		} else if line != "" {
			s.problem(number, "this is not a host key")
		}
	}
	return s
}

// Names returns the host as known_hosts has it.
func (k HostKey) Names() string {
	if k.Port == DefaultPort {
		return k.Host
	}
	return "[" + k.Host + "]:" + strconv.Itoa(k.Port)
}

// line returns the key as a line of known_hosts.
func (k HostKey) line() string {
	return k.Names() + " " + k.Key.Type() + " " + base64.StdEncoding.EncodeToString(k.Key.Marshal())
}
