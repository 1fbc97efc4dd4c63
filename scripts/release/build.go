package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mainPackage is the program's folder in the source.
const mainPackage = "./cmd/keyconv"

// goSettings returns the environment that keeps of a user's "go env -w" how modules are
// fetched and where they are, and nothing that could change a program.
func goSettings(ctx context.Context, folder string) ([]string, error) {
	kept := []string{"GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOMODCACHE", "GOCACHE", "GOTOOLCHAIN"}
	out, err := command(ctx, folder, nil, "go", append([]string{"env"}, kept...)...)
	if err != nil {
		return nil, err
	}
	settings := []string{"GOENV=off"}
	for i, value := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(out), "\r", ""), "\n"), "\n") {
		settings = append(settings, kept[i]+"="+value)
	}
	return settings, nil
}

// environment returns the settings of Go for a target of this source. They override the
// user's own: Go's defaults, except for GOARM, and a static program.
func (s source) environment(t target) []string {
	return append(slices.Clone(s.settings),
		"GOOS="+t.os, "GOARCH="+t.arch, "CGO_ENABLED=0",
		"GOAMD64=v1", "GOARM64=v8.0", "GO386=sse2", "GOARM=6",
		"GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "GO111MODULE=on")
}

// build makes the target's program and returns it. The program has no paths, no build ID
// and nothing that Go finds out about a repository, so that it does not depend on the
// folder.
func (s source) build(ctx context.Context, t target, v version) ([]byte, error) {
	if t.os == "windows" {
		if err := s.addResources(t, v); err != nil {
			return nil, err
		}
	}
	program := filepath.Join(s.folder, "built", t.os+"_"+t.arch, t.program())
	_, err := command(ctx, s.folder, s.environment(t), "go", "build",
		"-trimpath", "-buildvcs=false", "-mod=readonly",
		"-ldflags=-s -w -buildid= -X main.version="+v.Tag()+" -X main.commit="+s.commit,
		"-o", program, mainPackage)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(program)
}
