package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// source is where the parts of the page are, below the folder of the module.
const source = "web"

// fast are the packages that are compiled as usual. All others are compiled without copying
// functions into their callers: that makes the page a tenth smaller, but arithmetic ten
// times slower.
var fast = []string{
	"math/big", "math/bits", "crypto/internal/fips140/bigmod", "golang.org/x/crypto/blowfish", "github.com/go-crypt/...",
}

// build is what the page says of itself.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
	Wasm    string `json:"wasm"`   // the SHA-256 of the program
	Worker  string `json:"worker"` // of the script that runs it
}

// compile returns the program. It has no paths, no build ID and nothing that Go finds out
// about a repository, and the user's own settings do not count.
func (b *build) compile() ([]byte, error) {
	b.Go = runtime.Version()
	folder, err := os.MkdirTemp("", "keyconv-page-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "keyconv.wasm")
	args := []string{"build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-gcflags=all=-l"}
	for _, name := range fast {
		args = append(args, "-gcflags="+name+"=")
	}
	args = append(args, "-ldflags=-s -w -buildid= -X main.version="+b.Version+" -X main.commit="+b.Commit, "-o", file, "./"+source+"/wasm")
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWASM=", "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	program, err := os.ReadFile(file)
	b.Wasm = hexSum(program)
	return program, err
}

// page puts the parts into one file.
func (b *build) page(program []byte) ([]byte, error) {
	parts := map[string]string{}
	for name, files := range map[string][]string{
		"style": {"page.css"}, "script": {"words.js", "page.js"}, "worker": {"wasm_exec.js", "worker.js"}, "page": {"page.html"},
	} {
		for _, file := range files {
			text, err := read(file)
			if err != nil {
				return nil, err
			}
			parts[name] += text
		}
	}
	b.Worker = hexSum([]byte(parts["worker"]))
	about, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	script := strings.Replace(parts["script"], "{{build}}", string(about), 1)
	packed, err := packed(program)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{script, parts["worker"], parts["style"]} {
		if strings.Contains(strings.ToLower(text), "</s") || strings.Contains(text, "<!--") {
			return nil, errors.New("a script or style would end too early: it has </s or <!-- in it")
		}
	}
	page := strings.NewReplacer(
		"{{policy}}", policy(script, parts["style"]), "{{style}}", parts["style"], "{{worker}}", parts["worker"],
		"{{wasm}}", packed, "{{script}}", script,
	).Replace(parts["page"])
	return []byte(page), nil
}

// policy forbids everything that the page does not need: no connection, no picture, no
// form, no frame. Each script and style is named by its hash.
func policy(script, style string) string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src " + hash(script) + " 'wasm-unsafe-eval'", "style-src " + hash(style), "worker-src blob:",
		"connect-src 'none'", "img-src 'none'", "form-action 'none'", "frame-src 'none'", "object-src 'none'", "base-uri 'none'",
	}, "; ")
}

// read returns a part of the page. That of Go is taken as it is, with its licence.
func read(file string) (string, error) {
	if file != "wasm_exec.js" {
		text, err := os.ReadFile(filepath.Join(source, file))
		return string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), err // of a checkout on Windows
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	folder := strings.TrimSpace(string(root))
	text, err := os.ReadFile(filepath.Join(folder, "lib", "wasm", file))
	if err != nil {
		return "", err
	}
	licence, err := os.ReadFile(filepath.Join(folder, "LICENSE"))
	return "/* wasm_exec.js of " + runtime.Version() + ", as it is. Its licence:\n\n" + string(licence) + "*/\n" + string(text), err
}

const lineLength = 1024

// packed returns the program as text: folded, compressed, in base64.
func packed(program []byte) (string, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(fold(program))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for rest := base64.StdEncoding.EncodeToString(b.Bytes()); rest != ""; {
		n := min(lineLength, len(rest))
		text.WriteString(rest[:n] + "\n")
		rest = rest[n:]
	}
	return text.String(), nil
}

var programInPage = regexp.MustCompile(`(?s)<script type="text/plain" id="wasm">\n(.*?)</script>`)

// extracted returns the program in a page.
func extracted(file string) ([]byte, error) {
	page, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	found := programInPage.FindSubmatch(page)
	if found == nil {
		return nil, fmt.Errorf("%s is not a page of keyconv", file)
	}
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(found[1])))
	if err != nil {
		return nil, err
	}
	folded, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return unfold(folded)
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
