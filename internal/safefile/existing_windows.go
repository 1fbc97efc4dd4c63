package safefile

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// AccessWord precedes what Restricted says about the access.
const AccessWord = "access for"

// accessAllowedCallback is ACCESS_ALLOWED_CALLBACK_ACE_TYPE (winnt.h): access with a
// condition.
const accessAllowedCallback = 9

// openToRestrict opens a file to read it and to change its access list, so that both
// concern the same file.
func openToRestrict(path string) (*os.File, error) {
	p, err := longPathPtr(path)
	if err != nil {
		return nil, err
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	h, err := windows.CreateFile(p, windows.GENERIC_READ|windows.WRITE_DAC, share, nil,
		windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), path), nil
}

// restrict does not change an access list that has only the three accounts that OpenSSH
// for Windows accepts. It sets the list of the open file with the call that takes a whole
// one, as Cygwin's chmod does: the calls that work out what a folder hands down change
// nothing in wine, so that no test could prove them.
func restrict(f *os.File, _ fs.FileInfo) (Restricted, error) {
	h := windows.Handle(f.Fd())
	found, err := accessOf(h)
	if err != nil {
		return Restricted{}, err
	}
	r := Restricted{Before: found.String(), After: found.String(), Owner: found.foreignOwner()}
	if found.private() {
		return r, nil
	}
	want, err := ownerOnlyAccess()
	if err != nil {
		return r, err
	}
	setErr := windows.SetKernelObjectSecurity(h, windows.DACL_SECURITY_INFORMATION, want.SecurityDescriptor)
	left, err := accessOf(h)
	if err != nil {
		return r, err
	}
	r.After = left.String()
	switch {
	case left.private():
		return r, nil
	case setErr != nil && keepsLists(h):
		return r, setErr
	}
	return r, cannotHold(r.After)
}

// keepsLists reports whether the volume has access lists at all.
func keepsLists(h windows.Handle) bool {
	var flags uint32
	err := windows.GetVolumeInformationByHandle(h, nil, 0, nil, nil, &flags, nil, 0)
	return err == nil && flags&windows.FILE_PERSISTENT_ACLS != 0
}

// access is who has access to a file.
type access struct {
	owner    *windows.SID
	everyone bool           // the file has no list
	allowed  []*windows.SID // each once
	trusted  []*windows.SID // the user, SYSTEM and the Administrators
}

func accessOf(h windows.Handle) (access, error) {
	var a access
	trusted, err := trustedSIDs()
	if err != nil {
		return a, err
	}
	a.trusted = trusted
	sd, err := windows.GetSecurityInfo(h, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return a, err
	}
	if a.owner, _, err = sd.Owner(); err != nil {
		return a, err
	}
	list, _, err := sd.DACL()
	if err != nil || list == nil { // without a list, or with one that is NULL, everything is allowed
		a.everyone = true
		return a, nil
	}
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &ace); err != nil {
			return a, err
		}
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE && ace.Header.AceType != accessAllowedCallback {
			continue
		}
		if sid, err := (*windows.SID)(unsafe.Pointer(&ace.SidStart)).Copy(); err == nil && !contains(a.allowed, sid) {
			a.allowed = append(a.allowed, sid)
		}
	}
	return a, nil
}

func trustedSIDs() ([]*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	trusted := []*windows.SID{user.User.Sid}
	for _, kind := range []windows.WELL_KNOWN_SID_TYPE{windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid} {
		sid, err := windows.CreateWellKnownSid(kind)
		if err != nil {
			return nil, err
		}
		trusted = append(trusted, sid)
	}
	return trusted, nil
}

func contains(list []*windows.SID, sid *windows.SID) bool {
	return slices.ContainsFunc(list, sid.Equals)
}

// private reports whether OpenSSH for Windows accepts the list of a private key
// (check_secure_file_permission in its w32-sshfileperm.c).
func (a access) private() bool {
	return !a.everyone && !slices.ContainsFunc(a.allowed, func(sid *windows.SID) bool { return !contains(a.trusted, sid) })
}

// foreignOwner names the owner if OpenSSH for Windows does not accept it either.
func (a access) foreignOwner() string {
	if contains(a.trusted, a.owner) {
		return ""
	}
	return accountName(a.owner)
}

func (a access) String() string {
	if a.everyone {
		return "everyone"
	}
	var names []string
	for _, sid := range a.allowed {
		names = append(names, accountName(sid))
	}
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}

// accountName returns an account as the properties of a file in Explorer show it.
func accountName(sid *windows.SID) string {
	name, domain, _, err := sid.LookupAccount("")
	switch {
	case err != nil:
		return sid.String()
	case domain == "":
		return name
	}
	return domain + `\` + name
}
