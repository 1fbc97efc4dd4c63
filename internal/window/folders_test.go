package window

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOneDrive: an unencrypted key does not go to the internet without a question.
func TestOneDrive(t *testing.T) {
	s := newScene(t)
	s.env["OneDriveConsumer"] = filepath.Join(s.dir, "OneDrive")
	require.NoError(t, os.MkdirAll(s.path("OneDrive/Documents"), 0o700))
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	to := filepath.Join(s.dir, "onedrive", "documents", "ecs.ppk")
	require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o700))
	s.saveAs = []string{to, s.path("OneDriveNot.ppk")}
	s.press(SavePPK)
	require.Len(t, s.question, 1)
	assert.Contains(t, s.question[0], "OneDrive copies the folder of ecs.ppk to the internet")
	assert.NoFileExists(t, to)
	s.press(SavePPK)
	assert.Len(t, s.question, 1)
	assert.FileExists(t, s.path("OneDriveNot.ppk"))
	s.fill = []Answers{pressed(OK, map[ID]string{NewPassphrase: "1", NewFirst: "new", NewSecond: "new"})}
	s.press(SetPassphrase)
	s.saveAs = []string{to}
	s.press(SavePPK)
	assert.Len(t, s.question, 1, "an encrypted one may go there")
	assert.FileExists(t, to)
}

func TestZip(t *testing.T) {
	for path, want := range map[string]bool{
		`C:\Users\me\AppData\Local\Temp\Temp1_keyconv_0.9.0_windows_amd64.zip\keyconv\keyconv.exe`: true,
		`C:\Users\me\AppData\Local\Temp\7zO0A1B2C3D\keyconv.exe`:                                   true,
		`C:\Users\me\AppData\Local\Temp\Rar$EXa1234.5678\keyconv.exe`:                              true,
		`C:\Users\me\AppData\Local\Temp\a.zip.4f2\keyconv.exe`:                                     true,
		`C:\Users\me\Downloads\keyconv.zip\keyconv.exe`:                                            false,
		`C:\Program Files\keyconv\keyconv.exe`:                                                     false,
	} {
		assert.Equal(t, want, ZipWarning(path) != "", path)
	}
}
