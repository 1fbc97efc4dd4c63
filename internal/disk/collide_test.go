package disk

import (
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/stretchr/testify/assert"
)

func TestCheckInputs(t *testing.T) {
	for _, test := range []struct {
		inputs    []string
		file, dir string
		refused   bool
	}{
		{inputs: []string{"a.pem"}},
		{inputs: []string{"a.pem"}, file: "x"},
		{inputs: []string{"a.pem", "b.pem"}},
		{inputs: []string{"a.pem", "x/a.pem"}},
		{inputs: []string{"a.pem", "a"}, refused: true},
		{inputs: []string{"a.pem", "a.key"}, refused: true},
		{inputs: []string{"a.pem", "a.pem"}, refused: true},
		{inputs: []string{"a.pem", "./a.pem"}, refused: true},
		{inputs: []string{"-", "-"}, refused: true},
		{inputs: []string{"a.pem", "x/a.pem"}, dir: "out", refused: true},
		{inputs: []string{"a.pem", "x/b.pem"}, dir: "out"},
		{inputs: []string{"a.pem", "b.pem"}, file: "x", refused: true},
		{inputs: []string{"a.pem", "b.pem"}, file: "-", refused: true},
	} {
		o := output.Options{File: test.file, Folder: test.dir}
		err := CheckInputs(o, test.inputs, func(in string) string { return o.Name(in, ".ppk") }, false)
		assert.Equal(t, test.refused, err != nil, "%+v: %v", test, err)
		if err != nil {
			assert.Equal(t, fault.Usage, fault.ExitCode(err))
		}
	}
}

func TestFoldOn(t *testing.T) {
	for system, same := range map[string]bool{"windows": true, "darwin": true, "linux": false} {
		assert.Equal(t, same, foldOn(system, "d/Key.ppk") == foldOn(system, "d/KEY.ppk"), system)
	}
}
