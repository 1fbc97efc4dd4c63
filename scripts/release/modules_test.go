package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLinkedModules asks Go what keyconv is linked from: every module has terms that
// are known, and what only Windows links is among them.
func TestLinkedModules(t *testing.T) {
	s := source{folder: keytest.Root(t)}
	modules, err := s.modules(t.Context(), []target{{"windows", "amd64"}, {"linux", "amd64"}})
	require.NoError(t, err)
	licenses := map[string]string{}
	for _, m := range modules {
		licenses[m.path], err = m.licenseExpression()
		require.NoError(t, err)
	}
	assert.Equal(t, "std", modules[0].path)
	for path, want := range map[string]string{
		"std": "BSD-3-Clause", "golang.org/x/crypto": "BSD-3-Clause", "github.com/spf13/cobra": "Apache-2.0",
		"github.com/cloudflare/circl": "BSD-3-Clause", "github.com/inconshreveable/mousetrap": "Apache-2.0",
	} {
		assert.Equal(t, want, licenses[path], path)
	}
	assert.NotContains(t, licenses, "github.com/stretchr/testify", "tests are not released")
}

// TestLicensesOfFolders: the terms of a linked package's folder count, those of a
// folder that nothing is linked from do not.
func TestLicensesOfFolders(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"LICENSE": "Permission is hereby granted, free of charge, to any person\r\nobtaining a copy", "NOTICE.txt": "n",
		"a/LICENSE.md": "Apache License\n Version 2.0, January 2004", "a/license.go": "package a", "b/LICENSE": "b",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	found := map[string]*module{}
	for _, dir := range []string{filepath.Join(root, "a"), root} {
		listed, err := json.Marshal(map[string]any{"Dir": dir, "Module": map[string]any{"Path": "example.com/m", "Version": "v1.0.0", "Dir": root, "Sum": "h1:AAEC"}})
		require.NoError(t, err)
		require.NoError(t, addModules(found, listed))
	}
	m := found["example.com/m"]
	require.NotNil(t, m)
	var names []string
	for _, l := range m.licenses {
		names = append(names, l.name)
		assert.NotContains(t, l.text, "\r")
	}
	assert.Equal(t, []string{"LICENSE", "NOTICE.txt", "a/LICENSE.md"}, names)
	expression, err := m.licenseExpression()
	require.NoError(t, err)
	assert.Equal(t, "Apache-2.0 AND MIT", expression)
	component, err := m.component()
	require.NoError(t, err)
	assert.Equal(t, sbomComponent{
		Type: "library", Ref: "pkg:golang/example.com/m@v1.0.0", Name: "example.com/m", Version: "v1.0.0",
		Hashes: []sbomHash{{"SHA-256", "000102"}}, Licenses: []sbomLicense{{"Apache-2.0 AND MIT"}}, PURL: "pkg:golang/example.com/m@v1.0.0",
	}, component)
}

// TestUnknownLicense: nothing is released under unknown terms.
func TestUnknownLicense(t *testing.T) {
	m := module{path: "example.com/m", version: "v1.0.0", licenses: []licenseFile{{"LICENSE", "Do as I say"}}}
	_, err := m.component()
	assert.ErrorContains(t, err, "example.com/m v1.0.0: LICENSE is a licence that is not known here")
	m.licenses = []licenseFile{{"NOTICE", "n"}}
	_, err = m.licenseExpression()
	assert.ErrorContains(t, err, "no licence")
}

func TestLicensesIn(t *testing.T) {
	bsd := "Redistribution and use in source\n and binary forms, with or without"
	for _, test := range []struct {
		text string
		want []string
	}{
		{bsd, []string{"BSD-2-Clause"}},
		{bsd + " ... Neither the name of", []string{"BSD-3-Clause"}},
		{"Permission to use, copy, modify, and/or distribute this software", []string{"ISC"}},
		{"GNU GENERAL PUBLIC LICENSE", nil},
	} {
		assert.Equal(t, test.want, licensesIn(test.text), test.text)
	}
}

func TestThirdPartyText(t *testing.T) {
	modules := []module{
		{path: "std", version: "go1.2", licenses: []licenseFile{{"LICENSE", "go's\n"}}},
		{path: "example.com/m", version: "v1.0.0", licenses: []licenseFile{{"LICENSE", "m's\n\n"}, {"NOTICE", "note"}}},
	}
	text := string(thirdPartyText(modules))
	for _, m := range modules {
		for _, l := range m.licenses {
			assert.Contains(t, text, fmt.Sprintf("\n%s, %s\n", m.title(), l.name))
		}
	}
	assert.Contains(t, text, "\n\nm's\n\n====")
}
