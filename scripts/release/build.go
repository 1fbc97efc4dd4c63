package main

import (
	"context"
	"os"
	"path/filepath"
)

// mainPackage is the program's folder in the source.
const mainPackage = "./cmd/keyconv"

// goEnvironment returns settings that override the user's own: Go's defaults, except for
// GOARM, and a static program.
func (t target) goEnvironment() []string {
	return []string{
		"GOOS=" + t.os, "GOARCH=" + t.arch, "CGO_ENABLED=0",
		"GOAMD64=v1", "GOARM64=v8.0", "GO386=sse2", "GOARM=6",
		"GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "GO111MODULE=on",
	}
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
	_, err := command(ctx, s.folder, t.goEnvironment(), "go", "build",
		"-trimpath", "-buildvcs=false", "-mod=readonly",
		"-ldflags=-s -w -buildid= -X main.version="+v.Tag()+" -X main.commit="+s.commit,
		"-o", program, mainPackage)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(program)
}
