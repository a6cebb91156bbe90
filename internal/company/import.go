package company

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

// ImportStore keeps which files were imported.
type ImportStore interface {
	// Imports returns at most limit of a company's imports, the newest first.
	Imports(ctx context.Context, company string, limit int) ([]hajir.Import, error)
	SaveImport(ctx context.Context, i hajir.Import) error
}

// ImportFile is a file that is imported. The kinds are in import_kind.go, and
// what each does in a file of its own.
type ImportFile struct {
	Company string
	Kind    hajir.ImportKind
	Name    string // as the client calls it
	Content []byte
	By      string      // the account that brings it
	Order   sheet.Order // of day and month in its dates
	Zone    string      // of the clock of a device; "" is the company's
	DryRun  bool        // only say what would become of each line
}

// bringing is an import at work. Its kind's plan reads all lines and makes jobs
// of those that can be taken; then one job after the other is done.
type bringing struct {
	*Service
	ImportFile
	company hajir.Company
	file    *sheet.Sheet
	people  people
	lines   []sheet.LineReport
	jobs    []job
}

// job is about some lines that are done together: those of one person, or of
// one record. do says what becomes of them, and does it unless it is a dry run.
// A *hajir.Error refuses all of them.
type job struct {
	lines []int // indices of bringing.lines
	do    func(ctx context.Context) error
}

// Import brings a file in, or says what would become of its lines. A file that
// cannot be read is refused whole, before anything is done; a line is refused
// alone. Broken off, the same file again does the rest. One file of a company
// is imported at a time.
func (s *Service) Import(ctx context.Context, f ImportFile) (sheet.FileReport, error) {
	kind, ok := importKinds[f.Kind]
	if !ok {
		return sheet.FileReport{}, hajir.Errorf(hajir.NotFound, "there is no such import")
	}
	if f.Name == "" {
		f.Name = string(f.Kind) + ".csv"
	}
	if err := hajir.ValidateFileName(f.Name); err != nil {
		return sheet.FileReport{}, err
	}
	if _, busy := s.importing.LoadOrStore(f.Company, true); busy {
		return sheet.FileReport{}, hajir.Errorf(hajir.Conflict, "another file is being imported at this moment; wait until that has ended")
	}
	defer s.importing.Delete(f.Company)
	// Once begun it is seen through, whether or not the client waits.
	ctx = context.WithoutCancel(ctx)
	b := &bringing{Service: s, ImportFile: f}
	var err error
	if b.company, err = s.Store.Company(ctx, f.Company); err != nil {
		return sheet.FileReport{}, fmt.Errorf("load company: %w", err)
	}
	if b.file, err = kind.layout.Read(bytes.NewReader(f.Content)); err != nil {
		return sheet.FileReport{}, err
	}
	if b.people, err = s.knownPeople(ctx, f.Company); err != nil {
		return sheet.FileReport{}, err
	}
	if err := kind.plan(b, ctx); err != nil {
		return sheet.FileReport{}, err
	}
	if f.DryRun {
		err = b.work(ctx, func(int) error { return nil })
	} else {
		err = b.record(ctx)
	}
	return sheet.Tell(f.DryRun, b.file.Ignored, b.lines), err
}

// work does the jobs, and tells done how many lines are done with.
func (b *bringing) work(ctx context.Context, done func(lines int) error) error {
	waiting := 0
	for _, j := range b.jobs {
		waiting += len(j.lines)
	}
	n := len(b.lines) - waiting // refused by plan, or the same
	for _, j := range b.jobs {
		if err := j.do(ctx); err != nil {
			for _, i := range j.lines {
				if !b.lines[i].Refuse(err) {
					return fmt.Errorf("line %d: %w", b.lines[i].Line, err)
				}
			}
		}
		n += len(j.lines)
		if err := done(n); err != nil {
			return err
		}
	}
	return nil
}

// tellEvery is how often an import at work says how far it is.
const tellEvery = time.Second

// record does the jobs and keeps a record of it.
func (b *bringing) record(ctx context.Context) error {
	now := b.Now().UTC()
	id, err := uuid.NewV7() // which begins with the time
	if err != nil {
		return fmt.Errorf("make an ID: %w", err)
	}
	hash := sha256.Sum256(b.Content)
	i := hajir.Import{
		ID: id.String(), Company: b.Company, Kind: b.Kind, File: b.Name, SHA256: hex.EncodeToString(hash[:]), By: b.By,
		Lines: len(b.lines), BegunAt: now, SeenAt: now,
	}
	save := func() error {
		if err := b.Store.SaveImport(ctx, i); err != nil {
			return fmt.Errorf("save import: %w", err)
		}
		i.Version++
		return nil
	}
	if err := save(); err != nil {
		return err
	}
	workErr := b.work(ctx, func(lines int) error {
		i.Done = lines
		if now := b.Now().UTC(); now.Sub(i.SeenAt) >= tellEvery {
			i.SeenAt = now
			return save()
		}
		return nil
	})
	told := sheet.Tell(false, nil, b.lines)
	i.New, i.Changed, i.Same, i.Refused = told.New, told.Changed, told.Same, told.Refused
	i.SeenAt, i.Failed = b.Now().UTC(), workErr != nil
	if i.EndedAt = i.SeenAt; workErr != nil {
		if err := save(); err != nil {
			b.Log.WarnContext(ctx, "a failed import is not told of", "import", i.ID, "error", err)
		}
		return workErr
	}
	return save()
}

// Imports returns the newest of a company's imports.
func (s *Service) Imports(ctx context.Context, company string, limit int) ([]hajir.Import, error) {
	all, err := s.Store.Imports(ctx, company, limit)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return all, nil
}

// each has read look at every line that can be read, and refuses those for which
// it returns an error. One that is not the line's fault ends it, and so does a
// date that can be two: what it is decides about the whole file.
func (b *bringing) each(read func(i int, line sheet.Line) error) error {
	for line, err := range b.file.Lines() {
		if err != nil {
			return err
		}
		i, ok := b.take(line)
		if !ok {
			continue
		}
		err := read(i, line)
		if sheet.Ambiguous(err) {
			return err
		}
		if err != nil && !b.lines[i].Refuse(err) {
			return fmt.Errorf("line %d: %w", line.Number, err)
		}
	}
	return nil
}

// addJobs makes a job of each person's lines, which index finds, in order.
func addJobs[T any](
	b *bringing, byPerson map[string][]T, index func(T) int, order func(x, y T) int, do func(context.Context, hajir.Employee, []T) error,
) {
	for _, username := range slices.Sorted(maps.Keys(byPerson)) {
		all := byPerson[username]
		slices.SortStableFunc(all, order)
		lines := make([]int, len(all))
		for n, x := range all {
			lines[n] = index(x)
		}
		b.jobs = append(b.jobs, job{lines: lines, do: func(ctx context.Context) error {
			return do(ctx, b.people.byName[username], all)
		}})
	}
}

// take adds a line's result, and returns its index. A line that cannot be read
// is refused already.
func (b *bringing) take(line sheet.Line) (int, bool) {
	r := sheet.LineReport{Line: line.Number, Name: line.Get("name")}
	if r.Name == "" {
		r.Name = line.Get("code")
	}
	b.lines = append(b.lines, r)
	i := len(b.lines) - 1
	if line.Err != nil {
		b.refuse(i, line.Err)
	}
	return i, line.Err == nil
}

// refuse refuses a line that was looked at alone, and so for its own fault.
func (b *bringing) refuse(i int, err error) { b.lines[i].Refuse(err) }

func (b *bringing) set(i int, o sheet.Outcome, detail string) {
	b.lines[i].Outcome, b.lines[i].Detail = o, detail
	b.lines[i].Code, b.lines[i].Problem = "", ""
}

// person finds whom a line is about, by their username or employee code.
func (b *bringing) person(i int, line sheet.Line) (hajir.Employee, error) {
	e, err := b.people.find(line.Get("username"), line.Get("code"))
	if err == nil {
		b.lines[i].Username, b.lines[i].Name = e.Username, e.Name
	} else {
		b.lines[i].Username = line.Get("username")
	}
	return e, err
}
