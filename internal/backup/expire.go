package backup

import (
	"slices"
	"time"

	"github.com/superfly/ltx"
)

// expired returns the files of changes that no restore needs any more: those
// that only lead to moments before kept, and single steps before fine that a
// file of the next level holds, too. The newest step always stays: litestream
// goes on from it.
func expired(levels [whole + 1][]ltx.FileInfo, kept, fine time.Time) []*ltx.FileInfo {
	// base is the newest whole database before the window: restores begin there.
	var base *ltx.FileInfo
	for _, i := range levels[whole] {
		if i.CreatedAt.Before(kept) && (base == nil || i.MaxTXID >= base.MaxTXID) {
			base = &i
		}
	}
	// A joined file leads to its end only, so that single steps go when that is
	// too old.
	var joined ltx.TXID
	for _, i := range levels[1] {
		if i.CreatedAt.Before(fine) {
			joined = max(joined, i.MaxTXID)
		}
	}
	var gone []*ltx.FileInfo
	for level, files := range levels {
		for n, i := range files {
			before := base != nil && i.MaxTXID <= base.MaxTXID
			switch {
			case level == whole:
				before = before && i != *base
			case level == level0 && n == len(files)-1:
				before = false
			case level == level0 && i.MaxTXID <= joined:
				before = true
			}
			if before {
				gone = append(gone, &i)
			}
		}
	}
	return gone
}

// newest returns when the last of some files was written; zero for none.
func newest(levels [whole + 1][]ltx.FileInfo) time.Time {
	var at time.Time
	for _, l := range levels {
		for _, i := range l {
			if i.CreatedAt.After(at) {
				at = i.CreatedAt
			}
		}
	}
	return at
}

// oldest returns the first moment to which a history can be restored.
func oldest(levels [whole + 1][]ltx.FileInfo) time.Time {
	var at time.Time
	begins := func(i ltx.FileInfo) bool { return i.MinTXID == 1 }
	for _, l := range levels {
		for i := range slices.Values(l) {
			if begins(i) && (at.IsZero() || i.CreatedAt.Before(at)) {
				at = i.CreatedAt
			}
		}
	}
	return at
}
