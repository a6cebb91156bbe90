// Package backup copies the data to another place while the program runs, and
// restores it as it was at any second. Changes of the database are taken from
// SQLite's journal by litestream; pictures and keys are copied beside them, and
// all of it is sealed with a key of its own. Read Backup first; restore.go is the
// way back.
//
//	files.go      where a backup lies: directory.go, bucket.go
//	vault.go      seals what goes there, with key.go
//	changes.go    the database's changes, as litestream's ReplicaClient
//	pictures.go   copies of the pictures
//	keys.go       copies of the data keys
//	expire.go     what has had its time
//	status.go     what an operator is told
//
// What a restore of one moment needs is written in this order: keys, pictures,
// changes. So a program that is killed at any time leaves a backup whose database
// names nothing that the backup does not have.
package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
	_ "modernc.org/sqlite" // litestream's driver
)

// Config says what is copied where.
type Config struct {
	Files Files
	Key   *Key

	Database string                            // SQLite's file
	Objects  string                            // directory
	Keys     func() (map[string][]byte, error) // what opens the records, by name in the data directory
	State    string                            // directory for what Backup has to remember

	Kept time.Duration // for how long back a restore is possible
	Fine time.Duration // for how long back to the second, not longer than Kept; before, to five minutes

	// Checkpoints has SQLite's own checkpoints on or off: while litestream reads
	// the journal, it makes them.
	Checkpoints func(ctx context.Context, on bool) error

	Now func() time.Time
	Log *slog.Logger
}

// Backup copies the data of one directory. One process does at a time. Step and
// Keep are Run's; a test takes them one by one.
type Backup struct {
	Config
	history string
	changes *changes

	step     sync.Mutex // one Step at a time
	db       *litestream.DB
	began    bool // the place is ours
	copied   bool // the keys are
	maxPile  int64
	failures int // of reading the journal, one after the other

	keep    sync.Mutex // one Keep at a time
	tidied  time.Time  // when objects were reconciled
	cleaned bool

	mu      sync.Mutex
	touched map[string]time.Time // objects that were written or removed since, and when
	started time.Time            // when this process began
	safe    time.Time            // up to when everything is in the backup; zero for never
	status  Status
	saved   time.Time // when status was written
}

// Times between what is done.
const (
	stepEvery   = time.Second
	retryAtMost = time.Minute // a place that fails is tried again after a second, two, four, …
	keepEvery   = 5 * time.Minute
	tidyEvery   = time.Hour
	joinEvery   = time.Hour // files of keepEvery are joined into files of this
	stepLimit   = time.Hour // for one step: the first carries the whole database
	closeLimit  = 10 * time.Second
)

// maxPile is how many bytes of changes wait for a place that cannot be reached.
// When there are more, they are given up, and the next change begins with a copy
// of the whole database.
const maxPile = 1 << 30

// maxFailures is after how many failures to read the journal litestream begins
// anew.
const maxFailures = 5

// New prepares a backup; nothing is read or written elsewhere yet.
func New(c Config) (*Backup, error) {
	if c.Kept < 24*time.Hour || c.Fine < 0 || c.Fine > c.Kept {
		return nil, errors.New("a backup is kept for a day or more, and to the second for no longer than that")
	}
	if err := os.MkdirAll(c.State, 0o700); err != nil {
		return nil, fmt.Errorf("make directory: %w", err)
	}
	history, err := loadHistory(filepath.Join(c.State, "history"), c.Now())
	if err != nil {
		return nil, err
	}
	b := &Backup{Config: c, history: history, touched: map[string]time.Time{}, maxPile: maxPile}
	b.changes = &changes{vault: vault{c.Files, c.Key}, history: history}
	b.started = c.Now()
	b.status = readStatus(b.statusFile()) // of the drill, and how far the last run came
	if b.status.Place == c.Files.String() {
		b.safe = b.status.Safe
	}
	b.status.Place, b.status.History, b.status.Error, b.status.FailingSince = c.Files.String(), history, "", time.Time{}
	return b, nil
}

// loadHistory returns the name of the data directory's history. A restored
// directory begins another one, so that its changes do not mix with those that
// came after the moment to which it was restored.
func loadHistory(file string, now time.Time) (string, error) {
	b, err := os.ReadFile(file) //nolint:gosec // inside the data directory
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read history: %w", err)
	}
	tail := make([]byte, 4)
	_, _ = rand.Read(tail) // never fails
	history := fmt.Sprintf("%013d-%s", now.UnixMilli(), hex.EncodeToString(tail))
	if err := writeFile(file, strings.NewReader(history+"\n")); err != nil {
		return "", fmt.Errorf("write history: %w", err)
	}
	return history, nil
}

// beganAt returns when a history began.
func beganAt(history string) time.Time {
	ms, _ := strconv.ParseInt(history[:13], 10, 64)
	return time.UnixMilli(ms).UTC()
}

// Touch says that an object was written or removed. It is copied before the
// database's next changes are.
func (b *Backup) Touch(object string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.touched[object] = b.Now()
}

// Run copies until ctx ends. Whatever fails is tried again, and nobody waits for
// it.
func (b *Backup) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() {
		wait := stepEvery // at the start, there may be pictures of which there is no copy
		for b.pause(ctx, wait) {
			if b.reading() == nil {
				continue
			}
			wait = keepEvery
			if err := b.Keep(ctx, nil); err != nil && ctx.Err() == nil && b.Lag() < keepEvery {
				b.Log.WarnContext(ctx, "the backup was not tidied; it will be tried again", "error", err)
			}
		}
	})
	both.Go(func() {
		wait := stepEvery
		for ctx.Err() == nil {
			limited, done := context.WithTimeout(ctx, stepLimit)
			err := b.Step(limited)
			done()
			if err == nil {
				wait = stepEvery
				err = b.answer(ctx)
			} else {
				wait = min(2*wait, retryAtMost)
			}
			b.note(ctx, err)
			b.pause(ctx, wait)
		}
	})
	both.Wait()
}

// pause waits, and says whether to go on.
func (*Backup) pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// Step copies what has changed since the last one: the journal's end first into a
// local file, then keys, pictures and changes, in this order.
func (b *Backup) Step(ctx context.Context) error {
	b.step.Lock()
	defer b.step.Unlock()
	began := b.Now()
	if err := b.take(ctx); err != nil {
		return err
	}
	if err := b.send(ctx); err != nil {
		if pile(b.db.LTXDir()) > b.maxPile {
			err = errors.Join(err, b.giveUp(ctx))
		}
		return err
	}
	b.mu.Lock()
	b.safe = began
	b.mu.Unlock()
	return nil
}

// take has litestream copy the journal's end into a local file.
func (b *Backup) take(ctx context.Context) error {
	if !b.began { // before the journal is held, see whether the place is there
		if err := b.changes.begin(ctx); err != nil {
			return err
		}
		b.began = true
	}
	if b.db == nil {
		b.db = b.litestream()
		if err := b.db.Open(); err != nil {
			b.db = nil
			return fmt.Errorf("read the journal: %w", err)
		}
	}
	err := b.db.Sync(ctx)
	if err == nil {
		b.failures = 0
		return b.Checkpoints(ctx, false)
	}
	if _, ok := errors.AsType[*placeError](err); ok || ctx.Err() != nil {
		return err
	}
	if b.failures++; b.failures >= maxFailures {
		b.failures = 0
		err = errors.Join(err, b.giveUp(ctx))
	}
	return fmt.Errorf("read the journal: %w", err)
}

func (b *Backup) litestream() *litestream.DB {
	db := litestream.NewDB(b.Database)
	db.SetMetaPath(b.State)
	db.MonitorInterval = 0 // Step is the monitor
	db.L0Retention = 0     // Keep removes what has had its time
	db.ShutdownSyncTimeout = 0
	db.Replica = litestream.NewReplicaWithClient(db, b.changes)
	db.Replica.MonitorEnabled = false
	db.SetLogger(slog.New(quiet{b.Log.Handler()}))
	return db
}

// giveUp has litestream begin anew: it lets go of the journal, which SQLite then
// empties by itself, and forgets the changes that were not sent. The next begins
// with a copy of the whole database.
func (b *Backup) giveUp(ctx context.Context) error {
	db := b.db
	b.db, b.began = nil, false
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer done()
	_ = db.Close(ctx) // it fails to send what is given up
	return errors.Join(db.ResetLocalState(ctx), b.Checkpoints(ctx, true))
}

// pile returns how many bytes wait in a directory.
func pile(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if info, err := e.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil
	})
	return size
}

// send copies keys, pictures and changes.
func (b *Backup) send(ctx context.Context) error {
	if !b.copied {
		pos, err := b.db.Pos()
		if err != nil {
			return fmt.Errorf("read position: %w", err)
		}
		now := b.Now()
		if err := b.changes.copyKeys(ctx, b.history, pos.TXID, b.Keys, now, now.Add(-b.Kept)); err != nil {
			return err
		}
		b.copied = true
	}
	b.mu.Lock()
	touched := b.touched
	b.touched = map[string]time.Time{}
	b.mu.Unlock()
	for object, when := range touched {
		if err := b.changes.copyObject(ctx, b.Objects, object, when); err != nil {
			b.mu.Lock()
			maps.Copy(touched, b.touched)
			b.touched = touched
			b.mu.Unlock()
			return err
		}
		delete(touched, object)
	}
	return b.db.Replica.Sync(ctx)
}

// Keep joins files of changes, copies the whole database from time to time, and
// removes what has had its time. visit, which may be nil, is told of every
// picture that was looked at.
func (b *Backup) Keep(ctx context.Context, visit func()) error {
	b.keep.Lock()
	defer b.keep.Unlock()
	db := b.reading()
	if db == nil {
		return nil // there is no place at the moment
	}
	now := b.Now()
	if visit != nil || now.Sub(b.tidied) >= tidyEvery {
		if visit == nil {
			visit = func() {}
		}
		count, size, err := b.changes.reconcile(ctx, b.Objects, now, now.Add(-b.Kept), visit)
		if err != nil {
			return err
		}
		if err := b.dropHistories(ctx, now.Add(-b.Kept)); err != nil {
			return err
		}
		b.mu.Lock()
		b.status.Pictures, b.status.PictureBytes = count, size
		b.mu.Unlock()
		b.tidied = now
	}
	if d, ok := b.Files.(directory); ok && !b.cleaned {
		if err := d.Clean(ctx, now); err != nil {
			return atPlace(d, "clear", err)
		}
		b.cleaned = true
	}
	if err := b.join(ctx, db, now); err != nil {
		return err
	}
	levels, err := b.changes.all(ctx)
	if err != nil {
		return err
	}
	if err := b.changes.DeleteLTXFiles(ctx, expired(levels, now.Add(-b.Kept), now.Add(-b.Fine))); err != nil {
		return err
	}
	return b.forgetSent(db, levels)
}

// reading returns what reads the journal; nil while nothing does.
func (b *Backup) reading() *litestream.DB {
	b.step.Lock()
	defer b.step.Unlock()
	return b.db
}

// join joins single steps into a file, those of an hour into another, and copies
// the whole database when the last copy is old.
func (b *Backup) join(ctx context.Context, db *litestream.DB, now time.Time) error {
	for level, every := range map[int]time.Duration{1: 0, 2: joinEvery} {
		last, err := db.MaxLTXFileInfo(ctx, level)
		if err != nil {
			return fmt.Errorf("look at joined changes: %w", err)
		}
		if now.Sub(last.CreatedAt) < every {
			continue
		}
		if _, err := db.Compact(ctx, level); err != nil && !errors.Is(err, litestream.ErrNoCompaction) {
			return fmt.Errorf("join changes: %w", err)
		}
	}
	last, err := db.MaxLTXFileInfo(ctx, whole)
	if err != nil {
		return fmt.Errorf("look at copies of the database: %w", err)
	}
	from := last.CreatedAt
	if last.MaxTXID == 0 { // the first change is a copy of it, too
		from = beganAt(b.history)
	}
	pos, err := db.Pos()
	if err != nil {
		return fmt.Errorf("read position: %w", err)
	}
	if now.Sub(from) < b.wholeEvery() || pos.TXID <= last.MaxTXID {
		return nil
	}
	if _, err := db.Snapshot(ctx); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return nil
}

// wholeEvery is how often the whole database is copied. What was erased leaves
// the backup after Kept and this.
func (b *Backup) wholeEvery() time.Duration { return WholeEvery(b.Kept) }

// WholeEvery returns how often the whole database is copied when a backup is
// kept for a time: a week for the usual 35 days.
func WholeEvery(kept time.Duration) time.Duration { return max(24*time.Hour, kept/5) }

// forgetSent removes local copies of changes that were sent and joined. They are
// in clear. litestream needs the last.
func (b *Backup) forgetSent(db *litestream.DB, levels [whole + 1][]ltx.FileInfo) error {
	var joined ltx.TXID
	for _, i := range levels[1] {
		joined = max(joined, i.MaxTXID)
	}
	_, last, err := db.MaxLTX()
	if err != nil {
		return fmt.Errorf("list local changes: %w", err)
	}
	files, err := os.ReadDir(db.LTXLevelDir(level0))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list local changes: %w", err)
	}
	for _, f := range files {
		_, id, err := ltx.ParseFilename(f.Name())
		if err != nil || id > joined || id >= last {
			continue
		}
		if err := os.Remove(filepath.Join(db.LTXLevelDir(level0), f.Name())); err != nil {
			return fmt.Errorf("remove local changes: %w", err)
		}
	}
	return nil
}

// dropHistories removes other histories that ended before kept.
func (b *Backup) dropHistories(ctx context.Context, kept time.Time) error {
	all, err := b.changes.histories(ctx)
	if err != nil {
		return err
	}
	for history, levels := range all {
		if history == b.history || !newest(*levels).Before(kept) {
			continue
		}
		old := &changes{vault: b.changes.vault, history: history}
		for _, l := range levels {
			for _, i := range l {
				if err := old.DeleteLTXFiles(ctx, []*ltx.FileInfo{&i}); err != nil {
					return err
				}
			}
		}
		keys, err := b.changes.listKeys(ctx, history)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if err := b.Files.Delete(ctx, k.name()); err != nil {
				return atPlace(b.Files, "clear", err)
			}
		}
	}
	return nil
}

// Scrub empties the journal, in which deleted values may still stand. It costs a
// copy of the whole database in the backup.
func (b *Backup) Scrub(ctx context.Context) error {
	b.step.Lock()
	defer b.step.Unlock()
	if b.db == nil {
		return nil // SQLite's own checkpoints are on
	}
	if err := b.db.Checkpoint(ctx, litestream.CheckpointModeTruncate); err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	return nil
}

// Close copies what is left, if the place answers soon, and lets go of the
// journal. The database must be closed by everybody else of this process before.
func (b *Backup) Close(ctx context.Context) error {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer done()
	b.Checkpoints = func(context.Context, bool) error { return nil }
	err := b.Step(ctx)
	b.note(ctx, err)
	b.step.Lock()
	defer b.step.Unlock()
	if b.db == nil {
		return nil
	}
	// What could not be sent stays in a local file for the next start.
	if closing := b.db.Close(ctx); closing != nil && err == nil {
		return fmt.Errorf("end the backup: %w", closing)
	}
	return nil
}

// quiet lets warnings of litestream through.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError && q.Handler.Enabled(ctx, l)
}

func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }

func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
