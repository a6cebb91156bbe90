package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// KeyFile is a file with a key.
type KeyFile struct {
	Name string // for people
	Path string
	// Needed says that the program does not work without it.
	Needed bool
	// Opens tries the key; nil when there is nothing to try.
	Opens func(context.Context) error
	// Old is how old it may grow before another one is advised; zero: for ever.
	Old time.Duration
	// Renew is how it is replaced.
	Renew string
}

// Keys checks that key files are there, belong to their owner alone, and open
// what they should.
func Keys(now func() time.Time, files []KeyFile) Check {
	return Check{"keys", func(ctx context.Context, c *Chart) {
		for _, k := range files {
			k.check(ctx, c, now())
		}
	}}
}

func (k KeyFile) check(ctx context.Context, c *Chart, now time.Time) {
	const check = "keys"
	const why = "Without its keys, what is encrypted is lost."
	info, err := os.Stat(k.Path)
	switch {
	case k.Path == "": // the environment has it, or a key management service
	case errors.Is(err, fs.ErrNotExist) && !k.Needed:
		return
	case err != nil:
		c.Fail(check, fmt.Sprintf("The %s is not there: %v", k.Name, err), why, "Put it back from its copy.")
		return
	case info.Mode().Perm()&0o077 != 0:
		c.Fail(check, fmt.Sprintf("The %s (%s) may be read by other users of this machine: its mode is %v.", k.Name, k.Path, info.Mode().Perm()),
			"Whoever reads it can decrypt faces and pictures.", "chmod 600 "+k.Path)
	}
	if k.Opens != nil {
		if err := k.Opens(ctx); err != nil {
			c.Fail(check, fmt.Sprintf("The %s does not work: %v", k.Name, err), why, "Put back the right one from its copy.")
			return
		}
	}
	if k.Path == "" {
		c.OK(check, "The %s works.", k.Name)
		return
	}
	age := now.Sub(info.ModTime())
	if k.Old > 0 && age > k.Old {
		c.Warn(check, fmt.Sprintf("The %s is %d days old.", k.Name, int(age.Hours()/24)), "The longer a key is used, the more is lost with it.", k.Renew)
		return
	}
	if info.Mode().Perm()&0o077 == 0 {
		c.OK(check, "The %s is there, is its owner's alone, works, and is %d days old.", k.Name, max(0, int(age.Hours()/24)))
	}
}
