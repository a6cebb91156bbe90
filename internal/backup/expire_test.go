package backup

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
	"pgregory.net/rapid"
)

// Whatever was joined and copied when, no moment of the window loses its way, and
// none of the time of single steps gets a shorter one.
func TestExpired(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
		kept, fine := now.Add(-35*time.Hour), now.Add(-time.Duration(rapid.IntRange(0, 35).Draw(t, "fine"))*time.Hour)
		var levels [whole + 1][]ltx.FileInfo
		add := func(level int, first, last ltx.TXID, at time.Time) {
			if first <= last {
				levels[level] = append(levels[level], ltx.FileInfo{Level: level, MinTXID: first, MaxTXID: last, CreatedAt: at, Size: 1000})
			}
		}
		at := now.Add(-80 * time.Hour)
		var id, joined, joinedTwice ltx.TXID
		var times []time.Time // of each change
		when := func(id ltx.TXID) time.Time { return times[id-1] }
		for at.Before(now) {
			at = at.Add(time.Duration(rapid.IntRange(1, 8*60).Draw(t, "minutes")) * time.Minute)
			id++
			times = append(times, at)
			add(0, id, id, at)
			switch rapid.IntRange(0, 5).Draw(t, "then") {
			case 0, 1:
				add(1, joined+1, id, when(id))
				joined = id
			case 2:
				if joinedTwice < joined {
					add(2, joinedTwice+1, joined, when(joined))
					joinedTwice = joined
				}
			case 3:
				add(whole, 1, id, at.Add(time.Second))
			}
		}
		way := func(levels [whole + 1][]ltx.FileInfo, moment time.Time) ltx.TXID {
			c := &changes{}
			for i := range levels {
				levels[i] = slices.Clone(levels[i])
			}
			c.take(levels)
			all, err := litestream.CalcRestorePlan(t.Context(), c, 0, moment, slog.New(slog.DiscardHandler))
			if err != nil {
				return 0
			}
			return all[len(all)-1].MaxTXID
		}
		left := levels
		for i := range left {
			left[i] = slices.Clone(left[i])
		}
		for _, gone := range expired(levels, kept, fine) {
			left[gone.Level] = slices.DeleteFunc(left[gone.Level], func(i ltx.FileInfo) bool { return i == *gone })
		}
		for _, moment := range times {
			moment = moment.Add(time.Minute / 2)
			was, is := way(levels, moment), way(left, moment)
			switch {
			case moment.Before(kept) || is == was:
			case !moment.Before(fine):
				t.Fatalf("at %v: the way led to %d, and now to %d", moment, was, is)
			case is == 0:
				t.Fatalf("at %v there is no way any more", moment)
			}
		}
		if last := now.Add(48 * time.Hour); way(levels, last) != way(left, last) {
			t.Fatalf("the newest state is %d, was %d", way(left, last), way(levels, last))
		}
	})
}
