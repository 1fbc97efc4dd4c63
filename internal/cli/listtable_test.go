package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// shownRows are keys such as people have.
func shownRows() []tableRow {
	sha := "SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM"
	rows := []tableRow{
		{kind: "ed25519", bits: "256", sha256: sha, state: "encrypted", agent: "agent", base: "id_ed25519 (.pub)", comment: `"me@laptop"`},
		{kind: "rsa", bits: "1024", sha256: sha, state: "unencrypted", base: "id_rsa", comment: `"` + strings.Repeat("long ", 20) + `"`, notes: []string{"weak: the RSA key has 1024 bits, and fewer than 2048 are no longer safe", "same key as old.ppk"}},
		{kind: "unknown", bits: "-", sha256: "-", state: "encrypted", base: "a-name-that-is-much-longer-than-most-names-of-key-files.p8", notes: []string{"line 1"}},
		{kind: "ecdsa-sk", bits: "256", sha256: sha, state: "on a token", base: "ключ 鍵"},
	}
	for i := range rows {
		rows[i].folder, rows[i].file = "~/.ssh", "~/.ssh/"+rows[i].base
	}
	return rows
}

// tables has the rows at the width of a terminal, and elsewhere (0).
var tables = map[int]string{
	80: `~/.ssh:
TYPE      BITS  SHA256         STATE        AGENT  FILE               COMMENT
ed25519    256  nM0YyZY/6H...  encrypted    agent  id_ed25519 (.pub)  "me@la..."
rsa       1024  nM0YyZY/6H...  unencrypted         id_rsa             "long ..."
    weak: the RSA key has 1024 bits, and fewer than 2048 are no longer safe;
    same key as old.ppk
unknown      -  -              encrypted           ...f-key-files.p8  line 1
ecdsa-sk   256  nM0YyZY/6H...  on a token          ключ 鍵
`,
	100: `~/.ssh:
TYPE      BITS  SHA256         STATE        AGENT  FILE                            COMMENT
ed25519    256  nM0YyZY/6H...  encrypted    agent  id_ed25519 (.pub)               "me@laptop"
rsa       1024  nM0YyZY/6H...  unencrypted         id_rsa                          "long long lo..."
    weak: the RSA key has 1024 bits, and fewer than 2048 are no longer safe; same key as old.ppk
unknown      -  -              encrypted           ...-most-names-of-key-files.p8  line 1
ecdsa-sk   256  nM0YyZY/6H...  on a token          ключ 鍵
`,
	130: `~/.ssh:
TYPE      BITS  SHA256                                              STATE        AGENT  FILE                            COMMENT
ed25519    256  SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM  encrypted    agent  id_ed25519 (.pub)               "me@la..."
rsa       1024  SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM  unencrypted         id_rsa                          "long ..."
    weak: the RSA key has 1024 bits, and fewer than 2048 are no longer safe; same key as old.ppk
unknown      -  -                                                   encrypted           ...-most-names-of-key-files.p8  line 1
ecdsa-sk   256  SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM  on a token          ключ 鍵
`,
	60: `~/.ssh/id_ed25519 (.pub)
    ed25519 256, encrypted agent
    SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM
    "me@laptop"
~/.ssh/id_rsa
    rsa 1024, unencrypted
    SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM
    "long long long long long long long long long long long
    long long long long long long long long long "
    weak: the RSA key has 1024 bits, and fewer than 2048 are
    no longer safe
    same key as old.ppk
~/.ssh/a-name-that-is-much-longer-than-most-names-of-key-files.p8
    unknown -, encrypted
    -
    line 1
~/.ssh/ключ 鍵
    ecdsa-sk 256, on a token
    SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM
`,
	0: `ed25519    256  SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM  encrypted    agent  ~/.ssh/id_ed25519 (.pub)                                      "me@laptop"
rsa       1024  SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM  unencrypted         ~/.ssh/id_rsa                                                 "long long long long long long long long long long long long long long long long long long long long "  weak: the RSA key has 1024 bits, and fewer than 2048 are no longer safe; same key as old.ppk
unknown      -  -                                                   encrypted           ~/.ssh/a-name-that-is-much-longer-than-most-names-of-key-files.p8                                            line 1
ecdsa-sk   256  SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM  on a token          ~/.ssh/ключ 鍵
`,
}

func TestTable(t *testing.T) {
	for columns, want := range tables {
		assert.Equal(t, want, tableText(shownRows(), columns), columns)
	}
	assert.Empty(t, tableText(nil, 80))
}

// TestTableFits: no line is wider than the terminal, and the facts are all there.
func TestTableFits(t *testing.T) {
	rows := append(shownRows(), tableRow{kind: "mldsa44-ed25519-experimental", bits: "256", sha256: "-", state: "public", folder: "/x", base: "鍵鍵鍵鍵鍵鍵鍵鍵鍵", file: "/x/鍵鍵鍵鍵鍵鍵鍵鍵鍵", comment: `"ééé é鍵"`})
	for columns := 80; columns < 220; columns++ {
		text := tableText(rows, columns)
		for line := range strings.Lines(text) {
			assert.LessOrEqual(t, columnsIn(strings.TrimRight(line, "\n")), columns, line)
		}
		for _, word := range []string{"1024", "encrypted", "on a token", "safe", "old.ppk", "line 1", "256", "rsa"} {
			assert.Contains(t, text, word)
		}
	}
	for columns := 1; columns < 70; columns++ {
		assert.Contains(t, tableText(rows, columns), rows[0].sha256)
	}
}

func TestCut(t *testing.T) {
	assert.Equal(t, "abc", cutEnd("abc", 3))
	assert.Equal(t, "a...", cutEnd("abcde", 4))
	assert.Equal(t, `"a..."`, cutEnd(`"abcdef"`, 6))
	assert.Equal(t, "鍵...", cutEnd("鍵鍵鍵", 5))
	assert.Equal(t, "abc", cutStart("abc", 3))
	assert.Equal(t, "...e", cutStart("abcde", 4))
	assert.Equal(t, "...鍵", cutStart("鍵鍵鍵", 5))
	assert.Equal(t, "...", cutStart("abcde", 2))
}

// TestHeapsOfMarks: marks on a letter that would cover other lines.
func TestHeapsOfMarks(t *testing.T) {
	assert.Equal(t, "e\u0301\u0302\u0303\\u0304\\u0305x\u0301", withoutHeaps("e\u0301\u0302\u0303\u0304\u0305x\u0301"))
	assert.Equal(t, "ключ 鍵", withoutHeaps("ключ 鍵"))
}
