package output

import (
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/stretchr/testify/assert"
)

func TestOutputName(t *testing.T) {
	for _, test := range []struct{ input, output, dir, want string }{
		{input: "key.pem", want: "key.ppk"},
		{input: "key.PEM", want: "key.ppk"},
		{input: "key.key", want: "key.ppk"},
		{input: "key.prv", want: "key.ppk"},
		{input: "key.txt", want: "key.ppk"},
		{input: "key.p12", want: "key.ppk"},
		{input: "key.pfx", want: "key.ppk"},
		{input: "key.ppk", want: "key.ppk"},
		{input: "id_rsa", want: "id_rsa.ppk"},
		{input: "host.example.com", want: "host.example.com.ppk"},
		{input: "key.pem.old", want: "key.pem.old.ppk"},
		{input: ".pem", want: ".pem.ppk"},
		{input: "keys.pem/id", want: "keys.pem/id.ppk"},
		{input: "a/key.pem", want: "a/key.ppk"},
		{input: "-", want: "-"},
		{input: "key.pem", output: "x", want: "x"},
		{input: "-", output: "x", want: "x"},
		{input: "key.pem", output: "-", want: "-"},
		{input: "a/key.pem", dir: "out", want: filepath.Join("out", "key.ppk")},
		{input: ".pem", dir: "out", want: filepath.Join("out", ".pem.ppk")},
		{input: "-", dir: "out", want: filepath.Join("out", "key.ppk")},
	} {
		o := Options{File: test.output, Folder: test.dir}
		assert.Equal(t, test.want, o.Name(test.input, ".ppk"), "%+v", test)
	}
}

func TestRepairedName(t *testing.T) {
	for _, test := range []struct{ input, output, dir, want string }{
		{input: "key.pem", want: "key.repaired.pem"},
		{input: "a/key.PPK", want: "a/key.repaired.PPK"},
		{input: "id_rsa", want: "id_rsa.repaired"},
		{input: "host.example.com", want: "host.example.com.repaired"},
		{input: ".pem", want: ".pem.repaired"},
		{input: "-", want: "-"},
		{input: "key.pem", output: "x", want: "x"},
		{input: "a/key.pem", dir: "out", want: filepath.Join("out", "key.pem")},
		{input: "-", dir: "out", want: filepath.Join("out", "key")},
	} {
		o := Options{File: test.output, Folder: test.dir}
		assert.Equal(t, test.want, o.RepairedName(test.input), "%+v", test)
	}
}

// TestEveryFormatHasAnExtension: a format without one would be written over its input.
func TestEveryFormatHasAnExtension(t *testing.T) {
	for _, format := range engine.Formats() {
		assert.NotEmpty(t, format.About().Extension, format)
	}
}
