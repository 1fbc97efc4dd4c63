package ppk_test

import (
	"fmt"
	"log"
	"net"
	"os"

	"github.com/keyconv/keyconv/ppk"
	"golang.org/x/crypto/ssh/agent"
)

// addToAgent adds a PuTTY key to an agent for an hour. A program gets the agent with
// agent.NewClient of a connection to the socket $SSH_AUTH_SOCK.
func addToAgent(a agent.Agent, file, passphrase []byte) error {
	key, err := ppk.ParseWithPassphrase(file, passphrase)
	if err != nil {
		return err
	}
	keys, err := key.AddedKeys() // two, if there is a certificate
	if err != nil {
		return err
	}
	for _, added := range keys {
		added.LifetimeSecs = 60 * 60
		if err := a.Add(added); err != nil {
			return err
		}
	}
	return nil
}

// ssh-agent takes a .ppk.
func ExampleParseWithPassphrase_agent() {
	file, err := os.ReadFile("../testdata/twins/ed25519.v3.enc.ppk")
	if err != nil {
		log.Fatal(err)
	}
	// In place of $SSH_AUTH_SOCK, an agent in the program itself.
	here, there := net.Pipe()
	go func() { _ = agent.ServeAgent(agent.NewKeyring(), there) }() // until the pipe is closed
	defer here.Close()
	client := agent.NewClient(here)
	if err := addToAgent(client, file, []byte("correct horse")); err != nil {
		log.Fatal(err)
	}
	keys, err := client.List()
	if err != nil {
		log.Fatal(err)
	}
	for _, key := range keys {
		fmt.Println(key.Type(), key.Comment)
	}
	// Output: ssh-ed25519 ed25519 twin
}
