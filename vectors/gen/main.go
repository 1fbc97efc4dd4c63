// Command gen writes the files and the manifest of package vectors again. All keys, salts
// and paddings come from fixed seeds: two runs give the same bytes.
//
// It encodes every form by itself, and uses nothing of the packages that the vectors test.
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/vectors"
)

// vector is a vector with its content.
type vector struct {
	vectors.Vector
	data []byte
}

func main() {
	dir := flag.String("o", "vectors", "the folder to write into")
	flag.Parse()
	list := slices.Concat(
		ppkTypes(), ppkText(), ppkComments(), ppkBlobs(), ppkNumbers(), ppkDerivation(), ppkPassphrases(), ppkBadDerivation(),
		opensshTypes(), opensshFields(), opensshKeys(),
		pemTypes(), pemText(), pemHeaders(), derFields(), pkcs8Encrypted(),
	)
	if err := write(*dir, list); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func write(dir string, list []vector) error {
	files := filepath.Join(dir, "files")
	if err := os.RemoveAll(files); err != nil {
		return err
	}
	seen := map[string]bool{}
	var manifest []vectors.Vector
	for _, v := range list {
		if seen[v.File] {
			return fmt.Errorf("two vectors have the name %s", v.File)
		}
		seen[v.File] = true
		name := filepath.Join(files, filepath.FromSlash(v.File))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, v.data, 0o644); err != nil {
			return err
		}
		manifest = append(manifest, v.Vector)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(manifest); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "manifest.json"), out.Bytes(), 0o644)
}

// The makers of vectors. A name without an extension gets that of its format.

func newVector(folder, name, format string, k keyType, verdict vectors.Verdict, property string, data []byte) vector {
	extension := ".pem"
	if strings.HasPrefix(format, "ppk") {
		extension = ".ppk"
	}
	v := vector{vectors.Vector{File: path.Join(folder, name+extension), Format: format, Type: k.algorithm, Verdict: verdict, Property: property}, data}
	if verdict != vectors.MustRefuse {
		v.Public = k.algorithm + " " + base64Of(k.public)
	}
	return v
}

// locked adds the passphrase.
func (v vector) locked(passphrase string) vector {
	v.Passphrase = hex.EncodeToString([]byte(passphrase))
	return v
}

// wrong adds what readers do that get it wrong, and which are known to do it.
func (v vector) wrong(what string, known ...string) vector {
	v.Wrong, v.Known = what, known
	return v
}

const passphrase = "correct horse"
