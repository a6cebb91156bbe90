package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/superfly/ltx"
)

// keysPrefix begins the names of copies of the data's keys. They change only
// while the program is stopped, and go before the changes of the database that
// need them: a copy is named by the transaction from which on it holds.
const keysPrefix = "keys/"

var keysName = regexp.MustCompile(`^keys/(\d{13}-[0-9a-f]{8})/([0-9a-f]{16})-(\d{13})$`)

// keysCopy is one copy of the keys.
type keysCopy struct {
	history string
	from    ltx.TXID
	at      int64 // when it was made, in milliseconds
}

func (k keysCopy) name() string {
	return fmt.Sprintf("%s%s/%s-%013d", keysPrefix, k.history, k.from, k.at)
}

func parseKeys(f File) (keysCopy, bool) {
	m := keysName.FindStringSubmatch(f.Name)
	if m == nil {
		return keysCopy{}, false
	}
	from, err := ltx.ParseTXID(m[2])
	ms, _ := strconv.ParseInt(m[3], 10, 64)
	return keysCopy{history: m[1], from: from, at: ms}, err == nil
}

// listKeys returns a history's copies, the newest last.
func (v vault) listKeys(ctx context.Context, history string) ([]keysCopy, error) {
	var all []keysCopy
	err := v.files.Each(ctx, keysPrefix+history+"/", func(f File) error {
		if k, ok := parseKeys(f); ok {
			all = append(all, k)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b keysCopy) int {
		if a.from != b.from {
			return int(a.from) - int(b.from) //nolint:gosec // they count transactions
		}
		return int(a.at - b.at)
	})
	return all, atPlace(v.files, "list", err)
}

// copyKeys copies the keys, unless the newest copy is the same, and removes the
// copies that were followed by another before kept.
func (v vault) copyKeys(ctx context.Context, history string, from ltx.TXID, read func() (map[string][]byte, error), now, kept time.Time) error {
	all, err := v.listKeys(ctx, history)
	if err != nil {
		return err
	}
	keys, err := read()
	if err != nil {
		return err
	}
	want, err := json.Marshal(keys)
	if err != nil {
		return fmt.Errorf("encode keys: %w", err)
	}
	if len(all) > 0 {
		have, err := v.read(ctx, all[len(all)-1].name())
		if err != nil {
			return err
		}
		if bytes.Equal(have, want) {
			return v.dropKeys(ctx, all, kept)
		}
	}
	if err := v.put(ctx, keysCopy{history, from, now.UnixMilli()}.name(), bytes.NewReader(want)); err != nil {
		return err
	}
	return v.dropKeys(ctx, all, kept)
}

func (v vault) dropKeys(ctx context.Context, all []keysCopy, kept time.Time) error {
	for i := range len(all) - 1 {
		if time.UnixMilli(all[i+1].at).Before(kept) {
			if err := v.files.Delete(ctx, all[i].name()); err != nil {
				return atPlace(v.files, "clear", err)
			}
		}
	}
	return nil
}

// readKeys returns the keys that hold at a transaction of a history.
func (v vault) readKeys(ctx context.Context, history string, at ltx.TXID) (map[string][]byte, error) {
	all, err := v.listKeys(ctx, history)
	if err != nil {
		return nil, err
	}
	i := -1
	for n, k := range all {
		if k.from <= at {
			i = n
		}
	}
	if i < 0 {
		return nil, fmt.Errorf("the backup has no keys for this moment: %w", fs.ErrNotExist)
	}
	b, err := v.read(ctx, all[i].name())
	if err != nil {
		return nil, err
	}
	var keys map[string][]byte
	if err := json.Unmarshal(b, &keys); err != nil {
		return nil, fmt.Errorf("%s: %w", all[i].name(), ErrDamaged)
	}
	return keys, nil
}

// ReadKeys returns what of a data directory opens its records: the files in
// dirs and the files themselves, by their names in it. What is not there is left
// out, such as a master key that lies elsewhere.
func ReadKeys(data string, names ...string) (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, name := range names {
		err := filepath.WalkDir(filepath.Join(data, name), func(file string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil || e.IsDir():
				return err
			}
			b, err := os.ReadFile(file) //nolint:gosec // inside the data directory
			if err != nil {
				return err
			}
			within, err := filepath.Rel(data, file)
			all[filepath.ToSlash(within)] = b
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
	}
	return all, nil
}
