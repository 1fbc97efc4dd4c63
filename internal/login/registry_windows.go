package login

import (
	"errors"

	"github.com/keyconv/keyconv/internal/session"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// HasRegistry reports whether this system is Windows.
const HasRegistry = true

// SystemCodePage returns the ANSI code page of this Windows.
func SystemCodePage() session.CodePage { return session.CodePage(windows.GetACP()) }

// InRegistry returns the place of a session in the registry.
func (s *Saver) InRegistry(k *session.RegistryKey, of session.Session, page session.CodePage) (Place, error) {
	name, values, err := k.Encode(of, page)
	if err != nil {
		return Place{}, err
	}
	path := k.Path + `\` + name
	p := Place{Shown: `HKCU\` + path, write: func() error { return writeRegistry(path, values, k.Obsolete(values)) }}
	old, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	switch {
	case errors.Is(err, registry.ErrNotExist):
		return p, nil
	case err != nil:
		return Place{}, placeError(p.Shown, err)
	}
	same := hasValues(old, values, k.Obsolete(values))
	_ = old.Close()
	if same {
		p.Outcome = session.AlreadyThere
		return p, nil
	}
	if !s.Replace {
		return Place{}, placeError(p.Shown, &session.ExistsError{Name: of.Name})
	}
	p.Outcome = session.Replaced
	return p, nil
}

// hasValues reports whether a key says what the session does.
func hasValues(key registry.Key, values []session.Setting, obsolete []string) bool {
	for _, v := range values {
		if v.IsNumber {
			n, _, err := key.GetIntegerValue(v.Name)
			if err != nil || n != uint64(v.Number) {
				return false
			}
			continue
		}
		text, _, err := key.GetStringValue(v.Name)
		if err != nil || text != v.Text {
			return false
		}
	}
	for _, name := range obsolete {
		if _, _, err := key.GetValue(name, nil); !errors.Is(err, registry.ErrNotExist) {
			return false
		}
	}
	return true
}

// writeRegistry leaves no new key that lacks values.
func writeRegistry(path string, values []session.Setting, obsolete []string) error {
	key, existed, err := registry.CreateKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer func() { _ = key.Close() }()
	err = setValues(key, values, obsolete)
	if err != nil && !existed {
		_ = registry.DeleteKey(registry.CURRENT_USER, path)
	}
	return err
}

func setValues(key registry.Key, values []session.Setting, obsolete []string) error {
	for _, v := range values {
		var err error
		if v.IsNumber {
			err = key.SetDWordValue(v.Name, v.Number)
		} else {
			err = key.SetStringValue(v.Name, v.Text)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range obsolete {
		if err := key.DeleteValue(name); err != nil && !errors.Is(err, registry.ErrNotExist) {
			return err
		}
	}
	return nil
}
