package cli

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSchemaHasEveryName: the schema, the document and the code have the same names and
// codes, also those that no test happens to make.
func TestSchemaHasEveryName(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(keytest.Root(t), "docs", "json.schema.json"))
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "json.md"))
	require.NoError(t, err)
	for _, part := range []struct {
		record any
		schema *jsonschema.Schema
	}{
		{record{}, schema},
		{formRecord{}, schema.Properties["from"].Ref},
		{keyRecord{}, schema.Properties["key"].Ref},
		{tokenRecord{}, schema.Properties["key"].Ref.Properties["token"].Ref},
		{permissionsRecord{}, schema.Properties["permissions"].Ref},
		{sessionRecord{}, schema.Properties["session"].Ref},
		{listRecord{}, schema.Properties["list"].Ref},
		{listedCertificate{}, schema.Properties["list"].Ref.Properties["certificate"]},
		{moveRecord{}, schema.Properties["move"].Ref},
		{lineRecord{}, schema.Properties["lines"].Items2020.Ref},
		{programRecord{}, schema.Properties["programs"].Items2020.Ref},
		{codeRecord{}, schema.Properties["repairs"].Items2020.Ref},
		{errorRecord{}, schema.Properties["error"].Ref},
	} {
		var names []string
		for field := range reflect.TypeOf(part.record).Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			names = append(names, name)
			assert.Contains(t, string(text), "`"+name+"`")
			assert.Equal(t, options == "", slices.Contains(part.schema.Required, name), "%s is always there", name)
		}
		var described []string
		for name := range part.schema.Properties {
			described = append(described, name)
		}
		assert.ElementsMatch(t, names, described)
	}
	for _, code := range errorCodes.Get() {
		assert.Contains(t, string(text), "`"+code+"`")
	}
}
