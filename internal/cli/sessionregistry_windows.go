package cli

import (
	"errors"

	"github.com/keyconv/keyconv/internal/session"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// hasRegistry tells Windows from the rest.
const hasRegistry = true

// placeRegistry is the registry, where a program has its sessions.
func placeRegistry(o *sessionOptions, k *session.RegistryKey, s session.Session) (place, error) {
	page := session.CodePage(o.codePage)
	if !o.codePageChanged {
		page = session.CodePage(windows.GetACP())
	}
	name, values, err := k.Encode(s, page)
	if err != nil {
		return place{}, err
	}
	path := k.Path + `\` + name
	p := place{shown: `HKCU\` + path, write: func() error { return writeRegistry(path, values, k.Obsolete(values)) }}
	old, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	switch {
	case errors.Is(err, registry.ErrNotExist):
		return p, nil
	case err != nil:
		return place{}, o.placeError(p.shown, err)
	}
	_ = old.Close()
	if !o.force {
		return place{}, o.placeError(p.shown, &session.ExistsError{Name: s.Name})
	}
	p.outcome = session.Replaced
	return p, nil
}

// writeRegistry leaves no new key behind that lacks values.
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
