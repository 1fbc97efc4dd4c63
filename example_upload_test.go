package keyconv_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// uploadOptions take less than those of a person's own machine, and mend what was damaged
// on the way.
var uploadOptions = keyconv.ParseOptions{Limits: keyconv.ServerLimits(), Mend: true}

// uploads are converted four at a time, those of all users together: that bounds the
// processors and the memory that they take.
var uploads = make(chan struct{}, 4)

// upload converts the private key in a form, in memory: neither the key nor the passphrase
// gets into a file or a log.
func upload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 2*sshkey.MaxFileSize)
	part, _, err := r.FormFile("key")
	if err != nil {
		http.Error(w, "there is no file in the form, or too large a one", http.StatusBadRequest)
		return
	}
	format, err := keyconv.ParseFormat(r.FormValue("format"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
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
	out, err := convert(r.Context(), data, []byte(r.FormValue("passphrase")), format, uploadOptions)
	if err != nil {
		http.Error(w, err.Error(), uploadStatus(err))
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="key`+format.Extension()+`"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(out) // who has gone does not need it
}

// convert keeps an encrypted key encrypted, with the same passphrase.
func convert(ctx context.Context, data, passphrase []byte, to keyconv.Format, opts keyconv.ParseOptions) ([]byte, error) {
	var protect []byte
	opts.Passphrase = func(*keyconv.File) ([]byte, error) {
		if len(passphrase) > 0 {
			protect = passphrase
		}
		return protect, nil
	}
	key, err := keyconv.ParseContext(ctx, data, &opts)
	if err != nil {
		return nil, err
	}
	out, _, err := keyconv.Write(key, to, protect, nil)
	return out, err
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
	for _, test := range []struct{ file, passphrase, format string }{
		{"console-rsa2048.pem", "", "ppk"},
		{"twins/ed25519.enc.openssh", "", "ppk"},
		{"twins/ed25519.enc.openssh", "correct horse", "ppk"},
		{"twins/ed25519.pub", "", "ppk"},
		{"console-rsa2048.pem", "", "pkcs12"},
	} {
		status, body := post(server.URL, mustRead(test.file), test.passphrase, test.format)
		line, _, _ := strings.Cut(body, "\n")
		fmt.Println(status, line)
	}
	// Output:
	// 200 PuTTY-User-Key-File-3: ssh-rsa
	// 401 keyconv: the key is encrypted, and no passphrase was given
	// 200 PuTTY-User-Key-File-3: ssh-ed25519
	// 422 keyconv: this is an OpenSSH public key, not a private key that can be read
	// 400 keyconv: writing the format "pkcs12" is not supported
}

// post sends the form.
func post(url string, key []byte, passphrase, format string) (status int, body string) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("key", "key")
	if err != nil {
		log.Fatal(err)
	}
	_, _ = part.Write(key) // to memory, which does not fail
	_ = w.WriteField("passphrase", passphrase)
	_ = w.WriteField("format", format)
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
