package attendance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/slow"
)

// PINStore keeps PINs and finds the people they belong to.
type PINStore interface {
	// EmployeesByCode returns the company's people with an employee code.
	EmployeesByCode(ctx context.Context, company, code string) ([]hajir.Employee, error)
	// PIN returns a person's PIN, or a *hajir.Error with NotFound.
	PIN(ctx context.Context, username string) (hajir.PIN, error)
}

// CheckInByPIN records that the person whom who names, by username or employee
// code, came or went, if the PIN is theirs. Whether there is such a person
// shows neither in the answer nor in the time that it takes. With a ticket, the
// PIN confirms whom the camera saw.
func (s *Service) CheckInByPIN(ctx context.Context, a Attempt, who, pin, ticket string) (Result, error) {
	r, err := s.begin(ctx, a)
	if err != nil {
		return r, err
	}
	var seen hajir.Review
	if ticket != "" {
		if seen, err = s.ticketed(ctx, a, ticket); err != nil {
			return r, err
		}
	}
	person, guessed, err := s.named(ctx, a.Company, who)
	if err != nil {
		return r, err
	}
	hash, err := s.hashOf(ctx, person)
	if err != nil {
		return r, err
	}
	kiosk := hajir.Guesses{Company: a.Company, Subject: "kiosk/" + a.By}
	try, err := s.try(ctx, guessed, kiosk)
	if err != nil {
		return r, err
	}
	matches, err := s.Secrets.Matches(ctx, hash, pin)
	if err != nil { // too busy to tell; the try counts, or a flood would be free
		return r, err
	}
	if !matches {
		return r, hajir.Errorf(hajir.WrongPIN, "the name and the PIN do not belong together; try again, or ask the administrator for a new PIN")
	}
	s.forgive(ctx, guessed, try)
	r.Employee = person
	if ticket != "" {
		return s.confirm(ctx, r, a, seen)
	}
	a.Source = hajir.SourcePIN
	if r, err = s.finish(ctx, r, a, nil); err == nil {
		s.decline(ctx, r, a)
	}
	return r, err
}

// named returns the person whom who names, empty if there is none, and whose
// failures a wrong PIN counts as. One that is not there is slowed alike, or
// else the slowing would tell who is.
func (s *Service) named(ctx context.Context, company, who string) (hajir.Employee, hajir.Guesses, error) {
	who = strings.ToLower(strings.TrimSpace(who))
	e, err := s.Store.Employee(ctx, who)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return e, hajir.Guesses{}, fmt.Errorf("load employee: %w", err)
	}
	if (err != nil || e.Company != company) && who != "" {
		found, err := s.Store.EmployeesByCode(ctx, company, who)
		if err != nil {
			return e, hajir.Guesses{}, fmt.Errorf("find employee: %w", err)
		}
		e = hajir.Employee{}
		if len(found) == 1 {
			e = found[0]
		}
	}
	if e.Username == "" || e.Company != company {
		// Hashed, for somebody may have typed their PIN here.
		hash := sha256.Sum256([]byte(who))
		return hajir.Employee{}, hajir.Guesses{Company: company, Subject: "nobody/" + hex.EncodeToString(hash[:])}, nil
	}
	return e, hajir.GuessesOf(e), nil
}

// hashOf returns the hash of a person's PIN; "" for one who may not use any.
func (s *Service) hashOf(ctx context.Context, e hajir.Employee) (string, error) {
	p, err := s.Store.PIN(ctx, e.Username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return "", fmt.Errorf("load PIN: %w", err)
	}
	if !e.Attends() || p.Company != e.Company {
		return "", nil
	}
	return p.Hash, nil
}

// try counts a try against the person and the kiosk, and returns the kiosk's,
// or refuses when either still has to wait.
func (s *Service) try(ctx context.Context, person, kiosk hajir.Guesses) (slow.Try, error) {
	// First both waits, so that a try that one refuses costs the other nothing.
	ofPerson, err := s.Guard.Wait(ctx, hajir.SlowPerson, person)
	if err != nil {
		return slow.Try{}, err
	}
	ofKiosk, err := s.Guard.Wait(ctx, hajir.SlowKiosk, kiosk)
	if err != nil {
		return slow.Try{}, err
	}
	if wait := max(ofPerson, ofKiosk); wait > 0 {
		return slow.Try{}, hajir.TooMany(wait)
	}
	if _, err := s.Guard.Begin(ctx, hajir.SlowPerson, person); err != nil {
		return slow.Try{}, err
	}
	return s.Guard.Begin(ctx, hajir.SlowKiosk, kiosk)
}

// forgive takes back what try counted: all of the person's failures, but of the
// kiosk's this one alone, or else whoever knows one PIN could guess others
// without end. That it fails slows somebody, so it is logged only.
func (s *Service) forgive(ctx context.Context, person hajir.Guesses, kiosk slow.Try) {
	ctx = context.WithoutCancel(ctx)
	err := errors.Join(s.Guard.Clear(ctx, person), s.Guard.Undo(ctx, kiosk))
	if err != nil {
		s.Log.WarnContext(ctx, "a PIN that was right stays counted as wrong", "error", err)
	}
}
