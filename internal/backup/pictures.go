package backup

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// picturesPrefix begins the names of copies of objects: pictures, which are
// written once under a key of their own. A rotation of the data keys writes them
// anew, so that a copy is named by key and time of writing. Whose it is, only the
// holder of the backup key reads: the name has a hash, and the key lies sealed
// with the content.
//
// When an object goes, its copy stays for restores to moments at which it was
// there, and a marker beside it says since when it is gone.
const picturesPrefix = "pictures/"

const goneMark = ".gone-"

var pictureName = regexp.MustCompile(`^pictures/[0-9a-f]{2}/([0-9a-f]{32})-(\d{13})(?:\.gone-(\d{13}))?$`)

// copied is one version of an object.
type copied struct {
	object [16]byte
	at     int64 // when it was written, in milliseconds
}

func (c copied) name() string {
	h := hex.EncodeToString(c.object[:])
	return fmt.Sprintf("%s%s/%s-%013d", picturesPrefix, h[:2], h, c.at)
}

func (k *Key) copyOf(object string, at time.Time) copied {
	c := copied{at: at.UnixMilli()}
	_, _ = hex.Decode(c.object[:], []byte(k.hash(object))) // it is hexadecimal
	return c
}

// version is what a listing tells of a copy.
type version struct {
	size int64     // sealed
	held bool      // there is a copy, and not just a marker of one
	gone time.Time // zero while the object is there
}

// listCopies lists the copies whose names begin with prefix.
func (v vault) listCopies(ctx context.Context, prefix string) (map[copied]version, error) {
	all := map[copied]version{}
	err := v.files.Each(ctx, prefix, func(f File) error {
		m := pictureName.FindStringSubmatch(f.Name)
		if m == nil {
			return nil
		}
		var c copied
		_, _ = hex.Decode(c.object[:], []byte(m[1]))
		c.at, _ = strconv.ParseInt(m[2], 10, 64)
		seen := all[c]
		if m[3] == "" {
			seen.size, seen.held = f.Size, true
		} else if ms, _ := strconv.ParseInt(m[3], 10, 64); seen.gone.IsZero() || ms < seen.gone.UnixMilli() {
			seen.gone = time.UnixMilli(ms).UTC()
		}
		all[c] = seen
		return nil
	})
	for c, seen := range all {
		if !seen.held {
			delete(all, c)
		}
	}
	return all, atPlace(v.files, "list", err)
}

// copyObject copies what is stored under an object's key in dir. When there is
// nothing any more, its copies are marked.
func (v vault) copyObject(ctx context.Context, dir, object string, now time.Time) error {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(object))) //nolint:gosec // a key of ours, below our directory
	if errors.Is(err, fs.ErrNotExist) {
		h := v.key.hash(object)
		all, err := v.listCopies(ctx, picturesPrefix+h[:2]+"/"+h+"-")
		if err != nil {
			return err
		}
		for c, seen := range all {
			if err := v.mark(ctx, c, seen, now); err != nil {
				return err
			}
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("open object: %w", err)
	}
	defer func() { _ = f.Close() }() // it is only read
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at object: %w", err)
	}
	return v.put(ctx, v.key.copyOf(object, info.ModTime()).name(), io.MultiReader(strings.NewReader(object+"\n"), f))
}

// mark notes that an object is gone.
func (v vault) mark(ctx context.Context, c copied, seen version, now time.Time) error {
	if !seen.gone.IsZero() {
		return nil
	}
	return v.put(ctx, fmt.Sprintf("%s%s%013d", c.name(), goneMark, now.UnixMilli()), bytes.NewReader(nil))
}

// reconcile brings the copies in line with the objects in dir: what another
// process or an older run left. Copies that are gone since before kept are
// removed. visit is told of every object that was looked at.
func (v vault) reconcile(ctx context.Context, dir string, now, kept time.Time, visit func()) (count int, size int64, err error) {
	have, err := v.listCopies(ctx, picturesPrefix)
	if err != nil {
		return 0, 0, err
	}
	err = eachObject(ctx, dir, func(object string, info fs.FileInfo) error {
		visit()
		count, size = count+1, size+info.Size()
		c := v.key.copyOf(object, info.ModTime())
		seen, there := have[c]
		delete(have, c)
		switch {
		case !there:
			return v.copyObject(ctx, dir, object, now)
		case !seen.gone.IsZero(): // it is back, with a restored directory
			return v.unmark(ctx, c, seen)
		}
		return nil
	})
	if err != nil {
		return count, size, err
	}
	for c, seen := range have {
		if err := v.mark(ctx, c, seen, now); err != nil {
			return count, size, err
		}
		if seen.gone.IsZero() || !seen.gone.Before(kept) {
			continue
		}
		if err := v.files.Delete(ctx, c.name()); err != nil {
			return count, size, atPlace(v.files, "clear", err)
		}
		if err := v.unmark(ctx, c, seen); err != nil {
			return count, size, err
		}
	}
	return count, size, nil
}

func (v vault) unmark(ctx context.Context, c copied, seen version) error {
	return atPlace(v.files, "clear", v.files.Delete(ctx, fmt.Sprintf("%s%s%013d", c.name(), goneMark, seen.gone.UnixMilli())))
}

// eachObject visits the objects in dir; none are there before the first.
func eachObject(ctx context.Context, dir string, visit func(object string, info fs.FileInfo) error) error {
	err := walk(ctx, dir, func(file string, e fs.DirEntry) error {
		if strings.HasSuffix(e.Name(), ".tmp") { // one that is being written
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		object, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(object), info)
	})
	if err != nil {
		return fmt.Errorf("walk through the objects: %w", err)
	}
	return nil
}

// readCopy returns the key and the content of a copy.
func (v vault) readCopy(ctx context.Context, c copied) (object string, content []byte, err error) {
	b, err := v.read(ctx, c.name())
	if err != nil {
		return "", nil, err
	}
	object, rest, ok := strings.Cut(string(b), "\n")
	if !ok || !filepath.IsLocal(object) || v.key.copyOf(object, time.UnixMilli(c.at)) != c {
		return "", nil, fmt.Errorf("%s: %w", c.name(), ErrDamaged)
	}
	return object, []byte(rest), nil
}

// at chooses the copies of the objects that were there at a moment: of each the
// newest version, unless it was gone by then. Nothing counts that was written
// after last, when the database changed last: it may be sealed with newer keys.
func at(all map[copied]version, moment, last time.Time) map[copied]version {
	newest := map[[16]byte]copied{}
	for c, seen := range all {
		if c.at > last.UnixMilli() || !seen.gone.IsZero() && !seen.gone.After(moment) {
			continue
		}
		if other, there := newest[c.object]; !there || other.at < c.at {
			newest[c.object] = c
		}
	}
	chosen := make(map[copied]version, len(newest))
	for _, c := range newest {
		chosen[c] = all[c]
	}
	return chosen
}
