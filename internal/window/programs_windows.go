package window

import (
	"os"
	"os/exec"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// computer is this computer, with its programs.
type computer struct{}

// installed are the variables with the folders below which programs are.
var installed = []string{"ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"}

// Find looks where programs of Windows are: the PATH, the App Paths of the registry,
// Program Files, the programs of this user alone, and beside keyconv itself.
func (computer) Find(p Executable) string {
	if path, err := exec.LookPath(p.File); err == nil {
		return path
	}
	var places []string
	for _, root := range []registry.Key{registry.CURRENT_USER, registry.LOCAL_MACHINE} {
		if key, err := registry.OpenKey(root, `Software\Microsoft\Windows\CurrentVersion\App Paths\`+p.File, registry.QUERY_VALUE); err == nil {
			path, _, _ := key.GetStringValue("")
			_ = key.Close()
			places = append(places, path)
		}
	}
	for _, folder := range p.Folders {
		for _, variable := range installed {
			places = append(places, filepath.Join(os.Getenv(variable), folder, p.File))
		}
		places = append(places,
			filepath.Join(os.Getenv("LOCALAPPDATA"), "Programs", folder, p.File),
			filepath.Join(os.Getenv("SystemRoot"), "System32", folder, p.File))
	}
	if self, err := os.Executable(); err == nil {
		places = append(places, filepath.Join(filepath.Dir(self), p.File))
	}
	for _, path := range places {
		if info, err := os.Stat(path); filepath.IsAbs(path) && err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// Start starts a program with a console or window of its own. One with a console stays
// until the person closes it, so that what it said last can be read.
func (computer) Start(p Executable, path string, arguments ...string) error {
	line := windows.ComposeCommandLine(append([]string{path}, arguments...))
	flags := uint32(0)
	if p.Console {
		line = `"` + filepath.Join(os.Getenv("SystemRoot"), "System32", "cmd.exe") + `" /k "` + line + `"`
		flags = windows.CREATE_NEW_CONSOLE
	}
	command, err := windows.UTF16PtrFromString(line)
	if err != nil {
		return err
	}
	info := windows.StartupInfo{Cb: uint32(unsafe.Sizeof(windows.StartupInfo{}))}
	var process windows.ProcessInformation
	if err := windows.CreateProcess(nil, command, nil, nil, false, flags, nil, nil, &info, &process); err != nil {
		return err
	}
	_ = windows.CloseHandle(process.Thread)
	_ = windows.CloseHandle(process.Process)
	return nil
}
