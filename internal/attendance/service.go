// Package attendance is InternAttendance: a picture comes in, a face is found
// and matched, and the day's record is written. Read service.go first; http.go
// declares its operations, pin.go is the way in without a face, and limits.go
// holds a kiosk to its place.
package attendance

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
	"hajir/internal/slow"
)

// Store keeps what a punch needs. Loading what is not there returns a
// *hajir.Error with NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	// Day returns a person's day, empty at Version 0 when none is stored.
	Day(ctx context.Context, name, date string) (hajir.Day, error)
	// SaveDay stores d as the successor of d.Version, durably when it returns;
	// a stale version is a *hajir.Error with Conflict.
	SaveDay(ctx context.Context, d hajir.Day) error
	// Kiosk returns what a kiosk is held to: nothing when none is stored.
	Kiosk(ctx context.Context, username string) (hajir.Kiosk, error)
	PINStore
}

// Objects keeps the pictures of punches.
type Objects interface {
	Put(ctx context.Context, key string, content []byte) error
	Delete(ctx context.Context, key string) error
	Link(ctx context.Context, key string) (string, time.Time, error)
}

// Normalizer turns a picture into upright JPEGs without metadata, one for each
// of longer: the most pixels that its longer side may have.
type Normalizer interface {
	Normalize(ctx context.Context, picture []byte, longer ...int) ([][]byte, error)
}

// Service records punches.
type Service struct {
	Store    Store
	Objects  Objects
	Faces    faces.Recognizer
	Pictures Normalizer
	Secrets  identity.Hasher
	Guard    slow.Guard // against guessing PINs
	Now      func() time.Time
	Changed  func(company, username string) // told of every punch
	Log      *slog.Logger
}

// keptSide is the longer side, in pixels, of the picture kept with a punch:
// enough for a person to judge a doubtful match.
const keptSide = 1024

// maxTries bounds how often a save is tried anew when others changed the same
// day meanwhile. Each time one of them got through, so as many punches of one
// person would have to come at once.
const maxTries = 32

// Attempt is one picture that asks to be recorded.
type Attempt struct {
	Company string
	Picture []byte
	Source  hajir.Source
	By      string // the account that sends it
	Place   string // and its name
	Key     string // idempotency key, if the client gave one
	DryRun  bool   // decide, but record nothing
	// Kiosk says that By is a device, which is held to its limits.
	Kiosk    bool
	Client   netip.Addr      // where the attempt comes from; not valid when unknown
	Position *hajir.Position // where the device says it is; nil when it does not
}

// Result says what became of an Attempt.
type Result struct {
	Employee hajir.Employee
	Company  hajir.Company
	Date     string
	Punch    hajir.Punch
	Repeated bool // the punch had been recorded before
	Recorded bool // the punch was recorded now
	Frame    faces.Frame
	// Placed says that the kiosk's position was asked for, and is right.
	Placed bool
}

// CheckIn decides whom the picture shows and records that they came or went.
// A refusal is a *hajir.Error that says why, and records nothing. Once CheckIn
// has returned without error, the punch is on the disk.
func (s *Service) CheckIn(ctx context.Context, a Attempt) (Result, error) {
	r, err := s.begin(ctx, a)
	if err != nil {
		return r, err
	}
	if r.Frame, err = s.Faces.Identify(ctx, a.Company, a.Picture); err != nil {
		return r, err
	}
	people, err := s.dropInactive(ctx, a.Company, &r.Frame)
	if err != nil {
		return r, err
	}
	model := s.Faces.Model()
	decision, err := r.Company.Match.Decide(r.Frame.Sightings(), model.Name, model.Threshold)
	if err != nil {
		return r, err
	}
	r.Employee = people[decision.Username]
	r.Punch.Decision = decision
	return s.finish(ctx, r, a)
}

// begin loads what every attempt needs, and refuses a kiosk that is not where
// it belongs.
func (s *Service) begin(ctx context.Context, a Attempt) (r Result, err error) {
	if r.Company, err = s.Store.Company(ctx, a.Company); err != nil {
		return r, fmt.Errorf("load company: %w", err)
	}
	r.Placed, err = s.admit(ctx, a)
	return r, err
}

// finish records, or says what would be recorded of, the person whom r names.
func (s *Service) finish(ctx context.Context, r Result, a Attempt) (Result, error) {
	loc, err := r.Company.Location()
	if err != nil {
		return r, err
	}
	p := &r.Punch
	p.ID, p.At, p.Source, p.By, p.Place, p.Key = uuid.NewString(), s.Now().UTC(), a.Source, a.By, a.Place, a.Key
	r.Date = hajir.DateAt(p.At, loc)
	if a.DryRun {
		return s.preview(ctx, r)
	}
	return s.record(ctx, r, a.Picture)
}

// dropInactive takes candidates out of frame who may not punch any more, so
// that they can neither be decided for nor be taken for a look-alike. It
// returns the others.
func (s *Service) dropInactive(ctx context.Context, company string, frame *faces.Frame) (map[string]hajir.Employee, error) {
	people := map[string]hajir.Employee{}
	for i, face := range frame.Faces {
		var kept []faces.Candidate
		for _, c := range face.Candidates {
			e, known := people[c.Username]
			if !known {
				var err error
				e, err = s.Store.Employee(ctx, c.Username)
				if err != nil && hajir.CodeOf(err) != hajir.NotFound {
					return nil, fmt.Errorf("load employee: %w", err)
				}
				people[c.Username] = e
			}
			if e.Attends() && e.Company == company {
				kept = append(kept, c)
			}
		}
		frame.Faces[i].Candidates = kept
	}
	return people, nil
}

// preview says what record would do.
func (s *Service) preview(ctx context.Context, r Result) (Result, error) {
	day, earlier, err := s.repeated(ctx, r)
	if err != nil {
		return r, err
	}
	if earlier != nil {
		return *earlier, nil
	}
	_, r.Punch = day.Record(r.Punch)
	return r, nil
}

// record keeps the picture first, if there is one, so that no punch ever names
// one that is not there, and then the punch.
func (s *Service) record(ctx context.Context, r Result, picture []byte) (Result, error) {
	kept := false
	for range maxTries {
		day, earlier, err := s.repeated(ctx, r)
		if err != nil {
			return r, err
		}
		if earlier != nil {
			s.dropPicture(ctx, r, kept)
			return *earlier, nil
		}
		if !kept && picture != nil {
			if err := s.keepPicture(ctx, &r, picture); err != nil {
				return r, err
			}
			kept = true
		}
		day.Company = r.Company.Username
		day, punch := day.Record(r.Punch)
		// Once begun, the save is seen through, whether or not the client waits:
		// a punch that is on the disk is acknowledged, told of, and has a picture.
		err = s.Store.SaveDay(context.WithoutCancel(ctx), day)
		if hajir.CodeOf(err) == hajir.Conflict {
			continue
		}
		if err != nil { // it may have been saved all the same, so that the picture stays
			return r, fmt.Errorf("save day: %w", err)
		}
		r.Punch, r.Recorded = punch, true
		s.Changed(r.Company.Username, r.Employee.Username)
		return r, nil
	}
	s.dropPicture(ctx, r, kept)
	return r, hajir.Errorf(hajir.Unavailable, "too many punches of this person at once; try again")
}

// repeated returns the person's day, and the result that r repeats, if any. A
// moment after midnight, or with an idempotency key, that may be yesterday's.
func (s *Service) repeated(ctx context.Context, r Result) (hajir.Day, *Result, error) {
	day, err := s.Store.Day(ctx, r.Employee.Username, r.Date)
	if err != nil {
		return day, nil, fmt.Errorf("load day: %w", err)
	}
	if p, ok := day.Recorded(r.Punch, r.Company.RepeatWindow); ok {
		return day, r.repetition(day, p), nil
	}
	loc, err := r.Company.Location()
	if err != nil {
		return day, nil, err
	}
	before := hajir.DateAt(r.Punch.At.Add(-r.Company.RepeatWindow), loc)
	if r.Punch.Key != "" {
		before = hajir.DateBefore(r.Date)
	}
	if before == r.Date {
		return day, nil, nil
	}
	yesterday, err := s.Store.Day(ctx, r.Employee.Username, before)
	if err != nil {
		return day, nil, fmt.Errorf("load day before: %w", err)
	}
	if p, ok := yesterday.Recorded(r.Punch, r.Company.RepeatWindow); ok {
		return day, r.repetition(yesterday, p), nil
	}
	return day, nil, nil
}

// repetition returns r for a punch that had been recorded on day.
func (r Result) repetition(day hajir.Day, earlier hajir.Punch) *Result {
	r.Punch, r.Date, r.Repeated = earlier, day.Date, true
	return &r
}

func (s *Service) keepPicture(ctx context.Context, r *Result, picture []byte) error {
	small, err := s.Pictures.Normalize(ctx, picture, keptSide)
	if err != nil {
		return fmt.Errorf("normalize picture: %w", err)
	}
	r.Punch.Picture = objects.PunchKey(r.Company.Username, r.Date, r.Punch.ID)
	if err := s.Objects.Put(ctx, r.Punch.Picture, small[0]); err != nil {
		return fmt.Errorf("keep picture: %w", err)
	}
	return nil
}

// dropPicture removes a picture whose punch was not recorded. That it fails
// costs space and no more, so it is logged only.
func (s *Service) dropPicture(ctx context.Context, r Result, kept bool) {
	if !kept {
		return
	}
	if err := s.Objects.Delete(context.WithoutCancel(ctx), r.Punch.Picture); err != nil {
		s.Log.WarnContext(ctx, "picture of an unrecorded punch stays", "key", r.Punch.Picture, "error", err)
	}
}
