package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// changesPrefix begins the names of files that hold changes of the database, as
// litestream writes them.
const changesPrefix = "changes/"

// changesName is the name of a file of changes: history, level, first and last
// transaction, and when the last was taken from the journal, in milliseconds. So
// a listing tells what a restore to a moment needs.
var changesName = regexp.MustCompile(`^changes/(\d{13}-[0-9a-f]{8})/(\d)/([0-9a-f]{16})-([0-9a-f]{16})-(\d{13})$`)

// A level holds files that each join several of the level below. Level 0 has
// what changed in one step.
const (
	level0 = 0
	whole  = litestream.SnapshotLevel // whole databases
)

// parseChanges reads a file's name.
func parseChanges(f File) (history string, info ltx.FileInfo, ok bool) {
	m := changesName.FindStringSubmatch(f.Name)
	if m == nil {
		return "", info, false
	}
	level, _ := strconv.Atoi(m[2])
	first, errFirst := ltx.ParseTXID(m[3])
	last, errLast := ltx.ParseTXID(m[4])
	at, _ := strconv.ParseInt(m[5], 10, 64)
	return m[1], ltx.FileInfo{
		Level: level, MinTXID: first, MaxTXID: last, Size: plainSize(f.Size), CreatedAt: time.UnixMilli(at).UTC(),
	}, errFirst == nil && errLast == nil
}

// changes is one history's files of changes: litestream's ReplicaClient. Nobody
// else writes to the history, so that it is listed once.
type changes struct {
	vault
	history string
	read    func(bytes int) // is told of what a restore reads; may be nil

	mu     sync.Mutex
	listed bool
	levels [whole + 1][]ltx.FileInfo // in order
}

func (c *changes) name(i *ltx.FileInfo) string {
	return fmt.Sprintf("%s%s/%d/%s-%s-%013d", changesPrefix, c.history, i.Level, i.MinTXID, i.MaxTXID, i.CreatedAt.UnixMilli())
}

// list reads the names of all files, the first time. c.mu is held.
func (c *changes) list(ctx context.Context) error {
	if c.listed {
		return nil
	}
	var levels [whole + 1][]ltx.FileInfo
	err := c.files.Each(ctx, changesPrefix+c.history+"/", func(f File) error {
		if _, info, ok := parseChanges(f); ok {
			levels[info.Level] = append(levels[info.Level], info)
		}
		return nil
	})
	if err != nil {
		return atPlace(c.files, "list", err)
	}
	c.take(levels)
	return nil
}

func (c *changes) take(levels [whole + 1][]ltx.FileInfo) {
	for _, l := range levels {
		slices.SortFunc(l, inOrder)
	}
	c.levels, c.listed = levels, true
}

func inOrder(a, b ltx.FileInfo) int {
	return cmp.Or(cmp.Compare(a.MinTXID, b.MinTXID), cmp.Compare(a.MaxTXID, b.MaxTXID), a.CreatedAt.Compare(b.CreatedAt))
}

// all returns every level's files.
func (c *changes) all(ctx context.Context) (levels [whole + 1][]ltx.FileInfo, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err = c.list(ctx)
	for i, l := range c.levels {
		levels[i] = slices.Clone(l)
	}
	return levels, err
}

// Type names the client in litestream's log.
func (c *changes) Type() string { return "hajir" }

// Init has nothing to do.
func (c *changes) Init(context.Context) error { return nil }

// SetLogger has nothing to log.
func (c *changes) SetLogger(*slog.Logger) {}

// LTXFiles lists a level's files from a transaction on.
func (c *changes) LTXFiles(ctx context.Context, level int, from ltx.TXID, _ bool) (ltx.FileIterator, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.list(ctx); err != nil {
		return nil, err
	}
	var all []*ltx.FileInfo
	for _, i := range c.levels[level] {
		if i.MinTXID >= from {
			all = append(all, &i)
		}
	}
	return ltx.NewFileInfoSliceIterator(all), nil
}

// find returns a file by its transactions. c.mu is held.
func (c *changes) find(level int, first, last ltx.TXID) (int, bool) {
	return slices.BinarySearchFunc(c.levels[level], ltx.FileInfo{MinTXID: first, MaxTXID: last}, inOrder)
}

// OpenLTXFile opens a file at an offset; size 0 means to its end.
func (c *changes) OpenLTXFile(ctx context.Context, level int, first, last ltx.TXID, offset, size int64) (io.ReadCloser, error) {
	c.mu.Lock()
	if err := c.list(ctx); err != nil {
		c.mu.Unlock()
		return nil, err
	}
	i, _ := c.find(level, first, last)
	info := ltx.FileInfo{Level: level, MinTXID: first, MaxTXID: last}
	if l := c.levels[level]; i < len(l) && l[i].MinTXID == first && l[i].MaxTXID == last {
		info = l[i]
	}
	c.mu.Unlock()
	r, err := c.open(ctx, c.name(&info))
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, r, offset); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	var from io.Reader = r
	if size > 0 {
		from = io.LimitReader(r, size)
	}
	return &counted{r: from, Closer: r, read: c.read}, nil
}

// WriteLTXFile seals a file. Its time is in its header.
func (c *changes) WriteLTXFile(ctx context.Context, level int, first, last ltx.TXID, r io.Reader) (*ltx.FileInfo, error) {
	header, whole, err := ltx.PeekHeader(r)
	if err != nil {
		return nil, fmt.Errorf("read header of changes: %w", err)
	}
	info := ltx.FileInfo{Level: level, MinTXID: first, MaxTXID: last, CreatedAt: time.UnixMilli(header.Timestamp).UTC()}
	n := &counted{r: whole, read: func(n int) { info.Size += int64(n) }}
	if err := c.put(ctx, c.name(&info), n); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listed {
		l := c.levels[level]
		if i, there := slices.BinarySearchFunc(l, info, inOrder); !there {
			c.levels[level] = slices.Insert(l, i, info)
		}
	}
	return &info, nil
}

// DeleteLTXFiles removes files.
func (c *changes) DeleteLTXFiles(ctx context.Context, gone []*ltx.FileInfo) error {
	for _, info := range gone {
		if err := c.files.Delete(ctx, c.name(info)); err != nil {
			return atPlace(c.files, "clear", err)
		}
		c.mu.Lock()
		l := c.levels[info.Level]
		if i, there := slices.BinarySearchFunc(l, *info, inOrder); there {
			c.levels[info.Level] = slices.Delete(l, i, i+1)
		}
		c.mu.Unlock()
	}
	return nil
}

// DeleteAll is never asked for.
func (c *changes) DeleteAll(context.Context) error {
	return errors.New("a backup is not deleted by the program")
}

// counted tells how much is read.
type counted struct {
	r io.Reader
	io.Closer
	read func(int)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.read != nil {
		c.read(n)
	}
	return n, err
}
