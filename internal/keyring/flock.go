package keyring

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// How a file may be locked (flock(2)).
const (
	shared       = syscall.LOCK_SH
	exclusive    = syscall.LOCK_EX
	exclusiveNow = syscall.LOCK_EX | syscall.LOCK_NB
)

func lockFile(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrInUse
		case err != nil:
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		return nil
	}
}
