package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// describeCertificate shows what ssh-keygen -L does, in the order of the certificate
// (OpenSSH's PROTOCOL.certkeys).
func describeCertificate(i *engine.Info) []field {
	c := i.Certificate
	if c == nil {
		return nil
	}
	kinds := map[uint32]string{ssh.UserCert: "user", ssh.HostCert: "host"}
	kind := kinds[c.CertType]
	if kind == "" {
		kind = fmt.Sprintf("unknown kind %d", c.CertType)
	}
	principals := "none (OpenSSH 10.3 and later refuse it)"
	if len(c.ValidPrincipals) > 0 {
		var quoted []string
		for _, name := range c.ValidPrincipals {
			quoted = append(quoted, fmt.Sprintf("%q", name))
		}
		principals = strings.Join(quoted, ", ")
	}
	from, to := "always", "for ever"
	if c.ValidAfter != 0 {
		from = "from " + utc(c.ValidAfter)
	}
	if c.ValidBefore != ssh.CertTimeInfinity {
		to = "until " + utc(c.ValidBefore)
	}
	fields := []field{
		{"certificate:", fmt.Sprintf("%s certificate %q, serial %d", kind, c.KeyId, c.Serial)},
		{"", "principals: " + principals},
		{"", "valid: " + from + ", " + to},
		{"", "certificate fingerprint: " + i.CertificateSHA256},
		{"", "certificate fingerprint: MD5:" + i.CertificateMD5},
		{"", fmt.Sprintf("signed by: %s %s", c.SignatureKey.Type(), sshkey.FingerprintSHA256(c.SignatureKey))},
	}
	for _, options := range []struct {
		label  string
		values map[string]string
	}{{"critical option: ", c.CriticalOptions}, {"extension: ", c.Extensions}} {
		for _, name := range slices.Sorted(maps.Keys(options.values)) {
			value := fmt.Sprintf("%q", name)
			if v := options.values[name]; v != "" {
				value += fmt.Sprintf(" %q", v)
			}
			fields = append(fields, field{"", options.label + value})
		}
	}
	return fields
}

func utc(seconds uint64) string {
	return time.Unix(int64(seconds), 0).UTC().Format("2006-01-02 15:04:05 UTC")
}
