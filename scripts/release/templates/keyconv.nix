# nix-build -E "(import <nixpkgs> {}).callPackage ./keyconv.nix {}", or callPackage ./keyconv.nix { }
{ lib, stdenvNoCC, fetchurl, installShellFiles }:

let
  version = "{{.Version}}";
  archives = {
{{- range .Nix}}
    {{.Name}} = {
      url = "{{.URL}}";
      sha256 = "{{.SHA256}}";
    };
{{- end}}
  };
  system = stdenvNoCC.hostPlatform.system;
in
stdenvNoCC.mkDerivation {
  pname = "keyconv";
  inherit version;

  src = fetchurl (archives.${system} or (throw "keyconv: no release for ${system}"));

  nativeBuildInputs = [ installShellFiles ];
  dontConfigure = true;
  dontBuild = true;

  installPhase = ''
    runHook preInstall
    install -Dm755 keyconv $out/bin/keyconv
    installManPage docs/man/*.1
    installShellCompletion --cmd keyconv \
      --bash docs/completions/keyconv.bash \
      --zsh docs/completions/keyconv.zsh \
      --fish docs/completions/keyconv.fish
    runHook postInstall
  '';

  meta = {
    description = "{{.Description}}";
    homepage = "{{.Homepage}}";
    license = lib.licenses.mit;
    mainProgram = "keyconv";
    platforms = builtins.attrNames archives;
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
  };
}
