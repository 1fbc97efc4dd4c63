class Keyconv < Formula
  desc "{{.Description}}"
  homepage "{{.Homepage}}"
  license "MIT"
{{range $system := .Homebrew}}
  {{.Block}} do
{{- range .Processors}}
    {{.Block}} do
      url "{{.URL}}"
      sha256 "{{.SHA256}}"
    end
{{- end}}
  end
{{end}}
  def install
    bin.install "keyconv"
    man1.install Dir["docs/man/*.1"]
    bash_completion.install "docs/completions/keyconv.bash" => "keyconv"
    zsh_completion.install "docs/completions/keyconv.zsh" => "_keyconv"
    fish_completion.install "docs/completions/keyconv.fish"
  end

  test do
    assert_match "keyconv v#{version}", shell_output("#{bin}/keyconv version")
    system bin/"keyconv", "generate", "-o", "new.ppk"
    assert_match "ssh-ed25519", shell_output("#{bin}/keyconv public new.ppk")
  end
end
