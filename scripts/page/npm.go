package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// npmFiles are the parts of the package that are in web/npm.
var npmFiles = []string{"package.json", "index.js", "index.d.ts", "cli.js", "README.md"}

// npm writes the package for npm, with the same program as the page, into a folder that
// "npm pack" takes.
func (b *build) npm(program []byte, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	goes, err := read("wasm_exec.js")
	if err != nil {
		return err
	}
	licence, err := os.ReadFile("LICENSE")
	if err != nil {
		return err
	}
	files := map[string][]byte{"keyconv.wasm": program, "wasm_exec.js": []byte(goes), "LICENSE": licence}
	for _, name := range npmFiles {
		text, err := read(filepath.Join("npm", name))
		if err != nil {
			return err
		}
		files[name] = []byte(text)
	}
	if version, ok := strings.CutPrefix(b.Version, "v"); ok {
		files["package.json"] = bytes.Replace(files["package.json"], []byte(`"version": "0.0.0"`), []byte(`"version": "`+version+`"`), 1)
	}
	for name, data := range files {
		mode := os.FileMode(0o644)
		if name == "cli.js" {
			mode = 0o755
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, mode); err != nil {
			return err
		}
	}
	return nil
}
