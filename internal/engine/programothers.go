package engine

import (
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/readers"
)

// More programs. Verdicts about them are on texts as programs write them: what they make of
// any other layout has not been tried. Those with a version were tried by hand with each
// twin of testdata/twins; the others are as their source or documentation says.
const (
	ProgramPageant     ProgramID = "pageant"
	ProgramAnsible     ProgramID = "ansible"
	ProgramGitHub      ProgramID = "github-actions"
	ProgramLibssh2     ProgramID = "libssh2"
	ProgramParamiko    ProgramID = "paramiko"
	ProgramAsyncSSH    ProgramID = "asyncssh"
	ProgramDropbear    ProgramID = "dropbear"
	ProgramJSch        ProgramID = "jsch"
	ProgramSSHJ        ProgramID = "sshj"
	ProgramMINA        ProgramID = "mina"
	ProgramSSHNET      ProgramID = "ssh.net"
	ProgramRussh       ProgramID = "russh"
	ProgramJenkins     ProgramID = "jenkins"
	ProgramTerraform   ProgramID = "terraform-tls"
	ProgramBitwarden   ProgramID = "bitwarden"
	Program1Password   ProgramID = "1password"
	ProgramKeePassXC   ProgramID = "keepassxc"
	ProgramDataFactory ProgramID = "azure-data-factory"
	ProgramEC2Password ProgramID = "ec2-password"
	ProgramWindTerm    ProgramID = "windterm"
)

var unencrypted = []string{"none"}

var otherPrograms = lazy.Value[[]program]{Make: func() []program {
	return []program{
		{
			id: ProgramPageant, as: ProgramPuTTY, name: "Pageant", source: "PuTTY's own agent, with the same code",
			reads: readers.PuTTY, deviations: deviationsOfPuTTY(), instead: []Format{PPK}, certificates: "0.78",
			types: func(t rawkey.Type) rawkey.Since { return t.PuTTY },
		},
		{
			id: ProgramAnsible, as: ProgramOpenSSH, with: "with OpenSSH", name: "Ansible", source: "docs.ansible.com, ansible.builtin.ssh connection: it starts OpenSSH's ssh",
			reads: readers.OpenSSH, labels: isLabelOfOpenSSL, instead: []Format{OpenSSH}, besides: refusedByOpenSSH,
			types: func(t rawkey.Type) rawkey.Since { return t.OpenSSH }, until: func(t rawkey.Type) string { return t.OpenSSHUntil },
		},
		{
			id: ProgramGitHub, as: ProgramOpenSSH, with: "with OpenSSH", name: "GitHub Actions (ssh-agent)", source: "README of webfactory/ssh-agent: ssh-add, and no passphrase",
			reads: readers.OpenSSH, labels: isLabelOfOpenSSL, instead: []Format{OpenSSH}, besides: refusedWithPassphrase,
			types: func(t rawkey.Type) rawkey.Since { return t.OpenSSH }, until: func(t rawkey.Type) string { return t.OpenSSHUntil },
		},
		{
			id: ProgramLibssh2, name: "libssh2 (curl)", source: "its source with OpenSSL (openssl.c, pem.c)",
			formats: opens(PEM, OpenSSH, PKCS8), instead: []Format{PEM, OpenSSH}, types: haveTypes("rsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramParamiko, name: "Paramiko", tried: "2.12.0", source: "tried with 2.12.0: each form, type and cipher",
			formats: map[Format]rule{
				PEM: {ciphers: []string{"none", "DES-EDE3-CBC", "AES-128-CBC", "AES-256-CBC"}},
				OpenSSH: {ciphers: []string{
					"none", "3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-ctr", "aes192-ctr", "aes256-ctr",
				}},
				PKCS8: {refuses: true}, PPK: {refuses: true}, PPK2: {refuses: true}, SSHCom: {refuses: true},
			},
			instead: []Format{OpenSSH}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramAsyncSSH, name: "AsyncSSH", tried: "2.10.1", source: "tried with 2.10.1: each form and type",
			formats: opens(PEM, OpenSSH, PKCS8), instead: []Format{OpenSSH}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
			besides: refusedByAsyncSSH,
		},
		{
			id: ProgramDropbear, name: "Dropbear (dropbearconvert)", tried: "2022.83", source: "tried with dropbearconvert 2022.83: each form, type and cipher",
			formats: map[Format]rule{
				PEM: {ciphers: unencrypted}, OpenSSH: {ciphers: unencrypted},
				PKCS8: {refuses: true}, PPK: {refuses: true}, PPK2: {refuses: true}, SSHCom: {refuses: true},
			},
			instead: []Format{OpenSSH}, types: haveTypes("rsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramJSch, name: "JSch (mwiede)", source: "its source (KeyPair.java, KeyPairPKCS8.java)",
			formats: opens(PEM, OpenSSH, PKCS8, PPK, PPK2), instead: []Format{OpenSSH}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramSSHJ, name: "sshj", source: "its source (userauth/keyprovider)",
			formats: opens(PEM, OpenSSH, PKCS8, PPK, PPK2), instead: []Format{OpenSSH}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramMINA, name: "Apache MINA SSHD", source: "its documentation and source; .ppk with its module sshd-putty (PuttyKeyUtils)",
			formats: opens(PEM, OpenSSH, PKCS8, PPK, PPK2), instead: []Format{OpenSSH}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramSSHNET, name: "SSH.NET", source: "its source (PrivateKeyFile.cs)",
			formats: map[Format]rule{
				PEM:   {ciphers: []string{"none", "DES-CBC", "DES-EDE3-CBC", "DES-EDE3-CFB", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}},
				PKCS8: {}, OpenSSH: {}, SSHCom: {}, PPK: {}, PPK2: {},
			},
			instead: []Format{OpenSSH}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramRussh, name: "russh (Tabby)", source: "its source (russh/src/keys/format/mod.rs)",
			formats: map[Format]rule{PEM: {about: []string{"rsa"}, ciphers: []string{"none", "AES-128-CBC"}}, OpenSSH: {}, PKCS8: {}}, instead: []Format{OpenSSH}, types: haveTypes("rsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramJenkins, name: "Jenkins (SSH credentials)", source: "the source of jenkinsci/trilead-ssh2 (PEMDecoder.java)",
			formats: map[Format]rule{
				PEM:     {ciphers: []string{"none", "DES-CBC", "DES-EDE3-CBC", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}},
				OpenSSH: {}, PPK: {refuses: true}, PPK2: {refuses: true}, SSHCom: {refuses: true},
			},
			instead: []Format{PEM}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramTerraform, name: "Terraform (tls provider)", source: "its source (data_source_public_key.go)",
			formats: map[Format]rule{
				PEM: {ciphers: unencrypted}, OpenSSH: {ciphers: unencrypted}, PKCS8: {ciphers: unencrypted, only: []string{"ed25519"}},
				PPK: {refuses: true}, PPK2: {refuses: true}, SSHCom: {refuses: true},
			},
			instead: []Format{PEM, OpenSSH}, types: haveTypes("rsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramBitwarden, name: "Bitwarden", source: "its source (bitwarden/sdk-internal, crates/bitwarden-ssh/src/import.rs)",
			formats: opens(OpenSSH, PKCS8), instead: []Format{OpenSSH}, types: haveTypes("rsa", "ed25519"),
		},
		{
			id: Program1Password, name: "1Password", source: "developer.1password.com, \"Manage SSH keys\"",
			formats: opens(OpenSSH, PEM, PKCS8), instead: []Format{OpenSSH}, types: haveTypes("rsa", "ed25519"),
		},
		{
			id: ProgramKeePassXC, name: "KeePassXC", source: "its source (OpenSSHKey.cpp)",
			formats: map[Format]rule{
				OpenSSH: {ciphers: []string{"none", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-ctr", "aes192-ctr", "aes256-ctr"}},
				PEM:     {only: []string{"rsa", "dsa"}, ciphers: []string{"none", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}},
				PKCS8:   {refuses: true}, PPK: {refuses: true}, PPK2: {refuses: true}, SSHCom: {refuses: true},
			},
			instead: []Format{OpenSSH}, types: haveTypes("rsa", "dsa", "ecdsa", "ed25519"),
		},
		{
			id: ProgramDataFactory, name: "Azure Data Factory", source: "learn.microsoft.com, SftpServerLinkedService.PrivateKeyContent: OpenSSH's format, in base64",
			formats: opens(OpenSSH, PEM), instead: []Format{OpenSSH, PEM}, types: haveTypes("rsa"), base64: true,
		},
		{
			id: ProgramEC2Password, name: "EC2 (Get Windows password)", source: "reports: binxio/cfn-secret-provider#5, bash-my-aws#292",
			formats: map[Format]rule{
				PEM: {only: []string{"rsa"}, ciphers: unencrypted}, PKCS8: {refuses: true}, OpenSSH: {refuses: true},
				PPK: {refuses: true}, PPK2: {refuses: true}, SSHCom: {refuses: true},
			},
			instead: []Format{PEM}, types: haveTypes("rsa"),
		},
		{
			id: ProgramWindTerm, name: "WindTerm", source: "reports: kingToolbox/WindTerm#129",
			formats: map[Format]rule{OpenSSH: {}, PPK: {refuses: true}, PPK2: {refuses: true}},
			instead: []Format{OpenSSH}, types: haveTypes("rsa", "ecdsa", "ed25519"),
		},
	}
}}

// opens returns the rules of a program that opens some forms, and no other form.
func opens(formats ...Format) map[Format]rule {
	rules := map[Format]rule{}
	for _, f := range []Format{PPK, PPK2, OpenSSH, PKCS8, PEM, SSHCom} {
		rules[f] = rule{refuses: true}
	}
	for _, f := range formats {
		rules[f] = rule{}
	}
	return rules
}

// haveTypes returns the types of a program. Of others it is not known whether it has them.
func haveTypes(names ...string) func(rawkey.Type) rawkey.Since {
	return func(t rawkey.Type) rawkey.Since {
		for _, name := range names {
			if t.Name == name {
				return rawkey.Always
			}
		}
		return ""
	}
}

func refusedWithPassphrase(i *Info) *refusal {
	if i.File.Encrypted() {
		return &refusal{why: "it cannot ask for a passphrase"}
	}
	return refusedByOpenSSH(i)
}

// refusedByAsyncSSH refuses PKCS#8 under scrypt.
func refusedByAsyncSSH(i *Info) *refusal {
	if k := i.File.KDF; k != nil && k.Name == "scrypt" {
		return &refusal{why: "it has no scrypt", advice: convertTo(OpenSSH)}
	}
	return nil
}
