package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Space returns how many bytes of the disk on which dir lies are free for the
// program, and how many there are.
func Space(dir string) (free, all uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, 0, fmt.Errorf("ask for the space of %s: %w", dir, err)
	}
	block := uint64(s.Bsize) //nolint:gosec // never negative; of another type elsewhere
	return s.Bavail * block, s.Blocks * block, nil
}

// The space below which there is too little, and below which it is time to act.
// A company of 1,000 people adds some 150 MB a day, with daily images.
const (
	leastSpace = 512 << 20
	lowSpace   = 4 << 30
)

// Disk checks the space of the directories by their names for people, and that
// files can be written there.
func Disk(dirs map[string]string, order []string) Check {
	return Check{"disk", func(_ context.Context, c *Chart) {
		for _, name := range order {
			space(c, name, dirs[name])
			writable(c, name, dirs[name])
		}
	}}
}

func space(c *Chart, name, dir string) {
	const why = "When the disk is full, no punch is recorded."
	free, all, err := Space(dir)
	if err != nil {
		c.Fail("disk.space", fmt.Sprintf("The disk of the %s could not be asked: %v", name, err), why, "See whether "+dir+" is there and may be read by this user.")
		return
	}
	what := fmt.Sprintf("%s of %s are free for the %s (%s).", size(free), size(all), name, dir)
	const fix = "Free some space, or move to a larger disk; docs/operating.md says what grows."
	switch {
	case free < leastSpace:
		c.Fail("disk.space", what, why, fix)
	case free < lowSpace && free < all/10:
		c.Warn("disk.space", what, why, fix)
	default:
		c.OK("disk.space", "%s", what)
	}
}

// writable writes a file as the program does: made, synced and removed.
func writable(c *Chart, name, dir string) {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err == nil {
		_, err = f.WriteString("hajir doctor was here\n")
		for _, next := range []func() error{f.Sync, f.Close, func() error { return os.Remove(f.Name()) }} {
			if e := next(); err == nil {
				err = e
			}
		}
	}
	if err != nil {
		c.Fail("disk.writable", fmt.Sprintf("Nothing can be written to the %s: %v", name, err), "No punch can be recorded there.",
			fmt.Sprintf("Give the user who runs Hajir the directory (chown -R USER %s), and see whether the disk is mounted read-only.", filepath.Clean(dir)))
		return
	}
	c.OK("disk.writable", "Files can be written to the %s.", name)
}

// size writes a number of bytes.
func size(n uint64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.0f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}
