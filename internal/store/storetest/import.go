package storetest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// importStore is what imports need of an adapter.
type importStore interface {
	Imports(ctx context.Context, company string, limit int) ([]hajir.Import, error)
	SaveImport(ctx context.Context, i hajir.Import) error
}

func testImports(t *testing.T, s Store) {
	ctx := t.Context()
	i := hajir.Import{
		ID: "0199-a", Company: "acme", Kind: hajir.ImportDevices, File: "door.csv", SHA256: "ab12", By: "acme", Lines: 10, Done: 4,
		New: 1, Changed: 2, Same: 3, Refused: 4, BegunAt: at, SeenAt: at.Add(time.Minute), EndedAt: at.Add(time.Hour), Failed: true,
	}
	testSaves(t, "import", func(v int) error { x := i; x.Version = v; return s.SaveImport(ctx, x) })
	i.Version = 3
	for n := range 3 {
		must(t, s.SaveImport(ctx, hajir.Import{ID: fmt.Sprintf("0199-%c", 'b'+n), Company: "acme", Kind: hajir.ImportLeave, BegunAt: at, SeenAt: at}))
	}
	must(t, s.SaveImport(ctx, hajir.Import{ID: "0199-z", Company: "other", BegunAt: at, SeenAt: at}))
	all, err := s.Imports(ctx, "acme", 10)
	must(t, err)
	var ids []string
	for _, x := range all {
		ids = append(ids, x.ID)
	}
	if got := fmt.Sprint(ids); got != "[0199-d 0199-c 0199-b 0199-a]" {
		t.Fatalf("listed %s", got)
	}
	same(t, i, all[3])
	few, err := s.Imports(ctx, "acme", 2)
	must(t, err)
	if len(few) != 2 || few[0].ID != "0199-d" {
		t.Errorf("two of them: %+v", few)
	}
}

func testSaveDays(t *testing.T, s Store) {
	ctx := t.Context()
	day := func(date string, version int, ids ...string) hajir.Day {
		d := hajir.Day{Name: "asha", Date: date, Company: "acme", Version: version}
		for n, id := range ids {
			d.Punches = append(d.Punches, hajir.Punch{ID: id, At: at.Add(time.Duration(n) * time.Hour), Source: hajir.SourceDevice})
		}
		return d
	}
	must(t, s.SaveDays(ctx, []hajir.Day{day("2026-02-01", 0, "a"), day("2026-02-02", 0, "b")}))
	must(t, s.SaveDays(ctx, []hajir.Day{day("2026-02-02", 1, "b", "c"), day("2026-02-03", 0, "d")}))
	// One that is stale is a conflict; those before it may be stored, and those
	// behind it are not.
	err := s.SaveDays(ctx, []hajir.Day{day("2026-02-01", 1, "a", "e"), day("2026-02-02", 1, "b"), day("2026-02-03", 1)})
	if codeOf(err) != hajir.Conflict {
		t.Errorf("%v, want a conflict", err)
	}
	for date, want := range map[string]string{"2026-02-02": "2 b c", "2026-02-03": "1 d"} {
		d, err := s.Day(ctx, "asha", date)
		must(t, err)
		ids := []string{strconv.Itoa(d.Version)}
		for _, p := range d.Punches {
			ids = append(ids, p.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", date, got, want)
		}
	}
}
