package ppk_test

import (
	"crypto/ed25519"
	"fmt"
	"log"
	"net"
	"os"

	"github.com/keyconv/keyconv/ppk"
	"golang.org/x/crypto/ssh"
)

// dial logs in with a PuTTY key, and with the certificate in it, if there is one.
func dial(address, user string, file, passphrase []byte, host ssh.HostKeyCallback) (*ssh.Client, error) {
	key, err := ppk.ParseWithPassphrase(file, passphrase)
	if err != nil {
		return nil, err
	}
	signer, err := key.Signer()
	if err != nil {
		return nil, err
	}
	return ssh.Dial("tcp", address, &ssh.ClientConfig{
		User:            user,
		Auth:            []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback: host,
	})
}

// An ssh.Client logs in with a .ppk.
func ExampleParseWithPassphrase_client() {
	file, err := os.ReadFile("../testdata/twins/rsa2048.v3.enc.ppk")
	if err != nil {
		log.Fatal(err)
	}
	address, hostKey := serve()
	client, err := dial(address, "root", file, []byte("correct horse"), ssh.FixedHostKey(hostKey))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	fmt.Println("logged in as", client.User())
	// Output:
	// the server sees a key of type ssh-rsa
	// logged in as root
}

// serve is an SSH server for one login with any key.
func serve() (address string, hostKey ssh.PublicKey) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		log.Fatal(err)
	}
	config := &ssh.ServerConfig{VerifiedPublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey, p *ssh.Permissions, _ string) (*ssh.Permissions, error) {
		fmt.Println("the server sees a key of type", key.Type())
		return p, nil
	}, PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
		return &ssh.Permissions{}, nil
	}}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		defer listener.Close()
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		_, channels, requests, err := ssh.NewServerConn(conn, config)
		if err != nil {
			return
		}
		go ssh.DiscardRequests(requests)
		for range channels {
		}
	}()
	return listener.Addr().String(), signer.PublicKey()
}
