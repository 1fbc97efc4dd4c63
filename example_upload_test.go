package keyconv_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// uploadLimits take less than those of a person's own machine: 64 MiB for a key
// derivation, 0.2 s for what comes before it, and 2 s for the passphrase, since that of a
// careful person takes a second. The worst file that is known costs 0.4 s of a processor
// without a passphrase (1 MiB of base64 in base64), and 2 s with one, right or wrong.
var uploadLimits = keyconv.Limits{
	KDFMemory:      64 << 10, // KiB
	Work:           200_000_000,
	PassphraseWork: 2_000_000_000,
}

// uploads are converted four at a time, those of all users together: that bounds the
// processors and the memory that they take.
var uploads = make(chan struct{}, 4)

// upload makes a .ppk of the private key in a form, in memory: neither the key nor the
// passphrase gets into a file or a log.
func upload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 2*sshkey.MaxFileSize)
	part, _, err := r.FormFile("key")
	if err != nil {
		http.Error(w, "there is no file in the form, or too large a one", http.StatusBadRequest)
		return
	}
	data, err := io.ReadAll(part)
	if err != nil {
		http.Error(w, "the upload broke off", http.StatusBadRequest)
		return
	}
	select {
	case uploads <- struct{}{}:
		defer func() { <-uploads }()
	case <-r.Context().Done():
		return
	}
	out, err := toPPK(data, []byte(r.FormValue("passphrase")), uploadLimits)
	if err != nil {
		http.Error(w, err.Error(), uploadStatus(err))
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="key.ppk"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(out) // who has gone does not need it
}

// toPPK mends what was damaged on the way. An encrypted key stays encrypted.
func toPPK(data, passphrase []byte, limits keyconv.Limits) ([]byte, error) {
	f, err := keyconv.OpenMended(keyconv.MendLimits(data, limits), 0, limits)
	if err != nil {
		return nil, err
	}
	if f.Encrypted() && len(passphrase) == 0 {
		return nil, &sshkey.PassphraseMissingError{PublicKey: f.PublicKey}
	}
	key, err := f.Decrypt(passphrase)
	if err != nil {
		return nil, err
	}
	if f.Encrypted() {
		return keyconv.MarshalWithPassphrase(key, passphrase, keyconv.PPK, nil)
	}
	return keyconv.Marshal(key, keyconv.PPK, nil)
}

// uploadStatus returns the status by which a page knows whether to ask for the passphrase.
func uploadStatus(err error) int {
	var missing *sshkey.PassphraseMissingError
	if errors.As(err, &missing) || errors.Is(err, sshkey.ErrIncorrectPassphrase) {
		return http.StatusUnauthorized
	}
	return http.StatusUnprocessableEntity
}

// A web server converts an upload without writing it to a file.
func Example_upload() {
	server := httptest.NewServer(http.HandlerFunc(upload))
	defer server.Close()
	for _, test := range []struct{ file, passphrase string }{
		{"testdata/console-rsa2048.pem", ""},
		{"testdata/twins/ed25519.enc.openssh", ""},
		{"testdata/twins/ed25519.enc.openssh", "correct horse"},
		{"testdata/twins/ed25519.pub", ""},
	} {
		data, err := os.ReadFile(test.file)
		if err != nil {
			log.Fatal(err)
		}
		status, body := post(server.URL, data, test.passphrase)
		line, _, _ := strings.Cut(body, "\n")
		fmt.Println(status, line)
	}
	// Output:
	// 200 PuTTY-User-Key-File-3: ssh-rsa
	// 401 the key is encrypted, and no passphrase was given
	// 200 PuTTY-User-Key-File-3: ssh-ed25519
	// 422 keyconv: this is an OpenSSH public key, not a private key that can be read
}

// post sends the form.
func post(url string, key []byte, passphrase string) (status int, body string) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("key", "key")
	if err != nil {
		log.Fatal(err)
	}
	_, _ = part.Write(key) // to memory, which does not fail
	_ = w.WriteField("passphrase", passphrase)
	_ = w.Close()
	response, err := http.Post(url, w.FormDataContentType(), &form)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	return response.StatusCode, string(answer)
}
