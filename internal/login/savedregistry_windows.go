package login

import (
	"errors"
	"slices"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/session"
	"golang.org/x/sys/windows/registry"
)

// registrySessions returns the sessions of PuTTY and KiTTY.
func registrySessions() ([]session.Saved, []error) {
	list, failed := sessionsBelow(&session.PuTTY, session.RegistryPath)
	more, errs := sessionsBelow(&session.KiTTY, session.KiTTYPath)
	return append(list, more...), append(failed, errs...)
}

func sessionsBelow(p *session.Program, path string) ([]session.Saved, []error) {
	keys, failed := readKeys(path)
	var list []session.Saved
	for _, k := range keys {
		list = append(list, session.SavedPuTTY(p, session.UnescapeName(k.Name, SystemCodePage()), k.Values))
	}
	return list, failed
}

// readKeys reads the keys below a path with their values, in the order of their names. A path
// that is missing has none.
func readKeys(path string) (keys []session.Key, failed []error) {
	parent, err := registry.OpenKey(registry.CURRENT_USER, path, registry.ENUMERATE_SUB_KEYS)
	if errors.Is(err, registry.ErrNotExist) {
		return nil, nil
	}
	var names []string
	if err == nil {
		defer func() { _ = parent.Close() }()
		names, err = parent.ReadSubKeyNames(-1)
	}
	if err != nil {
		failed = append(failed, fault.In(`HKCU\`+path, err))
	}
	slices.Sort(names)
	for _, name := range names {
		values, err := readValues(path + `\` + name)
		if err != nil {
			failed = append(failed, fault.In(`HKCU\`+path+`\`+name, err))
			continue
		}
		keys = append(keys, session.Key{Name: name, Values: values})
	}
	return keys, failed
}

// readValues reads the texts and numbers of a key. PuTTY has no other types of value.
func readValues(path string) ([]session.Setting, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return nil, err
	}
	defer func() { _ = key.Close() }()
	names, err := key.ReadValueNames(-1)
	if err != nil {
		return nil, err
	}
	var list []session.Setting
	for _, name := range names {
		if text, _, err := key.GetStringValue(name); err == nil {
			list = append(list, session.Setting{Name: name, Text: text})
		} else if n, _, err := key.GetIntegerValue(name); err == nil {
			list = append(list, session.Setting{Name: name, Number: uint32(n), IsNumber: true})
		}
	}
	return list, nil
}
