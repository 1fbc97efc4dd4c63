package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAUR: the fields that the AUR shows are those of the recipe, as bash reads them, and its
// function installs the archive of a release.
func TestAUR(t *testing.T) {
	manifests, folder := testManifests(t), t.TempDir()
	recipe := keytest.WriteFile(t, folder, "PKGBUILD", manifests["PKGBUILD"])
	said := string(keytest.Run(t, nil, "bash", "-euc", `source "$0"
printf 'pkgbase = %s\n' "$pkgname"
for field in pkgdesc pkgver pkgrel url arch license provides conflicts source_x86_64 sha256sums_x86_64 source_aarch64 sha256sums_aarch64; do
	declare -n values=$field
	for value in "${values[@]}"; do printf '\t%s = %s\n' "$field" "$value"; done
done
printf '\npkgname = %s\n' "$pkgname"`, recipe))
	assert.Equal(t, said, string(manifests[".SRCINFO"]))

	documents := append(testDocuments, file{"docs/completions/keyconv.bash", modeFile, nil}, file{"docs/completions/keyconv.fish", modeFile, nil})
	content := inFolder("keyconv_9.8.7_linux_arm64", append(documents, file{"keyconv", modeProgram, echo(testVersion)}))
	require.NoError(t, writeInside(filepath.Join(folder, "src"), content))
	keytest.WriteFile(t, filepath.Join(folder, "src"), "keyconv_9.8.7_linux_arm64.tar.gz", nil) // makepkg leaves it there
	keytest.Run(t, nil, "bash", "-euc", `source "$0"; srcdir=$1/src pkgdir=$1/pkg; package`, recipe, folder)
	root := filepath.Join(folder, "pkg")
	assert.Equal(t, "keyconv 9.8.7\n", string(keytest.Run(t, nil, filepath.Join(root, "usr/bin/keyconv"))))
	files := readTree(t, root)
	for _, name := range []string{"usr/share/man/man1/keyconv.1", "usr/share/zsh/site-functions/_keyconv", "usr/share/licenses/keyconv-bin/LICENSE"} {
		assert.Contains(t, files, name)
	}
}

// formulas stands for Homebrew: it runs the formula's method for installing, with the words
// that the formula uses.
const formulas = `
class Formula
  class << self
    def license(*) = nil
    def url(*) = nil
    def sha256(*) = nil
    def desc(text) = text.length < 80 || raise("too long: #{text}")
    def homepage(*) = nil
    def test = nil
    %i[on_macos on_linux on_intel on_arm].each { |name| define_method(name) { |&block| block.call } }
  end
  Place = Struct.new(:path) do
    def install(*things)
      things.flatten.each do |thing|
        thing = { thing => File.basename(thing) } unless thing.is_a?(Hash)
        thing.each { |from, to| FileUtils.mkdir_p(path); FileUtils.cp(from, File.join(path, to), preserve: true) }
      end
    end
  end
  { bin: "bin", man1: "share/man/man1", bash_completion: "etc/bash_completion.d", zsh_completion: "share/zsh/site-functions",
    fish_completion: "share/fish/vendor_completions.d" }.each { |name, path| define_method(name) { Place.new(File.join(ARGV[1], path)) } }
end
require "fileutils"
load ARGV[0]
Keyconv.new.install
`

// TestFormula: Ruby reads the formula, and what it installs is the program.
func TestFormula(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, writeInside(filepath.Join(folder, "src"), append(testDocuments,
		file{"docs/completions/keyconv.bash", modeFile, nil}, file{"docs/completions/keyconv.fish", modeFile, nil}, file{"keyconv", modeProgram, echo(testVersion)})))
	formula := keytest.WriteFile(t, folder, "keyconv.rb", testManifests(t)["keyconv.rb"])
	ruby := keytest.Tool(t, "ruby")
	t.Chdir(filepath.Join(folder, "src"))
	keytest.Run(t, []byte(formulas), ruby, "-w", "-", formula, filepath.Join(folder, "prefix"))
	assert.Equal(t, "keyconv 9.8.7\n", string(keytest.Run(t, nil, filepath.Join(folder, "prefix/bin/keyconv"))))
	var names []string
	for name := range readTree(t, filepath.Join(folder, "prefix")) {
		names = append(names, name)
	}
	assert.Len(t, names, 5, strings.Join(names, " "))
	_, err := os.Stat(filepath.Join(folder, "prefix/share/man/man1/keyconv.1"))
	assert.NoError(t, err)
}
