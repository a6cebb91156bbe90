// Package renewal looks once a day at how sure the camera is of everybody, and
// notes of whom new pictures are recommended. hajir.Recommend is the rule.
package renewal

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// Store has people, their faces and their days. Saving at a stale version is a
// *hajir.Error with Conflict.
type Store interface {
	Companies(ctx context.Context) ([]hajir.Company, error)
	Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error)
	SaveEmployee(ctx context.Context, e hajir.Employee) error
	KeptFaces(ctx context.Context, company string) ([]faces.Indexed, error)
	// Month returns a person's days of the month YYYY-MM.
	Month(ctx context.Context, name, month string) ([]hajir.Day, error)
}

// Service looks.
type Service struct {
	Store Store
	Now   func() time.Time

	mu   sync.Mutex
	next time.Time // when it is due again
}

// every is how often people are looked at. It reads up to five months of each,
// so that no page has to.
const every = 24 * time.Hour

// pageSize is how many people one read of the store takes.
const pageSize = 500

// RunDue looks at every company's people, if that is due.
func (s *Service) RunDue(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if now.Before(s.next) {
		return nil
	}
	companies, err := s.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("list companies: %w", err)
	}
	for _, c := range companies {
		if err := s.look(ctx, c.Username, now); err != nil {
			return fmt.Errorf("look at the scores of %s: %w", c.Username, err)
		}
	}
	s.next = now.Add(every)
	return nil
}

// look brings the recommendations of a company in line with its days.
func (s *Service) look(ctx context.Context, company string, now time.Time) error {
	kept, err := s.Store.KeptFaces(ctx, company)
	if err != nil {
		return fmt.Errorf("list faces: %w", err)
	}
	enrolled := map[string]time.Time{}
	for _, k := range kept {
		if k.IndexedAt.After(enrolled[k.Username]) {
			enrolled[k.Username] = k.IndexedAt
		}
	}
	people := map[string]hajir.Employee{}
	standing, found := map[string]hajir.Renewal{}, map[string]hajir.Renewal{}
	err = s.each(ctx, company, func(e hajir.Employee) error {
		at, has := enrolled[e.Username]
		if e.Renewal.Holds(at) {
			standing[e.Username] = e.Renewal
		}
		if e.Renewal.Reason != "" {
			people[e.Username] = e
		}
		if allowed := e.FaceAllowed() == nil; !has || !allowed {
			return nil
		}
		punches, err := s.punches(ctx, e.Username, at, now)
		if r := hajir.Recommend(punches, at, now); err == nil && r.Reason != "" {
			people[e.Username], found[e.Username] = e, r
		}
		return err
	})
	if err != nil {
		return err
	}
	wanted := hajir.Renewals(standing, found)
	for name, e := range people {
		if r := wanted[name]; r != e.Renewal {
			e.Renewal = r
			// Whoever changes the person at this moment is not kept from it: the
			// next look says the same again.
			if err := s.Store.SaveEmployee(ctx, e); err != nil && hajir.CodeOf(err) != hajir.Conflict {
				return fmt.Errorf("save what is recommended of %s: %w", name, err)
			}
		}
	}
	return nil
}

func (s *Service) each(ctx context.Context, company string, visit func(hajir.Employee) error) error {
	for after := ""; ; {
		page, err := s.Store.Employees(ctx, company, after, pageSize)
		if err != nil {
			return fmt.Errorf("list employees: %w", err)
		}
		for _, e := range page {
			if err := visit(e); err != nil {
				return err
			}
			after = e.Username
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// punches returns those of a person's that tell how the camera did at first, and
// how it does lately.
func (s *Service) punches(ctx context.Context, username string, enrolled, now time.Time) ([]hajir.Punch, error) {
	var days []hajir.Day
	for _, month := range months(enrolled, now) {
		of, err := s.Store.Month(ctx, username, month)
		if err != nil {
			return nil, fmt.Errorf("load a month of %s: %w", username, err)
		}
		days = append(days, of...)
	}
	var punches []hajir.Punch
	for _, d := range hajir.Once(days) {
		punches = append(punches, d.Punches...)
	}
	return punches, nil
}

// months are the three from enrolled on, and the last two until now, each once.
// A day's local date may be a month further than UTC's: nothing of weight hangs
// on one.
func months(enrolled, now time.Time) []string {
	of := func(t time.Time, more int) string {
		t = t.UTC()
		return hajir.MonthValue(time.Date(t.Year(), t.Month()+time.Month(more), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	list := []string{of(enrolled, 0), of(enrolled, 1), of(enrolled, 2), of(now, -1), of(now, 0)}
	list = slices.DeleteFunc(list, func(m string) bool { return m < of(enrolled, 0) || m > of(now, 0) })
	slices.Sort(list)
	return slices.Compact(list)
}
