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

// applicationManifest is what Windows asks a program before it runs
// (learn.microsoft.com, "Application manifests"; for the last setting "Console Allocation
// Policy"). Go 1.26 wants Windows 10. The window wants the controls of today, and is sharp
// on every screen. From Windows 11 24H2 on, Explorer opens no console for it; a shell
// shares its own as ever. The code page stays the system's: keyconv asks for it, since
// PuTTY encodes passphrases and the names of sessions in it, and calls nothing that would
// need another.
const applicationManifest = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application>
      <supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/>
    </application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <dpiAware xmlns="http://schemas.microsoft.com/SMI/2005/WindowsSettings">true/pm</dpiAware>
      <dpiAwareness xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">PerMonitorV2, PerMonitor</dpiAwareness>
      <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
      <consoleAllocationPolicy xmlns="http://schemas.microsoft.com/SMI/2024/WindowsSettings">detached</consoleAllocationPolicy>
    </windowsSettings>
  </application>
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security>
      <requestedPrivileges>
        <requestedExecutionLevel level="asInvoker" uiAccess="false"/>
      </requestedPrivileges>
    </security>
  </trustInfo>
  <dependency>
    <dependentAssembly>
      <assemblyIdentity type="win32" name="Microsoft.Windows.Common-Controls" version="6.0.0.0" processorArchitecture="*" publicKeyToken="6595b64144ccf1df" language="*"/>
    </dependentAssembly>
  </dependency>
</assembly>
`

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
	const english = 0x409
	if err := resources.Set(winres.RT_MANIFEST, winres.ID(1), english, []byte(applicationManifest)); err != nil {
		return nil, err
	}
	numbers := [4]uint16{v.major, v.minor, v.patch, 0}
	info := winversion.Info{FileVersion: numbers, ProductVersion: numbers}
	info.Flags.Prerelease = v.stage != ""
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
			return nil, err
		}
	}
	resources.SetVersionInfo(info)
	var object bytes.Buffer
	err = resources.WriteObject(&object, arch)
	return object.Bytes(), err
}
