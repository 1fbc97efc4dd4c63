//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ours returns a command line of the program that was built.
func ours(args ...string) func(b *bench) command {
	return func(b *bench) command { return append(command{b.file("keyconv")}, b.paths(args)...) }
}

func program(name string, args ...string) func(b *bench) command {
	return func(b *bench) command { return append(command{name}, b.paths(args)...) }
}

// paths puts the folder of the run before names that begin with "@".
func (b *bench) paths(args []string) []string {
	full := make([]string, len(args))
	for i, a := range args {
		full[i] = a
		if len(a) > 0 && a[0] == '@' {
			full[i] = b.file(a[1:])
		}
	}
	return full
}

func rows() ([]row, error) {
	toPPK := ours("pem2ppk", "-q", "-f", "-o", "@out.ppk", "@key.pem")
	toPEM := ours("ppk2pem", "-q", "-f", "-o", "@out.pem", "@key.ppk")
	library, err := libraryRows()
	return append([]row{
		{"start: `keyconv version`, CPU", "an empty Go program", 2, false,
			cpuRatio(60, ours("version"), func(b *bench) command { return command{b.file("empty")} })},
		{".pem to .ppk, CPU of the process", "puttygen", 0.35, false,
			cpuRatio(60, toPPK, program("puttygen", "@key.pem", "-o", "@theirs.ppk"))},
		{".ppk to .pem, CPU of the process", "puttygen", 0.5, false,
			cpuRatio(40, toPEM, program("puttygen", "@key.ppk", "-O", "private-openssh", "-o", "@theirs.pem"))},
		{"public key of a .pem, CPU of the process", "ssh-keygen -y", 0, false,
			cpuRatio(40, ours("public", "-q", "@key.pem"), program("ssh-keygen", "-y", "-f", "@key.pem"))},
		{"PKCS#1 to PKCS#8, CPU of the process", "openssl pkcs8", 0, false,
			cpuRatio(40, ours("convert", "-q", "-f", "--to", "pkcs8", "-o", "@out.p8", "@key.pem"),
				program("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", "@key.pem", "-out", "@theirs.p8"))},
		{"reading an encrypted .ppk, CPU of the process", "argon2 (libargon2), same parameters", 1.5, false,
			cpuRatio(10, ours("ppk2pem", "-q", "-f", "--no-passphrase", "--passphrase-file", "@pass", "-o", "@out.pem", "@locked.ppk"), argon2)},
		{".pem to .ppk, peak memory in MiB", "", 12, false, func(b *bench) (float64, error) {
			return medianOf(9, func() (float64, error) {
				u, err := b.process(b.file("peak"), toPPK(b)...)
				if err != nil {
					return 0, err
				}
				kib, err := strconv.ParseFloat(strings.TrimSpace(string(u.out)), 64)
				return kib / 1024, err
			})
		}},
		{"2,000 plain keys, rate", "a shell loop over puttygen", 40, true, batchRate},
		{"2,000 plain keys, time", "creating, syncing, renaming 2,000 files", 1.3, false, batchTime},
		{jobsOf + ", rate", "--jobs 1", 1.9, true, func(b *bench) (float64, error) {
			return b.jobs(func() (time.Duration, error) { return b.locked("1", lockedKeys) })
		}},
		{jobsOf + ", rate beside two processes", "each with --jobs 1 and half of the keys", 1, true, func(b *bench) (float64, error) {
			return b.jobs(b.twoProcesses)
		}},
	}, library...), err
}

// argon2 derives as PuTTY's default does: 8192 KiB, 21 passes, one lane; the shell around
// it is small beside that.
var argon2 = program("sh", "-c", "printf x | argon2 saltsaltsaltsalt -id -k 8192 -t 21 -p 1 -l 80 -r")

const many = 2000

// manyKeys makes a folder of copies, once.
func (b *bench) manyKeys(from, folder, extension string, n int) (string, error) {
	dir := b.file(folder)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	data, err := os.ReadFile(b.file(from))
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)+extension), data, 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// intoFolder measures a run into an empty folder.
func (b *bench) intoFolder(name string, args ...string) (time.Duration, error) {
	out, err := os.MkdirTemp(b.dir, "out")
	if err != nil {
		return 0, err
	}
	for i := range args {
		if args[i] == "OUT" {
			args[i] = out
		}
	}
	u, err := b.process(name, args...)
	if err != nil {
		return 0, err
	}
	return u.wall, os.RemoveAll(out)
}

func (b *bench) batch() (time.Duration, error) {
	in, err := b.manyKeys("key.pem", "many", ".pem", many)
	if err != nil {
		return 0, err
	}
	return b.intoFolder(b.file("keyconv"), "pem2ppk", "-q", "-r", "-d", "OUT", in)
}

// batchRate compares with fewer keys of puttygen, since it takes a process for each.
func batchRate(b *bench) (float64, error) {
	const fewer = 200
	return medianOf(3, func() (float64, error) {
		ours, err := b.batch()
		if err != nil {
			return 0, err
		}
		loop := fmt.Sprintf(`i=0; while [ $i -lt %d ]; do puttygen "$1/$i.pem" -o "$2/$i.ppk" || exit; i=$((i+1)); done`, fewer)
		theirs, err := b.intoFolder("sh", "-c", loop, "sh", b.file("many"), "OUT")
		if err != nil {
			return 0, err
		}
		return (many / ours.Seconds()) / (fewer / theirs.Seconds()), nil
	})
}

// batchTime compares with what the disk takes for files that are whole or absent after
// a loss of power: create, write, sync, rename.
func batchTime(b *bench) (float64, error) {
	data, err := os.ReadFile(b.file("key.ppk"))
	if err != nil {
		return 0, err
	}
	return medianOf(3, func() (float64, error) {
		ours, err := b.batch()
		if err != nil {
			return 0, err
		}
		disk, err := b.syncedFiles(data)
		if err != nil {
			return 0, err
		}
		return ours.Seconds() / disk.Seconds(), nil
	})
}

func (b *bench) syncedFiles(data []byte) (time.Duration, error) {
	dir, err := os.MkdirTemp(b.dir, "synced")
	if err != nil {
		return 0, err
	}
	start := time.Now()
	for i := range many {
		name := filepath.Join(dir, strconv.Itoa(i)+".ppk")
		f, err := os.OpenFile(name+".new", os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
		if err != nil {
			return 0, err
		}
		if _, err = f.Write(data); err == nil {
			err = f.Sync()
		}
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err == nil {
			err = os.Rename(f.Name(), name)
		}
		if err != nil {
			return 0, err
		}
	}
	spent := time.Since(start)
	return spent, os.RemoveAll(dir)
}

const lockedKeys = 24

// jobs returns how much quicker two jobs are than something else; both take turns.
func (b *bench) jobs(other func() (time.Duration, error)) (float64, error) {
	return medianOf(5, func() (float64, error) {
		theirs, err := other()
		if err != nil {
			return 0, err
		}
		ours, err := b.locked("2", lockedKeys)
		return theirs.Seconds() / ours.Seconds(), err
	})
}

// locked converts a folder of so many encrypted keys.
func (b *bench) locked(jobs string, keys int) (time.Duration, error) {
	in, err := b.manyKeys("locked.ppk", "locked"+strconv.Itoa(keys), ".ppk", keys)
	if err != nil {
		return 0, err
	}
	return b.intoFolder(b.file("keyconv"), "convert", "--to", "ppk", "-q", "-r",
		"--passphrase-file", b.file("pass"), "-j", jobs, "-d", "OUT", in)
}

// twoProcesses shares the keys among two processes with nothing in common, and returns the time
// until both have ended: more than that a second processor of this machine cannot do.
func (b *bench) twoProcesses() (time.Duration, error) {
	if _, err := b.manyKeys("locked.ppk", "locked"+strconv.Itoa(lockedKeys/2), ".ppk", lockedKeys/2); err != nil {
		return 0, err
	}
	start := time.Now()
	failed := make(chan error)
	for range 2 {
		go func() {
			_, err := b.locked("1", lockedKeys/2)
			failed <- err
		}()
	}
	err := errors.Join(<-failed, <-failed)
	return time.Since(start), err
}
