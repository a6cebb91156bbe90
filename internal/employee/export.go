package employee

import (
	"archive/zip"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hajir/internal/api"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
)

// ExportStore loads the rest of what is held about a person.
type ExportStore interface {
	// PersonDays returns at most limit of a person's days in order, beginning
	// behind the date after.
	PersonDays(ctx context.Context, name, after string, limit int) ([]hajir.Day, error)
	// PersonTemplates returns one person's templates, where this program keeps
	// them itself.
	PersonTemplates(ctx context.Context, company, username string) ([]faces.Template, error)
	// PIN and Invitation return a *hajir.Error with NotFound when there is none.
	PIN(ctx context.Context, username string) (hajir.PIN, error)
	Invitation(ctx context.Context, username string) (hajir.Invitation, error)
	Failures(ctx context.Context, company, subject string) (hajir.Guesses, error)
	// HolidayChoices returns what the people named have chosen, by username.
	HolidayChoices(ctx context.Context, usernames []string) (map[string]hajir.HolidayChoices, error)
	MailChoices(ctx context.Context, username string) (hajir.MailChoices, error)
	Feeds(ctx context.Context, username string) ([]hajir.Feed, error)
	// PersonReviews returns at most limit of the reviews of a person's punches, in
	// their order, beginning behind after.
	PersonReviews(ctx context.Context, company, username, after string, limit int) ([]hajir.Review, error)
	// QuestionsOf returns at most limit of what a person asked the company, the
	// newest first, beginning behind the one given; the zero question begins.
	QuestionsOf(ctx context.Context, company, username string, behind hajir.Question, limit int) ([]hajir.Question, error)
	// SlackLink returns a *hajir.Error with NotFound when there is none.
	SlackLink(ctx context.Context, username string) (hajir.SlackLink, error)
	// Record notes in the audit log that somebody downloads it all.
	Record(ctx context.Context, e hajir.Event) error
}

// everything begins the key by which the audit log names a download.
const everything = "everything/"

// Accounts tells what is held of a person's account.
type Accounts interface {
	User(ctx context.Context, username string) (identity.User, error)
	Sessions(ctx context.Context, username string) ([]identity.OpenSession, error)
	TwoFactor(ctx context.Context, username string) (identity.TwoFactor, error)
}

//go:embed export.txt
var exportReadme string

// exportPage is how many days are in memory at once.
const exportPage = 100

// Export writes everything that is held about a person to w as a ZIP file:
// days page by page and pictures one by one, so that it takes as little memory
// for a person of many years as for one of a day.
func (s *Service) Export(ctx context.Context, company, username string, w io.Writer) error {
	head, err := s.gather(ctx, company, username)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	if err := s.put(z, "README.txt", zip.Deflate, func(w io.Writer) error {
		_, err := io.WriteString(w, exportReadme)
		return err
	}); err != nil {
		return err
	}
	var named []string // pictures that punches name elsewhere than below the person
	daily := objects.PersonDaily(company, username)
	if err := s.put(z, "data.json", zip.Deflate, func(w io.Writer) error {
		return s.writeData(ctx, w, head, username, func(p hajir.Punch) {
			if p.Picture != "" && !strings.HasPrefix(p.Picture, daily) {
				named = append(named, p.Picture)
			}
		})
	}); err != nil {
		return err
	}
	for _, from := range []struct{ folder, prefix string }{
		{"enrolment", objects.PersonFaces(company, username)}, {"daily", daily}, {"profile", objects.ProfilePrefix(company, username)},
	} {
		err := s.Objects.Each(ctx, from.prefix, func(key string) error {
			return s.putPicture(ctx, z, "pictures/"+from.folder+"/"+strings.TrimPrefix(key, from.prefix), key)
		})
		if err != nil {
			return err
		}
	}
	for _, key := range named {
		if err := s.putPicture(ctx, z, exportedName(company, username, key), key); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}

// exportedName returns where in the archive a punch's picture is.
func exportedName(company, username, key string) string {
	name, ok := strings.CutPrefix(key, objects.PersonDaily(company, username))
	if !ok {
		name = strings.TrimPrefix(key, objects.PunchPrefix(company))
	}
	return "pictures/daily/" + name
}

// put adds one file to z.
func (s *Service) put(z *zip.Writer, name string, method uint16, write func(io.Writer) error) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: s.Now().UTC()})
	if err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	if err := write(f); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// putPicture adds one picture. One that was erased since it was listed is left
// out.
func (s *Service) putPicture(ctx context.Context, z *zip.Writer, name, key string) error {
	b, err := s.Objects.Get(ctx, key)
	if hajir.CodeOf(err) == hajir.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load picture: %w", err)
	}
	return s.put(z, name, zip.Store, func(w io.Writer) error { // a JPEG does not get smaller
		_, err := w.Write(b)
		return err
	})
}

// writeData writes head with the days of the person behind it, as one JSON
// object.
func (s *Service) writeData(ctx context.Context, w io.Writer, head exportBody, username string, each func(hajir.Punch)) error {
	b, err := json.MarshalIndent(head, "", "  ")
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	b = append(b[:len(b)-len("\n}")], ",\n  \"days\": ["...)
	if _, err := w.Write(b); err != nil {
		return err
	}
	separator, after := "", ""
	for {
		page, err := s.Store.PersonDays(ctx, username, after, exportPage)
		if err != nil {
			return fmt.Errorf("list days: %w", err)
		}
		for _, d := range page {
			if d.Company != head.Company.Username {
				continue
			}
			for _, p := range slices.Concat(d.Punches, d.Rejected) {
				each(p)
			}
			for _, p := range d.Struck {
				each(p.Punch)
			}
			b, err := json.MarshalIndent(exportDay(d), "    ", "  ")
			if err != nil {
				return fmt.Errorf("encode day: %w", err)
			}
			if _, err := fmt.Fprintf(w, "%s\n    %s", separator, b); err != nil {
				return err
			}
			separator = ","
		}
		if len(page) < exportPage {
			_, err := io.WriteString(w, "\n  ]\n}\n")
			return err
		}
		after = page[len(page)-1].Date
	}
}

// gather loads all but days and pictures.
func (s *Service) gather(ctx context.Context, company, username string) (exportBody, error) {
	v, err := s.Consent(ctx, company, username)
	if err != nil {
		return exportBody{}, err
	}
	account, err := s.account(ctx, username)
	if err != nil {
		return exportBody{}, err
	}
	pin, err := s.Store.PIN(ctx, username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return exportBody{}, fmt.Errorf("load PIN: %w", err)
	}
	guesses, err := s.Store.Failures(ctx, company, hajir.GuessesOf(v.Employee).Subject)
	if err != nil {
		return exportBody{}, fmt.Errorf("load failures: %w", err)
	}
	enrolled, err := s.enrolled(ctx, company, username)
	if err != nil {
		return exportBody{}, err
	}
	invitation, err := s.Store.Invitation(ctx, username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return exportBody{}, fmt.Errorf("load invitation: %w", err)
	}
	consent, err := describeConsent(v)
	if err != nil {
		return exportBody{}, err
	}
	asked, err := s.asked(ctx, company, username)
	if err != nil {
		return exportBody{}, err
	}
	corrections, err := s.Corrections.Between(ctx, username, "0000-01-01", "9999-12-31")
	if err != nil {
		return exportBody{}, err
	}
	linked, err := s.exportSlack(ctx, company, username)
	if err != nil {
		return exportBody{}, err
	}
	out := exportBody{
		Slack:       linked,
		Questions:   asked,
		Corrections: exportCorrections(corrections, company),
		Format:      "hajir-export-1", MadeAt: s.Now().UTC(), Company: exportCompany{Username: v.Company.Username, Name: v.Company.Name, TimeZone: v.Company.TimeZone},
		Profile: exportPerson(v.Employee), Account: account, Consent: consent.History, Faces: enrolled,
		Erasures: []exportErasure{}, Reviews: []exportReview{},
		PIN: exportPIN{Set: pin.Version > 0, SetAt: moment(pin.SetAt), WrongTries: guesses.Count},
	}
	if out.Calendar, err = s.holidays(ctx, username); err != nil {
		return exportBody{}, err
	}
	choices, err := s.Store.MailChoices(ctx, username)
	if err != nil {
		return exportBody{}, fmt.Errorf("load choices about mail: %w", err)
	}
	out.Profile.Mail = choices.Manners
	for after := ""; ; {
		page, err := s.Store.PersonReviews(ctx, company, username, after, exportPage)
		if err != nil {
			return exportBody{}, fmt.Errorf("list reviews: %w", err)
		}
		for _, r := range page {
			out.Reviews = append(out.Reviews, exportReviewOf(r))
		}
		if len(page) < exportPage {
			break
		}
		after = page[len(page)-1].ID
	}
	for _, x := range v.Erasures {
		out.Erasures = append(out.Erasures, exportErasureOf(x))
	}
	if invitation.Version > 0 && invitation.Company == company {
		out.Invitation = &exportInvitation{InvitedAt: invitation.CreatedAt, SentAt: invitation.SentAt, ExpiresAt: invitation.ExpiresAt, Email: invitation.Email}
	}
	return out, nil
}

func (s *Service) holidays(ctx context.Context, username string) (exportCalendar, error) {
	out := exportCalendar{Chosen: []exportHoliday{}, Links: []exportFeed{}}
	choices, err := s.Store.HolidayChoices(ctx, []string{username})
	if err != nil {
		return out, fmt.Errorf("load chosen holidays: %w", err)
	}
	for _, c := range choices[username].Chosen {
		out.Chosen = append(out.Chosen, exportHoliday{Date: c.Date, Title: c.Title, ChosenAt: c.At, ByAdmin: c.By != username})
	}
	feeds, err := s.Store.Feeds(ctx, username)
	if err != nil {
		return out, fmt.Errorf("load calendar links: %w", err)
	}
	for _, f := range feeds {
		out.Links = append(out.Links, exportFeed{Kind: f.Kind, MadeAt: f.MadeAt})
	}
	return out, nil
}

// asked returns what the person asked the company. The answers are the
// company's.
func (s *Service) asked(ctx context.Context, company, username string) ([]exportQuestion, error) {
	all := []exportQuestion{}
	var behind hajir.Question
	for {
		page, err := s.Store.QuestionsOf(ctx, company, username, behind, exportPage)
		if err != nil {
			return nil, fmt.Errorf("list questions: %w", err)
		}
		for _, q := range page {
			all = append(all, exportQuestion{ID: q.ID, At: q.At, Text: q.Text, Category: q.Category, State: q.Status()})
		}
		if len(page) < exportPage {
			return all, nil
		}
		behind = page[len(page)-1]
	}
}

func (s *Service) account(ctx context.Context, username string) (exportAccount, error) {
	u, err := s.Accounts.User(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return exportAccount{Sessions: []exportSession{}}, nil
	}
	sessions, err2 := s.Accounts.Sessions(ctx, username)
	second, err3 := s.Accounts.TwoFactor(ctx, username)
	if err := errors.Join(err, err2, err3); err != nil {
		return exportAccount{}, fmt.Errorf("load account: %w", err)
	}
	a := exportAccount{
		Role: u.Role, CreatedAt: moment(u.CreatedAt), Closed: u.Disabled, HasPassword: u.PasswordHash != "",
		TwoFactor: second.Enabled, TwoFactorSince: moment(second.Since),
		Sessions: []exportSession{},
	}
	for _, o := range sessions {
		a.Sessions = append(a.Sessions, exportSession{
			Address: o.Client.Address, Device: o.Client.Device, SignedInAt: o.CreatedAt, UsedAt: o.UsedAt, ExpiresAt: o.ExpiresAt,
		})
	}
	return a, nil
}

// enrolled returns what is kept of the person's face, in every version of the
// model, with the numbers where this program has them.
func (s *Service) enrolled(ctx context.Context, company, username string) ([]exportFace, error) {
	kept, err := s.Faces.List(ctx, company, username)
	if err != nil {
		return nil, fmt.Errorf("list faces: %w", err)
	}
	templates, err := s.Store.PersonTemplates(ctx, company, username)
	if err != nil {
		return nil, fmt.Errorf("load templates: %w", err)
	}
	all := []exportFace{}
	for _, k := range kept {
		for _, version := range k.Versions {
			f := exportFace{FaceID: k.FaceID, Model: version, EnrolledAt: k.IndexedAt}
			isIt := func(t faces.Template) bool { return t.FaceID == k.FaceID && t.Model == version }
			if i := slices.IndexFunc(templates, isIt); i >= 0 {
				f.Template = templates[i].Vector
			}
			all = append(all, f)
		}
	}
	return all, nil
}

func (s *Service) download(ctx context.Context, in *api.PersonPath) (api.File, error) {
	// What can be refused is refused before the answer begins.
	if _, _, err := s.person(ctx, in.Company, in.Username); err != nil {
		return api.File{}, err
	}
	err := s.Store.Record(ctx, hajir.Event{
		Company: in.Company, Action: hajir.ActionLook,
		Subject: hajir.Subject{Table: "objects", Key: everything + in.Company + "/" + in.Username, Person: in.Username},
	})
	if err != nil {
		return api.File{}, err
	}
	return api.File{
		Name: "hajir-" + in.Username + ".zip", ContentType: "application/zip",
		Write: func(ctx context.Context, w io.Writer) error { return s.Export(ctx, in.Company, in.Username, w) },
	}, nil
}

func (s *Service) exportSlack(ctx context.Context, company, username string) (*exportSlack, error) {
	l, err := s.Store.SlackLink(ctx, username)
	switch {
	case hajir.CodeOf(err) == hajir.NotFound:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("load link with Slack: %w", err)
	case l.Company != company:
		return nil, nil
	}
	return &exportSlack{Workspace: l.Team, Member: l.User, LinkedAt: l.LinkedAt}, nil
}
