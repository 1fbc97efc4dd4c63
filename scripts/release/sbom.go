package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// The bill of materials is CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).
type (
	sbomDocument struct {
		Format       string           `json:"bomFormat"`
		Spec         string           `json:"specVersion"`
		Version      int              `json:"version"`
		Metadata     sbomMetadata     `json:"metadata"`
		Components   []sbomComponent  `json:"components"`
		Dependencies []sbomDependency `json:"dependencies"`
	}
	sbomMetadata struct {
		Timestamp string        `json:"timestamp"`
		Component sbomComponent `json:"component"`
	}
	sbomComponent struct {
		Type       string         `json:"type"`
		Ref        string         `json:"bom-ref"`
		Name       string         `json:"name"`
		Version    string         `json:"version"`
		Hashes     []sbomHash     `json:"hashes,omitempty"`
		Licenses   []sbomLicense  `json:"licenses"`
		PURL       string         `json:"purl"`
		Properties []sbomProperty `json:"properties,omitempty"`
	}
	sbomHash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	sbomLicense struct {
		Expression string `json:"expression"`
	}
	sbomProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	sbomDependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn"`
	}
)

func sbomName(v version) string { return fmt.Sprintf("keyconv_%s.cdx.json", v) }

// sbomBytes lists the modules that are linked into the programs of all platforms together.
func sbomBytes(v version, s source, modules []module) ([]byte, error) {
	main := sbomComponent{
		Type: "application", Name: modulePath, Version: v.Tag(),
		Licenses:   []sbomLicense{{"MIT"}},
		PURL:       packageURL(modulePath, v.Tag()),
		Properties: []sbomProperty{{"keyconv:commit", s.commit}},
	}
	main.Ref = main.PURL
	document := sbomDocument{
		Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata: sbomMetadata{s.date.Format(time.RFC3339), main},
	}
	uses := sbomDependency{Ref: main.Ref}
	for _, m := range modules {
		component, err := m.component()
		if err != nil {
			return nil, err
		}
		document.Components = append(document.Components, component)
		uses.DependsOn = append(uses.DependsOn, component.Ref)
	}
	document.Dependencies = []sbomDependency{uses}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(document)
	return out.Bytes(), err
}

func (m module) component() (sbomComponent, error) {
	license, err := m.licenseExpression()
	if err != nil {
		return sbomComponent{}, err
	}
	var hashes []sbomHash
	if m.sum != "" { // Go itself has none
		// go.sum has SHA-256 over a list of the module's files, in base64.
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.sum, "h1:"))
		if err != nil {
			return sbomComponent{}, fmt.Errorf("%s %s: the sum %q: %w", m.path, m.version, m.sum, err)
		}
		hashes = []sbomHash{{"SHA-256", hex.EncodeToString(sum)}}
	}
	url := packageURL(m.path, m.version)
	return sbomComponent{
		Type: "library", Ref: url, Name: m.path, Version: m.version,
		Hashes: hashes, Licenses: []sbomLicense{{license}}, PURL: url,
	}, nil
}

// packageURL returns the URL of a Go module (https://github.com/package-url/purl-spec, type golang).
func packageURL(path, version string) string {
	return "pkg:golang/" + path + "@" + strings.TrimPrefix(version, "go")
}
