package storetest

import (
	"context"
	"fmt"
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
