package hajir_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// A file's punches come out as if they had come one by one, whatever was there
// before, and also when the program ended between two saves: those that are not
// there yet are then placed again.
func TestPlaceAllIsPlaceForEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		arrived := rapid.Permutation(l.punches).Draw(t, "order")
		before := rapid.IntRange(0, len(arrived)).Draw(t, "there before")
		got, want := store{}, store{}
		for n, p := range arrived {
			changed, _, _ := l.plan.Place(want.days(), p)
			for _, d := range changed {
				want.save(t, d)
				if n < before {
					got.save(t, d)
				}
			}
		}
		batch := arrived[before:]
		done := rapid.IntRange(0, 6).Draw(t, "saves before the program ends")
		for range 3 {
			there := map[string]bool{}
			for _, d := range got.days() {
				for _, p := range d.Punches {
					there[p.ID] = true
				}
			}
			missing := slices.DeleteFunc(slices.Clone(batch), func(p hajir.Punch) bool { return there[p.ID] })
			days := got.days()
			if len(missing) > 0 {
				first := slices.MinFunc(missing, func(a, b hajir.Punch) int { return a.At.Compare(b.At) })
				days = got.around(l.plan.Location, first.At)
			}
			changed := l.plan.PlaceAll(days, missing)
			for _, d := range changed[:min(done, len(changed))] {
				got.save(t, d)
				got.keeps(t, arrived[:before], ids(batch)...)
			}
			done = len(batch) + len(l.punches) + 20
		}
		got.keeps(t, l.punches)
		if tidy(got).show() != want.show() {
			t.Fatalf("at once:\n%s\none by one:\n%s", got.show(), want.show())
		}
	})
}

// tidy is what readers see: a punch that was broken off while it moved is in two
// stored days, of which one counts.
func tidy(s store) store {
	out := store{}
	for _, d := range hajir.Once(s.days()) {
		out[d.Date] = d
	}
	return out
}

func ids(punches []hajir.Punch) []string {
	var all []string
	for _, p := range punches {
		all = append(all, p.ID)
	}
	return all
}
