package window

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

// inZip is a file that Explorer, 7-Zip or WinRAR unpacked for a look: it is gone when
// their window closes. It is compiled when it is needed, since the command never does.
var inZip = lazy.Value[*regexp.Regexp]{Make: func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)[\\/]temp[\\/](Temp[0-9]+_[^\\/]*\.zip|[^\\/]*\.zip\.[0-9a-f]{3}|7z[0-9A-Z]+|Rar\$[^\\/]+)[\\/]`)
}}

func isInZip(path string) bool { return inZip.Get().MatchString(path) }

// ZipWarning returns what to say where the program itself runs inside a zip file; ""
// elsewhere.
func ZipWarning(program string) string {
	if !isInZip(program) {
		return ""
	}
	return "keyconv was started inside a zip file. Please unpack it first: close this, right-click on the zip file, choose Extract All, and start keyconv from the new folder.\n\nDo not drag a key into the zip file: that would put a copy of your private key into it."
}

// synchronised are the variables with the folders that OneDrive copies.
var synchronised = []string{"OneDrive", "OneDriveCommercial", "OneDriveConsumer"}

// mayUpload asks before an unencrypted key goes into a folder that OneDrive copies.
func (m *Model) mayUpload(path string) bool {
	for _, variable := range synchronised {
		folder, _ := m.lookup(variable)
		if folder == "" {
			continue
		}
		below, err := filepath.Rel(strings.ToLower(filepath.Clean(folder)), strings.ToLower(filepath.Clean(path)))
		if err == nil && below != ".." && !strings.HasPrefix(below, ".."+string(filepath.Separator)) {
			return m.person.Confirm(fmt.Sprintf("OneDrive copies the folder of %s to the internet, and the key has no passphrase: anybody who gets into your account could log in with it.\n\nSave it there all the same?", shortName(path)))
		}
	}
	return true
}
