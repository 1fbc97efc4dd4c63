package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// authenticode is a certificate for programs of Windows and its key, both in PEM.
type authenticode struct {
	certificate, key string // names of files
	timestamp        string // the URL of a time stamping authority; without it the signature ends with the certificate
}

// check refuses a certificate that Windows would refuse, before anything is built.
func (a authenticode) check(now time.Time) error {
	text, err := os.ReadFile(a.certificate)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return fmt.Errorf("%s: there is no certificate in PEM", a.certificate)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("%s: %w", a.certificate, err)
	}
	switch {
	case now.Before(certificate.NotBefore):
		return fmt.Errorf("%s: the certificate is valid from %s on", a.certificate, certificate.NotBefore.Format(time.DateOnly))
	case now.After(certificate.NotAfter):
		return fmt.Errorf("%s: the certificate expired on %s", a.certificate, certificate.NotAfter.Format(time.DateOnly))
	case !slices.Contains(certificate.ExtKeyUsage, x509.ExtKeyUsageCodeSigning):
		return fmt.Errorf("%s: the certificate is not for signing programs", a.certificate)
	}
	_, err = os.Stat(a.key)
	return err
}

// sign returns the program with a signature, which is the only change in it.
func (a authenticode) sign(ctx context.Context, program []byte) ([]byte, error) {
	folder, err := os.MkdirTemp("", "keyconv-sign-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	in, out := filepath.Join(folder, "in.exe"), filepath.Join(folder, "out.exe")
	if err := os.WriteFile(in, program, 0o600); err != nil {
		return nil, err
	}
	args := []string{"sign", "-certs", a.certificate, "-key", a.key, "-h", "sha256", "-n", "keyconv", "-i", homepage, "-in", in, "-out", out}
	if a.timestamp != "" {
		args = append(args, "-ts", a.timestamp)
	}
	if _, err := command(ctx, folder, nil, "osslsigncode", args...); err != nil {
		return nil, err
	}
	signed, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	bare, err := withoutSignature(signed)
	if err == nil && !bytes.Equal(bare, program) {
		err = errors.New("osslsigncode has changed more than the signature")
	}
	return signed, err
}
