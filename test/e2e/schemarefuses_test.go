//go:build !windows

package e2e

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSchemaRefuses makes sure that the schema can find something.
func TestSchemaRefuses(t *testing.T) {
	schema := reportSchema(t)
	const good = `{"input":"k","ok":true,"from":{"format":"ppk","encrypted":true,"cipher":"c","kdf":"k"},"repairs":[],"warnings":[]}`
	for _, test := range []struct {
		old, new string
		ok       bool
	}{
		{"", "", true},
		{`"ok"`, `"output":"o","ok"`, true},
		{`"ok":true`, `"ok":false,"error":{"code":"other-key","exit":8,"message":"m"}`, true},
		{`"ok"`, `"extra":1,"ok"`, false},
		{`"kdf"`, `"rounds":"1","kdf"`, false},
		{`"ppk"`, `"xml"`, false},
		{`"cipher":"c",`, ``, false},
		{`"encrypted":true`, `"encrypted":false`, false},
		{`"repairs":[],`, ``, false},
		{`"warnings":[]`, `"warnings":[{"code":"General","message":"m"}]`, false},
		{`"warnings":[]`, `"warnings":[{"code":"general"}]`, false},
		{`"ok":true`, `"ok":false`, false},
		{`"ok":true`, `"ok":true,"error":{"code":"failed","exit":1,"message":"m"}`, false},
		{`"ok":true`, `"ok":false,"error":{"code":"failed","exit":2,"message":"m"}`, false},
		{`"ok":true`, `"ok":false,"error":{"code":"new","exit":9,"message":"m"}`, false},
		{`"ok"`, `"key":{"type":"ssh-rsa"},"ok"`, false},
	} {
		text := strings.Replace(good, test.old, test.new, 1)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err, text)
		assert.Equal(t, test.ok, schema.Validate(value) == nil, text)
	}
}
