package backup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// Archive reads a backup.
type Archive struct{ vault }

// OpenArchive opens the backup in files; ErrKey says that it belongs to another
// key, ErrNoBackup that there is none.
func OpenArchive(ctx context.Context, files Files, key *Key) (*Archive, error) {
	v := vault{files, key}
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	return &Archive{v}, nil
}

// histories lists the changes of every history.
func (v vault) histories(ctx context.Context) (map[string]*[whole + 1][]ltx.FileInfo, error) {
	all := map[string]*[whole + 1][]ltx.FileInfo{}
	err := v.files.Each(ctx, changesPrefix, func(f File) error {
		history, info, ok := parseChanges(f)
		if !ok {
			return nil
		}
		if all[history] == nil {
			all[history] = new([whole + 1][]ltx.FileInfo)
		}
		all[history][info.Level] = append(all[history][info.Level], info)
		return nil
	})
	return all, atPlace(v.files, "list", err)
}

// Plan is what a restore to one moment takes.
type Plan struct {
	At       time.Time // the moment that was asked for; zero is the newest
	Last     time.Time // when the database changed last before it
	Files    int       // of changes
	Bytes    int64     // in them
	Pictures int
	// PictureBytes is how much the pictures take, sealed.
	PictureBytes int64
	Keys         []string // names in the data directory
	// Coarse says that only joined changes are left of that time, so that up to
	// some minutes before the moment are missing.
	Coarse bool

	changes *changes
	to      ltx.TXID
	copies  map[copied]version
	keys    map[string][]byte
}

// Plan finds out what the restore to a moment takes; the zero moment is the
// newest. When there is no way to it, the error says to which there is.
func (a *Archive) Plan(ctx context.Context, moment time.Time) (*Plan, error) {
	all, err := a.histories(ctx)
	if err != nil {
		return nil, err
	}
	history, err := choose(all, moment)
	if err != nil {
		return nil, err
	}
	c := &changes{vault: a.vault, history: history}
	c.take(*all[history])
	p := &Plan{At: moment, changes: c}
	if err := p.findWay(ctx); err != nil {
		return nil, err
	}
	if p.keys, err = a.readKeys(ctx, history, p.to); err != nil {
		return nil, err
	}
	for name := range p.keys {
		p.Keys = append(p.Keys, name)
	}
	slices.Sort(p.Keys)
	copies, err := a.listCopies(ctx, picturesPrefix)
	if err != nil {
		return nil, err
	}
	gone := moment
	if gone.IsZero() {
		gone = time.UnixMilli(1<<52 - 1) // whatever is gone is
	}
	p.copies = at(copies, gone, p.Last)
	for _, v := range p.copies {
		p.Pictures, p.PictureBytes = p.Pictures+1, p.PictureBytes+v.size
	}
	return p, nil
}

// choose returns the history that went on at a moment: the last that had begun.
func choose(all map[string]*[whole + 1][]ltx.FileInfo, moment time.Time) (string, error) {
	best, first := "", time.Time{}
	for history, levels := range all {
		from := oldest(*levels)
		if from.IsZero() {
			continue
		}
		if first.IsZero() || from.Before(first) {
			first = from
		}
		if (moment.IsZero() || from.Before(moment)) && history > best {
			best = history
		}
	}
	switch {
	case first.IsZero():
		return "", fmt.Errorf("%w: nothing was copied yet", ErrNoBackup)
	case best == "":
		return "", fmt.Errorf("the backup begins at %s, after %s", stamp(first), stamp(moment))
	}
	return best, nil
}

// stamp writes a moment as hajir restore --at reads it, rounded up to a second.
func stamp(t time.Time) string {
	return t.Add(time.Second - time.Millisecond).UTC().Truncate(time.Second).Format(time.RFC3339)
}

// findWay finds the files that lead to the moment.
func (p *Plan) findWay(ctx context.Context) error {
	log := slog.New(slog.DiscardHandler)
	way, err := litestream.CalcRestorePlan(ctx, p.changes, 0, p.At, log)
	if err == nil {
		p.to = way[len(way)-1].MaxTXID
		// The way to a transaction is found with compacted files, too, that hold
		// nothing after it.
		way, err = litestream.CalcRestorePlan(ctx, p.changes, p.to, time.Time{}, log)
	}
	if err != nil {
		return fmt.Errorf("find the way to this moment: %w", err)
	}
	for _, i := range way {
		if i.Size < ltx.HeaderSize {
			return fmt.Errorf("%s: %w", p.changes.name(i), ErrDamaged)
		}
		p.Files, p.Bytes = p.Files+1, p.Bytes+i.Size
		if i.CreatedAt.After(p.Last) && i.Level != whole { // a whole database is copied when it is, and may be older
			p.Last = i.CreatedAt
		}
	}
	levels := p.changes.levels
	for _, l := range levels {
		for _, i := range l {
			before := p.At.IsZero() || i.CreatedAt.Before(p.At)
			if before && i.MaxTXID > p.to {
				return fmt.Errorf("files are missing from the backup: changes after %s cannot be restored; the last whole moment before is %s",
					p.Last.Format(time.RFC3339), stamp(p.Last))
			}
			if i.MaxTXID == p.to && i.Level != whole && i.CreatedAt.After(p.Last) {
				p.Last = i.CreatedAt
			}
		}
	}
	if p.Last.IsZero() {
		p.Last = way[len(way)-1].CreatedAt
	}
	p.Coarse = newest(levels).After(p.Last) && !slices.ContainsFunc(levels[level0], func(i ltx.FileInfo) bool { return i.MinTXID == p.to+1 })
	return nil
}

// Database restores the database into a file that must not exist. read is told
// how many of p.Bytes were read.
func (p *Plan) Database(ctx context.Context, file string, read func(bytes int)) error {
	c := &changes{vault: p.changes.vault, history: p.changes.history, read: read}
	c.take(p.changes.levels)
	r := litestream.NewReplicaWithClient(nil, c)
	opt := litestream.NewRestoreOptions()
	opt.OutputPath, opt.TXID = file, p.to
	if err := r.Restore(ctx, opt); err != nil {
		return fmt.Errorf("restore the database: %w", err)
	}
	if err := os.Chmod(file, 0o600); err != nil {
		return fmt.Errorf("restore the database: %w", err)
	}
	return nil
}

// WriteKeys restores the keys into a data directory.
func (p *Plan) WriteKeys(data string) error {
	for name, content := range p.keys {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("a key named %q: %w", name, ErrDamaged)
		}
		file := filepath.Join(data, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return fmt.Errorf("restore keys: %w", err)
		}
		if err := writeFile(file, bytes.NewReader(content)); err != nil {
			return fmt.Errorf("restore keys: %w", err)
		}
	}
	return nil
}

// WritePictures restores the pictures into a directory. each is told of every
// picture's size. They keep their times, so that a backup of the directory does
// not copy them again.
func (p *Plan) WritePictures(ctx context.Context, dir string, each func(bytes int64)) error {
	for _, c := range p.sorted() {
		object, content, err := p.changes.readCopy(ctx, c)
		if err != nil {
			return fmt.Errorf("restore picture: %w", err)
		}
		file := filepath.Join(dir, filepath.FromSlash(object))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return fmt.Errorf("restore picture: %w", err)
		}
		if err := writeFile(file, bytes.NewReader(content)); err != nil {
			return fmt.Errorf("restore picture: %w", err)
		}
		written := time.UnixMilli(c.at)
		if err := os.Chtimes(file, written, written); err != nil {
			return fmt.Errorf("restore picture: %w", err)
		}
		each(p.copies[c].size)
	}
	return nil
}

// Has returns what says whether the plan has a picture, by its object's key.
func (p *Plan) Has() func(object string) bool {
	objects := make(map[[16]byte]bool, len(p.copies))
	for c := range p.copies {
		objects[c.object] = true
	}
	return func(object string) bool { return objects[p.changes.key.copyOf(object, time.Time{}).object] }
}

// TryPictures reads at most limit of the pictures, evenly chosen, and says how
// many. It writes nothing.
func (p *Plan) TryPictures(ctx context.Context, limit int) (int, error) {
	all := p.sorted()
	step := max(1, (len(all)+limit-1)/limit)
	tried := 0
	for i := 0; i < len(all); i += step {
		if _, _, err := p.changes.readCopy(ctx, all[i]); err != nil {
			return tried, fmt.Errorf("read picture: %w", err)
		}
		tried++
	}
	return tried, nil
}

func (p *Plan) sorted() []copied {
	all := make([]copied, 0, len(p.copies))
	for c := range p.copies {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b copied) int {
		return cmp.Or(bytes.Compare(a.object[:], b.object[:]), cmp.Compare(a.at, b.at))
	})
	return all
}

// Inventory is what lies in a backup.
type Inventory struct {
	Oldest, Newest time.Time // moments between which it can be restored
	Changes        int       // files
	ChangesBytes   int64     // sealed, all of them
	Pictures       int       // copies, those of removed pictures too
	PictureBytes   int64
}

// Inventory looks at what lies in the backup.
func (a *Archive) Inventory(ctx context.Context) (Inventory, error) {
	var inv Inventory
	all, err := a.histories(ctx)
	if err != nil {
		return inv, err
	}
	for _, levels := range all {
		if from := oldest(*levels); !from.IsZero() && (inv.Oldest.IsZero() || from.Before(inv.Oldest)) {
			inv.Oldest = from
		}
		if to := newest(*levels); to.After(inv.Newest) {
			inv.Newest = to
		}
		for _, l := range levels {
			for _, i := range l {
				inv.Changes, inv.ChangesBytes = inv.Changes+1, inv.ChangesBytes+i.Size
			}
		}
	}
	copies, err := a.listCopies(ctx, picturesPrefix)
	for _, v := range copies {
		inv.Pictures, inv.PictureBytes = inv.Pictures+1, inv.PictureBytes+v.size
	}
	return inv, err
}

// Empty says whether a directory may be restored into: it does not exist, or
// nothing is in it.
func Empty(dir string) (bool, error) {
	d, err := os.Open(dir) //nolint:gosec // the operator names it
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", dir, err)
	}
	_, err = d.Readdirnames(1)
	if closing := d.Close(); closing != nil {
		return false, closing
	}
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	return false, err
}
