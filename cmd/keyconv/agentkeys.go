package main

import (
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// listAgent prints a line for each key: type and bits, fingerprint, comment.
func (a *app) listAgent(o agentconn.Options) error {
	held, err := a.dialAgent(o)
	if err != nil {
		return err
	}
	defer held.Close()
	keys, err := interruptible(a.ctx, held.List)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, key := range keys {
		fmt.Fprintf(&b, "%s\n", describeAgentKey(key))
	}
	if len(keys) == 0 {
		a.tell("%s holds no keys", held.Name)
	}
	_, err = fmt.Fprint(a.stdout, b.String())
	return err
}

// describeAgentKey leaves the bits out for a type that keyconv does not know. A
// certificate has the fingerprint of its key, as ssh-add -l shows it.
func describeAgentKey(key *agent.Key) string {
	pub, err := sshkey.ParsePublic(key.Blob)
	if err != nil {
		return fmt.Sprintf("%q %s %q", key.Format, ssh.FingerprintSHA256(key), key.Comment)
	}
	return fmt.Sprintf("%s %d %s %q", pub.Type(), sshkey.Bits(pub), sshkey.FingerprintSHA256(pub), key.Comment)
}

// deleteFromAgent takes a key out with all its certificates. The public half is enough.
func (a *app) deleteFromAgent(name string, held *agentconn.Agent) error {
	f, err := a.open(name)
	if err != nil {
		return err
	}
	pub, _, err := a.publicHalf(name, f)
	if err != nil {
		return err
	}
	pub = sshkey.WithoutCertificate(pub)
	keys, err := interruptible(a.ctx, held.List)
	if err != nil {
		return err
	}
	comment, found := "", false
	for _, key := range keys {
		if !isKeyOf(key, pub) {
			continue
		}
		if _, err := interruptible(a.ctx, func() (any, error) { return nil, held.Remove(key) }); err != nil {
			return err
		}
		comment, found = key.Comment, true
	}
	if !found {
		return withHint(fmt.Errorf("%s does not hold the key %s", held.Name, sshkey.FingerprintSHA256(pub)),
			"keyconv agent --list shows what it holds")
	}
	a.record.key(pub, comment)
	a.tell("deleted %s from %s (%s %d, %s, %q)", displayName(name), held.Name,
		pub.Type(), sshkey.Bits(pub), sshkey.FingerprintSHA256(pub), comment)
	return nil
}

// isKeyOf reports whether the agent's key is that one, or a certificate for it.
func isKeyOf(key *agent.Key, pub ssh.PublicKey) bool {
	held, err := sshkey.ParsePublic(key.Blob)
	return err == nil && samePublicKey(held, pub)
}
