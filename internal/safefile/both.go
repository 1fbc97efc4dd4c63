package safefile

import (
	"crypto/rand"
	"errors"
	"io/fs"
)

// File is what WriteBoth puts at a path.
type File struct {
	Path string
	Data []byte
	Perm fs.FileMode // 0 means 0600
}

// WriteBoth writes a private key and its public half as Write does, both or neither: what
// can fail is done before either has its name, and a public half that has it is taken back
// when the key does not get its own. It returns the result of the key.
func WriteBoth(private, public File, overwrite bool) (Result, error) {
	key, err := stage(private, overwrite)
	if err != nil {
		return Result{}, err
	}
	defer key.folder.Close()
	half, err := stage(public, overwrite)
	if err != nil {
		key.discard()
		return Result{}, err
	}
	defer half.folder.Close()
	aside, err := half.moveAside()
	if err == nil {
		err = half.publish()
	}
	if err != nil {
		half.restore(aside)
		key.discard()
		return Result{}, err
	}
	if err := key.publish(); err != nil {
		_ = half.folder.remove(half.name)
		half.restore(aside)
		return Result{}, err
	}
	if aside != "" {
		_ = half.folder.remove(aside)
	}
	return key.result, errors.Join(pathError("write", half.path, half.folder.sync()), pathError("write", key.path, key.folder.sync()))
}

// staged is a file that is whole, under the name of a temporary.
type staged struct {
	folder                *folder
	path, name, temporary string
	overwrite             bool
	result                Result
}

func stage(f File, overwrite bool) (*staged, error) {
	perm := f.Perm.Perm()
	if perm == 0 {
		perm = ownerOnly
	}
	d, name, err := openTarget(f.Path, overwrite)
	if err != nil {
		return nil, pathError("write", f.Path, err)
	}
	temporary, result, err := d.prepare(content{data: f.Data, perm: perm})
	if err != nil {
		d.Close()
		return nil, pathError("write", f.Path, err)
	}
	return &staged{d, f.Path, name, temporary, overwrite, result}, nil
}

// publish gives the file its name, or removes it.
func (s *staged) publish() error {
	publish := publishNew
	if s.overwrite {
		publish = publishOver
	}
	err := publish(s.folder, s.temporary, s.name)
	if err != nil {
		s.discard()
	}
	return pathError("write", s.path, err)
}

func (s *staged) discard() { _ = s.folder.remove(s.temporary) }

// moveAside gives what is at the name another one, and returns that; "" for nothing.
func (s *staged) moveAside() (string, error) {
	if !s.overwrite {
		return "", nil
	}
	aside := ".keyconv-" + rand.Text() + ".tmp"
	err := publishOver(s.folder, s.name, aside)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		s.discard()
		return "", pathError("write", s.path, err)
	}
	return aside, nil
}

// restore puts back what moveAside has moved.
func (s *staged) restore(aside string) {
	if aside != "" {
		_ = publishOver(s.folder, aside, s.name)
	}
}
