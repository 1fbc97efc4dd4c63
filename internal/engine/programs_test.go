package engine_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// layouts are changes to the text of a file that some programs do not accept.
var layouts = []struct {
	name   string
	change func(t testing.TB, data []byte) []byte
}{
	{"as it is", func(_ testing.TB, data []byte) []byte { return data }},
	{"CRLF", func(_ testing.TB, data []byte) []byte { return bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")) }},
	{"text before", func(_ testing.TB, data []byte) []byte { return append([]byte("Bag Attributes\n    a: b\n"), data...) }},
	{"blank line before", func(_ testing.TB, data []byte) []byte { return append([]byte("\n"), data...) }},
	{"BOM", func(_ testing.TB, data []byte) []byte { return append([]byte("\ufeff"), data...) }},
	{"no final line end", func(_ testing.TB, data []byte) []byte { return bytes.TrimRight(data, "\n") }},
	{"text after", func(_ testing.TB, data []byte) []byte { return append(bytes.Clone(data), "\nmore\n"...) }},
	{"another block before", func(t testing.TB, data []byte) []byte {
		return append(keytest.Run(t, nil, "openssl", "ecparam", "-name", "prime256v1"), data...)
	}},
}

// forEachLayout inspects every twin with a private key, and the changed ones that keyconv
// reads. It does not change encrypted files.
func forEachLayout(t *testing.T, do func(t *testing.T, data []byte, verdict func(program string) bool)) {
	seen := 0
	for _, twin := range keytest.Twins(t, "pkcs1", "dsa", "sec1", "sec1-params", "pkcs8", "openssh-key-v1", "sshcom", "ppk2", "ppk3") {
		for i, l := range layouts {
			if i > 0 && (twin.Encrypted || strings.HasSuffix(twin.Name, ".ppk")) {
				continue
			}
			if seen++; keytest.Sampled() && seen%7 > 0 {
				continue
			}
			data := l.change(t, twin.Data)
			info, err := engine.Inspect(data, engine.Limits{})
			if err != nil && i > 0 {
				continue // no verdict
			}
			require.NoError(t, err, twin.Name)
			t.Run(twin.Name+"/"+l.name, func(t *testing.T) {
				do(t, data, func(program string) bool { return verdictOf(t, info, program).Opens() })
			})
		}
	}
	require.Greater(t, seen, 200)
}

func verdictOf(t testing.TB, info *engine.Info, program string) engine.Verdict {
	t.Helper()
	for _, v := range info.Programs {
		if strings.HasPrefix(v.Program, program) {
			return v
		}
	}
	t.Fatalf("no verdict about %s", program)
	return engine.Verdict{}
}

func TestVerdictOnGo(t *testing.T) {
	forEachLayout(t, func(t *testing.T, data []byte, verdict func(string) bool) {
		_, err := ssh.ParsePrivateKey(data)
		if errors.As(err, new(*ssh.PassphraseMissingError)) {
			_, err = ssh.ParsePrivateKeyWithPassphrase(data, []byte(passphrase))
		}
		if err != nil && strings.Contains(err.Error(), "sub-prime size 224") && bytes.Contains(data, []byte("DEK-Info")) {
			return // the size of q is encrypted; TestVerdictOnGoDSA has the usual one
		}
		assert.Equal(t, err == nil, verdict("Go"), "x/crypto/ssh says: %v", err)
	})
}

// TestVerdictOnGoDSA is about keys as ssh-keygen made them, with a q of 160 bits.
func TestVerdictOnGoDSA(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dsa")
	keytest.Run(t, nil, "ssh-keygen", "-q", "-t", "dsa", "-N", "", "-f", path)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	key := mustParse(t, data)
	for _, format := range []engine.Format{engine.PEM, engine.PKCS8, engine.OpenSSH} {
		for _, encrypted := range []bool{false, true} {
			data := marshal(t, key, format, encrypted)
			info, err := engine.Inspect(data, engine.Limits{})
			require.NoError(t, err)
			_, err = ssh.ParsePrivateKey(data)
			if encrypted {
				_, err = ssh.ParsePrivateKeyWithPassphrase(data, []byte(passphrase))
			}
			assert.Equal(t, err == nil, verdictOf(t, info, "Go").Opens(), "%s, encrypted %v: x/crypto/ssh says: %v", format, encrypted, err)
		}
	}
}

// TestVerdictOnOpenSSH: the verdict is about the version that it names, and Ed25519
// in PKCS#8, for which it names 9.6, may fail here.
func TestVerdictOnOpenSSH(t *testing.T) {
	forEachLayout(t, func(t *testing.T, data []byte, verdict func(string) bool) {
		info, err := engine.Inspect(data, engine.Limits{})
		require.NoError(t, err)
		path := keytest.WriteFile(t, t.TempDir(), "key", data)
		_, err = keytest.RunError(t, nil, "ssh-keygen", "-y", "-P", passphrase, "-f", path)
		if v := verdictOf(t, info, "OpenSSH"); err != nil && v.Opens() && strings.Contains(v.Program, "9.6") {
			assert.Equal(t, engine.PKCS8, info.File.Format)
			return
		}
		assert.Equal(t, err == nil, verdict("OpenSSH"), "ssh-keygen says: %v", err)
	})
}

// TestVerdictOpensIn: versions are compared number by number, and those of another program
// are not taken for the program's own.
func TestVerdictOpensIn(t *testing.T) {
	opens := engine.Verdict{Answer: engine.Opens}
	since, until := opens, opens
	since.Since, until.Since, until.Until = "9.6", "10.4", "10.5"
	for version, want := range map[string][3]bool{
		"9.5": {true, false, false}, "9.6": {true, true, false}, "9.10": {true, true, false},
		"10.4": {true, true, true}, "10.5": {true, true, true}, "10.6": {true, true, false},
	} {
		assert.Equal(t, want, [3]bool{opens.OpensIn(version), since.OpensIn(version), until.OpensIn(version)}, version)
	}
	assert.False(t, engine.Verdict{Answer: engine.NotKnown}.OpensIn("1"))

	pub := keytest.Type(t, "ed25519").New(t)
	half, err := pub.Public()
	require.NoError(t, err)
	for id, want := range map[engine.ProgramID][2]string{
		engine.ProgramOpenSSH: {"OpenSSH 6.5 or later", "6.5"},
		engine.ProgramAnsible: {"Ansible with OpenSSH 6.5 or later", ""},
		engine.ProgramPageant: {"Pageant 0.75 or later", "0.75"},
	} {
		choice, err := engine.ChooseFormat(id, "", half, false)
		require.NoError(t, err)
		assert.Equal(t, want, [2]string{choice.Verdict.Program, choice.Verdict.Since})
	}
}

// TestVerdictOnPuTTY asks plink, which accepts what PuTTY does, to log in with each
// unencrypted key. The server has no Ed448: see TestVerdictOnPuTTYEd448.
func TestVerdictOnPuTTY(t *testing.T) {
	address, hostKey := startServer(t)
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	for i, twin := range keytest.Twins(t, "pkcs1", "dsa", "sec1", "pkcs8", "openssh-key-v1", "sshcom", "ppk2", "ppk3") {
		if twin.Encrypted || twin.Type == "ed448" || keytest.Sampled() && i%6 > 0 {
			continue
		}
		t.Run(twin.Name, func(t *testing.T) {
			info, err := engine.Inspect(twin.Data, engine.Limits{})
			require.NoError(t, err)
			path := keytest.WriteFile(t, t.TempDir(), "key", twin.Data)
			out, err := keytest.RunError(t, nil, "plink", "-batch", "-ssh", "-hostkey", hostKey, "-i", path, "-P", port, "user@"+host, "whoami")
			if !verdictOf(t, info, "PuTTY").Opens() {
				require.ErrorContains(t, err, "Unable to use key file")
				return
			}
			if twin.Type == "dsa1024" { // whose q of 224 bits the server refuses
				require.ErrorContains(t, err, "No supported authentication methods")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, info.SHA256, string(out))
		})
	}
}

func TestVerdictOnPuTTYEd448(t *testing.T) {
	for _, twin := range keytest.Twins(t, "ppk2", "ppk3") {
		if twin.Type == "ed448" {
			path := keytest.WriteFile(t, t.TempDir(), "key", twin.Data)
			keytest.Run(t, nil, "puttygen", "-L", path)
			info, err := engine.Inspect(twin.Data, engine.Limits{})
			require.NoError(t, err)
			assert.Equal(t, "PuTTY 0.75 or later", verdictOf(t, info, "PuTTY").Program)
		}
	}
}

// startServer runs a server that lets every key in and answers a command with the
// fingerprint of the key.
func startServer(t *testing.T) (address, hostKey string) {
	host, err := ssh.NewSignerFromKey(keytest.Type(t, "ecdsa256").New(t).Private)
	require.NoError(t, err)
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, pub ssh.PublicKey) (*ssh.Permissions, error) {
		return &ssh.Permissions{Extensions: map[string]string{"key": ssh.FingerprintSHA256(pub)}}, nil
	}}
	config.PublicKeyAuthAlgorithms = append(ssh.SupportedAlgorithms().PublicKeyAuths, ssh.InsecureAlgorithms().PublicKeyAuths...)
	config.AddHostKey(host)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn, config)
		}
	}()
	return listener.Addr().String(), ssh.FingerprintSHA256(host.PublicKey())
}

func serve(conn net.Conn, config *ssh.ServerConfig) {
	defer conn.Close()
	server, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		for r := range requests {
			if err := r.Reply(r.Type == "exec", nil); err != nil || r.Type != "exec" {
				continue
			}
			fmt.Fprint(channel, server.Permissions.Extensions["key"])
			_, err := channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{0}))
			if err == nil {
				channel.Close()
			}
		}
	}
}
