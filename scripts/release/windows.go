package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/tc-hib/winres"
	winversion "github.com/tc-hib/winres/version"
)

const description = "Converts SSH private keys between PEM, OpenSSH and PuTTY"

// addResources writes what Windows shows of a program beside its source, under a name
// that Go links for that architecture only.
func (s source) addResources(t target, v version) error {
	license, err := os.ReadFile(filepath.Join(s.folder, "LICENSE"))
	if err != nil {
		return err
	}
	object, err := windowsObject(winres.Arch(t.arch), v, copyrightLine(license))
	if err != nil {
		return err
	}
	name := "keyconv_windows_" + t.arch + ".syso"
	return os.WriteFile(filepath.Join(s.folder, filepath.FromSlash(mainPackage), name), object, 0o644)
}

func copyrightLine(license []byte) string {
	for line := range strings.Lines(string(license)) {
		if strings.HasPrefix(line, "Copyright ") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// windowsObject makes an object file with icon, version and manifest.
func windowsObject(arch winres.Arch, v version, copyright string) ([]byte, error) {
	var resources winres.ResourceSet
	icon, err := winres.NewIconFromImages(iconImages())
	if err != nil {
		return nil, err
	}
	if err := resources.SetIcon(winres.Name("APPICON"), icon); err != nil {
		return nil, err
	}
	// Go 1.26 wants Windows 10. The code page stays the system's: keyconv asks for
	// it, since PuTTY encodes passphrases in it.
	resources.SetManifest(winres.AppManifest{
		Compatibility:  winres.Win10AndAbove,
		ExecutionLevel: winres.AsInvoker,
		LongPathAware:  true,
	})
	info, err := versionInfo(v, copyright)
	if err != nil {
		return nil, err
	}
	resources.SetVersionInfo(info)
	var object bytes.Buffer
	err = resources.WriteObject(&object, arch)
	return object.Bytes(), err
}

func versionInfo(v version, copyright string) (winversion.Info, error) {
	numbers := [4]uint16{v.major, v.minor, v.patch, 0}
	info := winversion.Info{FileVersion: numbers, ProductVersion: numbers}
	for _, field := range []struct{ key, value string }{
		{winversion.CompanyName, "The keyconv authors"},
		{winversion.FileDescription, description},
		{winversion.FileVersion, v.String()},
		{winversion.InternalName, "keyconv"},
		{winversion.LegalCopyright, copyright},
		{winversion.OriginalFilename, "keyconv.exe"},
		{winversion.ProductName, "keyconv"},
		{winversion.ProductVersion, v.String()},
	} {
		if err := info.Set(winres.LCIDDefault, field.key, field.value); err != nil {
			return winversion.Info{}, err
		}
	}
	return info, nil
}
