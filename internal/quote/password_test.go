package quote

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWithoutPassword(t *testing.T) {
	for text, want := range map[string]string{
		"root:hunter2@h":                    "root:...@h",
		"root:hun@ter2@h.example.com:22":    "root:...@h.example.com:22",
		"ssh://root:hunter2@h/":             "ssh://root:...@h/",
		"mysql -u 'root:hunter2@h', a:b@c":  "mysql -u 'root:...@h', a:...@c",
		"L81=root:hunter2@x:81":             "L81=root:...@x:81",
		"target@device:SSH:primary@bastion": "target@device:SSH:primary@bastion",
		"git@github.com:22":                 "git@github.com:22",
		"fe80::1":                           "fe80::1",
		`C:\keys\me@work.ppk`:               `C:\keys\me@work.ppk`,
		"host:keys/me@work.pem":             "host:keys/me@work.pem",
		"root@h, port: 22":                  "root@h, port: 22",
		"":                                  "",
	} {
		assert.Equal(t, want, WithoutPassword(text), text)
	}
}

func TestPassphraseIsNotAName(t *testing.T) {
	for _, text := range []string{"/passphrase:x", "/Passphrase=x", "-passphrase=x", "pass:x", "PASSWORD=x", "/new-passphrase:x", "pw:x", "secret=x", "pin=1234", "SSH_KEY_PASSPHRASE=x", "DEPLOY_PASSWORD=x y", "-storepass:x", "export SSHPASS=x", "root:x@h", "ssh://root:x@h"} {
		assert.Contains(t, Secret(text), "pass", text)
		assert.Contains(t, Name(text), "not shown", text)
	}
	for _, text := range []string{"pass", "passphrase.txt", "/tmp/pass:x", "pass:", "compass:x", "spin=x", "token", "C:x.pem", "user@host:22"} {
		assert.Empty(t, Secret(text), text)
	}
}
