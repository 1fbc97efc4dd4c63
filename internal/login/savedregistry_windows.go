package login

import (
	"errors"
	"slices"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/session"
	"golang.org/x/sys/windows/registry"
)

// registryStore returns the sessions and host keys of the programs that have them there.
func registryStore() session.Store {
	var keys []session.Key
	var failed []error
	sessions, hostKeys := session.RegistryPlaces()
	for _, path := range sessions {
		found, errs := readKeys(path)
		keys, failed = append(keys, found...), append(failed, errs...)
	}
	for _, path := range hostKeys {
		values, err := readValues(path)
		if err == nil {
			keys = append(keys, session.Key{Name: path, Values: values})
		} else if !errors.Is(err, registry.ErrNotExist) {
			failed = append(failed, fault.In(`HKCU\`+path, err))
		}
	}
	s := session.RegistryStore(keys, SystemCodePage())
	s.Problems = append(failed, s.Problems...)
	return s
}

// readKeys reads the keys below a path with their values, in the order of their names, each
// with its whole path. A path that is missing has none.
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
		keys = append(keys, session.Key{Name: path + `\` + name, Values: values})
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
