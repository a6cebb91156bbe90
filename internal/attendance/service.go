// Package attendance is InternAttendance: a picture comes in, a face is found
// and matched, and the day's record is written. Read service.go first; http.go
// declares its operations, moment.go is how several people and pictures are
// recorded, refusal.go keeps what was refused, pin.go is the way in without a
// face, ticket.go confirms by PIN whom the camera could not tell apart,
// challenge.go has people move to show that they are there, limits.go holds a
// kiosk to its place, and own.go records who says by themselves that they come or
// go.
package attendance

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"github.com/google/uuid"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
	"hajir/internal/roster"
	"hajir/internal/slow"
)

// Store keeps what a punch needs. Loading what is not there returns a
// *hajir.Error with NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	// Kiosk returns what a kiosk is held to: nothing when none is stored.
	Kiosk(ctx context.Context, username string) (hajir.Kiosk, error)
	PINStore
	ReviewStore
}

// Objects keeps the pictures of punches.
type Objects interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, key string, content []byte) error
	Delete(ctx context.Context, key string) error
	Link(ctx context.Context, key, person string, viewer identity.Principal) (string, time.Time, error)
}

// Normalizer turns a picture into upright JPEGs without metadata, one for each
// of longer: the most pixels that its longer side may have.
type Normalizer interface {
	Normalize(ctx context.Context, picture []byte, longer ...int) ([][]byte, error)
	// Crop does so with a part of the picture, given as shares of its sides.
	Crop(ctx context.Context, picture []byte, left, top, width, height float64, longer int) ([]byte, error)
}

// Service records punches.
type Service struct {
	Store    Store
	Book     roster.Book // says to which day a punch belongs
	Objects  Objects
	Faces    faces.Recognizer
	Pictures Normalizer
	Secrets  identity.Hasher
	Guard    slow.Guard // against guessing PINs
	Now      func() time.Time
	Changed  func(company, username string) // told of every punch
	// Count, if set, is told what became of whoever came, and why: how a punch was
	// made, or the code of a refusal.
	Count func(outcome, why string)
	Log   *slog.Logger
}

// keptSide is the longer side, in pixels, of the picture kept with a punch:
// enough for a person to judge a doubtful match.
const keptSide = 1024

// maxTries bounds how often a save is tried anew when others changed the same
// day meanwhile. Each time one of them got through, so as many punches of one
// person would have to come at once.
const maxTries = 32

// Attempt is one moment that asks to be recorded.
type Attempt struct {
	Company  string
	Pictures [][]byte // of the moment, at most hajir.MaxFrames; none with a PIN
	Source   hajir.Source
	By       string // the account that sends it
	Place    string // and its name
	Key      string // idempotency key, if the client gave one
	Session  string // the sign-in that it comes with
	DryRun   bool   // decide, but record nothing
	// Present are the usernames of people of whom nothing is recorded, since they
	// were a moment ago, and still stand there.
	Present []string
	Claim   hajir.Claim
	// Kiosk says that By is a device, which is held to its limits.
	Kiosk    bool
	Client   netip.Addr      // where the attempt comes from; not valid when unknown
	Position *hajir.Position // where the device says it is; nil when it does not
}

// Result says what became of one person of an Attempt.
type Result struct {
	Employee hajir.Employee
	Company  hajir.Company
	Date     string
	Punch    hajir.Punch
	Repeated bool // the punch had been recorded before
	Recorded bool // the punch was recorded now
	// Placed says that the kiosk's position was asked for, and is right.
	Placed bool
	group  bool            // the kiosk records several people at a time
	want   hajir.Direction // what alone is recorded; "" is either
}

// begin loads what every attempt needs, and refuses a kiosk that is not where
// it belongs.
func (s *Service) begin(ctx context.Context, a Attempt) (r Result, err error) {
	if r.Company, err = s.Store.Company(ctx, a.Company); err != nil {
		return r, fmt.Errorf("load company: %w", err)
	}
	k, err := s.admit(ctx, a)
	r.Placed, r.group = k.Fence != nil, k.Group()
	return r, err
}

// kept makes the JPEG that is kept with a punch.
type kept func(ctx context.Context) ([]byte, error)

// finish records, or says what would be recorded of, the person whom r names.
// Without picture none is kept.
func (s *Service) finish(ctx context.Context, r Result, a Attempt, picture kept) (Result, error) {
	p := &r.Punch
	p.ID, p.Source, p.By, p.Place, p.Key = uuid.NewString(), a.Source, a.By, a.Place, a.Key
	var err error
	if r.Punch, err = p.Stamp(s.Now(), a.Claim, r.Company.QueueBound); err != nil {
		return r, err
	}
	around, err := s.Book.Around(ctx, r.Company, r.Employee, r.Punch.At)
	if err != nil {
		return r, err
	}
	if a.DryRun {
		return s.preview(ctx, r, around)
	}
	return s.record(ctx, r, around, picture)
}

// preview says what record would do.
func (s *Service) preview(ctx context.Context, r Result, around *roster.Around) (Result, error) {
	days, err := around.Days(ctx)
	if err != nil {
		return r, err
	}
	if earlier := r.repetition(days); earlier != nil {
		return *earlier, nil
	}
	_, r.Date, r.Punch = around.Place(days, r.Punch)
	return r, nil
}

// record keeps the picture first, if there is one, so that no punch ever names
// one that is not there, and then the punch.
func (s *Service) record(ctx context.Context, r Result, around *roster.Around, picture kept) (Result, error) {
	kept, saved := false, false
	for range maxTries {
		days, err := around.Days(ctx)
		if err != nil {
			return r, err
		}
		if earlier := r.repetition(days); earlier != nil {
			s.dropPicture(ctx, r, kept)
			return *earlier, nil
		}
		saved = saved || r.savedIn(days)
		if !kept && picture != nil {
			_, r.Date, _ = around.Place(days, r.Punch)
			if err := s.keepPicture(ctx, &r, picture); err != nil {
				return r, err
			}
			kept = true
		}
		changed, date, punch := around.Place(days, r.Punch)
		if err := r.wanted(punch); err != nil {
			return r, err
		}
		// Once begun, the save is seen through, whether or not the client waits:
		// a punch that is on the disk is acknowledged, told of, and has a picture.
		err = around.Save(ctx, changed)
		if hajir.CodeOf(err) == hajir.Conflict {
			continue
		}
		if err != nil { // it may have been saved all the same, so that the picture stays
			return r, err
		}
		r.Punch, r.Date, r.Recorded = punch, date, true
		s.count(Recorded, string(punch.Source))
		s.Changed(r.Company.Username, r.Employee.Username)
		return r, nil
	}
	s.dropPicture(ctx, r, kept && !saved)
	return r, hajir.Errorf(hajir.Unavailable, "too many punches of this person at once; try again")
}

// repetition returns the result that r repeats, if any of days has it: a moment
// after midnight, or with an idempotency key, that may be another day's. The
// punch itself is there after a save that was broken off; it is no repetition.
func (r Result) repetition(days []hajir.Day) *Result {
	for _, d := range hajir.Once(days) {
		if p, ok := d.Recorded(r.Punch, r.Company.RepeatWindow); ok && p.ID != r.Punch.ID {
			r.Punch, r.Date, r.Repeated = p, d.Date, true
			return &r
		}
	}
	return nil
}

// savedIn says whether a save that was broken off has stored the punch.
func (r Result) savedIn(days []hajir.Day) bool {
	return slices.ContainsFunc(days, func(d hajir.Day) bool {
		return slices.ContainsFunc(d.Punches, func(p hajir.Punch) bool { return p.ID == r.Punch.ID })
	})
}

func (s *Service) keepPicture(ctx context.Context, r *Result, picture kept) error {
	small, err := picture(ctx)
	if err != nil {
		return fmt.Errorf("make picture: %w", err)
	}
	r.Punch.Picture = objects.PunchKey(r.Company.Username, r.Employee.Username, r.Date, r.Punch.ID)
	if err := s.Objects.Put(ctx, r.Punch.Picture, small); err != nil {
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
