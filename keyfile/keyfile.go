// Package keyfile reads and writes key files on a disk, as package keyconv has them in
// memory.
//
//	key, err := keyfile.Parse(ctx, "id_rsa.ppk", &keyconv.ParseOptions{Passphrase: ask})
//	out, dropped, err := keyconv.Write(key, keyconv.OpenSSH, passphrase, nil)
//	err = keyfile.Create("id_rsa", out)
//
// It is not for files that others should read, such as public keys and configurations, nor
// for passphrases: what it writes belongs to its owner alone, and what it reads is a key file
// of 1 MiB at most.
//
// What is written gets its name in one step, once it is on the disk: no moment shows half a
// file, on any error what was there before stays as it was, and no mode of the file, nor umask,
// lets another user read it. On Windows an access list of the owner, SYSTEM and the
// Administrators takes the place of the mode. A folder, pipe, socket or device is never
// written to.
//
// An error about a file is an *fs.PathError, so that errors.Is finds fs.ErrNotExist,
// fs.ErrExist and fs.ErrPermission; one about its content is of package keyconv. All functions
// may be called from several goroutines, and for one file too: one of them wins, whole.
//
// In a browser and on wasip1 the package builds, and each function that writes returns an error.
package keyfile
