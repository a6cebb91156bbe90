package employee

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/correction"
	"hajir/internal/events"
	"hajir/internal/hajir"
)

type monthInput struct {
	api.PersonPath
	Month string `query:"month" maxLength:"10" doc:"YYYY-MM, or bs-YYYY-MM for a month of Bikram Sambat, which lies in two Gregorian ones; the present Gregorian month when absent" example:"2026-03"`
}

type monthOutput struct{ Body monthBody }

type monthBody struct {
	Month           string    `json:"month" doc:"As it was asked for" example:"2026-03"`
	From            string    `json:"from" doc:"Its first date" example:"2026-03-01"`
	To              string    `json:"to" doc:"Its last date" example:"2026-03-31"`
	TimeZone        string    `json:"time_zone" doc:"The person's, in which the dates are" example:"Asia/Kathmandu"`
	CorrectableFrom string    `json:"correctable_from,omitempty" doc:"The first date of which a correction may be asked for today; absent: of none" example:"2026-02-01"`
	Days            []dayBody `json:"days" doc:"Every date of the month, in order"`
	Totals          totalBody `json:"totals"`
}

type dayBody struct {
	Date            string                      `json:"date" example:"2026-03-02"`
	Status          hajir.Presence              `json:"status" enum:"in,out,absent,off" doc:"Where the person is: in on a past day means that the exit is missing; off: did not come, and need not"`
	FirstIn         *time.Time                  `json:"first_in,omitempty"`
	LastOut         *time.Time                  `json:"last_out,omitempty"`
	WorkedSeconds   int64                       `json:"worked_seconds" doc:"Elapsed time between entries and exits, less unpaid breaks; while the person is in, up to now"`
	DayStatus       hajir.Status                `json:"day_status" enum:"present,late,half_day,absent,on_leave,holiday,weekly_off,expected,none" doc:"What the day counts as; expected: it is not over; none: not employed then"`
	Shift           *dayShiftBody               `json:"shift,omitempty" doc:"The shift that is planned; absent without one"`
	Leave           hajir.Leave                 `json:"leave,omitempty" enum:"full,first_half,second_half" doc:"Approved leave on the date"`
	Holiday         string                      `json:"holiday,omitempty" doc:"The holiday's name"`
	RequiredSeconds int64                       `json:"required_seconds" doc:"What the plan asks for"`
	BreakSeconds    int64                       `json:"break_seconds" doc:"Unpaid breaks: with worked_seconds, the time from first_in to last_out"`
	LateSeconds     int64                       `json:"late_seconds" doc:"How much later than the start, in whole minutes; 0 within the grace"`
	EarlySeconds    int64                       `json:"early_seconds" doc:"How much earlier than the end, in whole minutes; 0 within the grace"`
	OvertimeSeconds int64                       `json:"overtime_seconds" doc:"As the shift's rule counts and rounds it; on a day off, all work"`
	Flags           []hajir.Flag                `json:"flags" enum:"missing_exit,short,not_here,worked_off,worked_on_leave,queued,auto_exit,corrected" doc:"What somebody should look at"`
	Punches         []punchBody                 `json:"punches" doc:"Those that count; an exit of the source auto is a guess"`
	Removed         []removedBody               `json:"removed" doc:"Those that were removed or moved by hand, as they were"`
	Corrections     []correction.CorrectionBody `json:"corrections" doc:"What was asked for and changed by hand, the oldest first"`
	Events          []events.EventBody          `json:"events" doc:"Of the company's calendar: holidays, optional ones, and whatever else concerns the person"`
	Rejected        []punchBody                 `json:"rejected" doc:"Punches that do not count, since somebody found that they are not the person's"`
	Version         int                         `json:"version"`
}

type dayShiftBody struct {
	ID    string    `json:"id"`
	Name  string    `json:"name" example:"Day"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

type totalBody struct {
	Present         int   `json:"present" doc:"Days present, those on which the person came late among them"`
	Late            int   `json:"late"`
	HalfDays        int   `json:"half_days"`
	Absent          int   `json:"absent"`
	OnLeave         int   `json:"on_leave"`
	Holidays        int   `json:"holidays"`
	WeeklyOff       int   `json:"weekly_off"`
	MissingExits    int   `json:"missing_exits"`
	RequiredSeconds int64 `json:"required_seconds" doc:"Of the days up to now"`
	WorkedSeconds   int64 `json:"worked_seconds"`
	BreakSeconds    int64 `json:"break_seconds"`
	LateSeconds     int64 `json:"late_seconds"`
	EarlySeconds    int64 `json:"early_seconds"`
	OvertimeSeconds int64 `json:"overtime_seconds"`
}

type punchBody struct {
	ID            string             `json:"id"`
	At            time.Time          `json:"at"`
	Direction     hajir.Direction    `json:"direction" enum:"entry,exit"`
	Source        hajir.Source       `json:"source" enum:"kiosk,web,pin,slack,demo,manual,correction,auto,import,device"`
	By            string             `json:"by,omitempty" doc:"The account that sent the picture"`
	Place         string             `json:"place,omitempty" doc:"That account's name: the kiosk's place" example:"Front door"`
	Score         float64            `json:"score" doc:"Similarity to the person, -1 to 1"`
	Margin        float64            `json:"margin" doc:"How far ahead of the next person"`
	Threshold     float64            `json:"threshold" doc:"What the score had to reach"`
	Model         string             `json:"model,omitempty" doc:"What computed the score"`
	Liveness      *float64           `json:"liveness,omitempty" doc:"How probable it is that a living person stood there, 0 to 1; absent when it was not measured"`
	Confirmed     hajir.Confirmation `json:"confirmed,omitempty" enum:"pin,review,challenge" doc:"What it rests on beside the camera: the person's PIN, somebody who looked, or what the person did before the camera when asked to"`
	RejectedAt    *time.Time         `json:"rejected_at,omitempty"`
	RejectedBy    string             `json:"rejected_by,omitempty" doc:"The account that found it"`
	ClaimedAt     *time.Time         `json:"claimed_at,omitempty" doc:"When, by the client's clock, if it said so"`
	ReceivedAt    *time.Time         `json:"received_at,omitempty" doc:"When the server got a punch that had waited in a queue or came in a file: at is then the client's claim"`
	PictureURL    string             `json:"picture_url,omitempty" doc:"A signed link, for the company's admin alone"`
	CorrectionID  string             `json:"correction_id,omitempty" doc:"The correction that added it"`
	PictureErased bool               `json:"picture_erased,omitempty" doc:"There was a picture; it was erased after a withdrawal or deactivation"`
}

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	own := api.Access{Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin}, Self: []hajir.Role{hajir.RoleEmployee}}
	api.Register(a, huma.Operation{
		OperationID: "list-days", Method: http.MethodGet, Path: "/companies/{company}/employees/{username}/days",
		Summary: "A person's days of a month", Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor},
		Self: []hajir.Role{hajir.RoleEmployee}, Reports: []hajir.Role{hajir.RoleManager},
	}, s.month)
	s.registerViews(a)
	s.registerPhone(a)
	s.registerCalendar(a)
	s.registerConsent(a, own)
	s.registerLeave(a)
	s.registerCorrections(a)
	s.registerTimeSheet(a)
	s.registerHolidays(a, own)
	s.registerFeeds(a)
	s.registerNotifications(a)
}

func (s *Service) month(ctx context.Context, in *monthInput) (*monthOutput, error) {
	m, err := s.Month(ctx, in.Company, in.Username, in.Month)
	if err != nil {
		return nil, err
	}
	out := &monthOutput{Body: monthBody{
		CorrectableFrom: m.CorrectableFrom, Month: m.Value, TimeZone: m.Location.String(), Days: make([]dayBody, len(m.Days)), Totals: describeTotal(m.Total),
	}}
	corrections, err := s.describeCorrections(ctx, in.Company, in.Username, m)
	if err != nil {
		return nil, err
	}
	for i, d := range m.Days {
		if out.Body.Days[i], err = s.describe(ctx, d, m.Occasions, m.Location); err != nil {
			return nil, err
		}
		out.Body.Days[i].Corrections = append([]correction.CorrectionBody{}, corrections[d.Date]...)
	}
	out.Body.From, out.Body.To = m.Days[0].Date, m.Days[len(m.Days)-1].Date
	return out, nil
}

func describeTotal(t hajir.Total) totalBody {
	return totalBody{
		Present: t.Days[hajir.StatusPresent] + t.Days[hajir.StatusLate], Late: t.Days[hajir.StatusLate],
		HalfDays: t.Days[hajir.StatusHalfDay], Absent: t.Days[hajir.StatusAbsent], OnLeave: t.Days[hajir.StatusOnLeave],
		Holidays: t.Days[hajir.StatusHoliday], WeeklyOff: t.Days[hajir.StatusWeeklyOff], MissingExits: t.MissingExits,
		RequiredSeconds: seconds(t.Required), WorkedSeconds: seconds(t.Worked), BreakSeconds: seconds(t.Break),
		LateSeconds: seconds(t.Late), EarlySeconds: seconds(t.Early), OvertimeSeconds: seconds(t.Overtime),
	}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// local returns t in loc; nil for none.
func local(t time.Time, loc *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(loc)
	return &t
}

func (s *Service) describe(ctx context.Context, d hajir.SheetLine, occasions []hajir.Occasion, loc *time.Location) (dayBody, error) {
	r := d.Reckoning
	body := dayBody{
		Date: d.Date, Status: d.Presence(r), Version: d.Version, FirstIn: local(r.First, loc), LastOut: local(r.Last, loc),
		WorkedSeconds: seconds(r.Worked), BreakSeconds: seconds(r.Break), RequiredSeconds: seconds(r.Required),
		LateSeconds: seconds(r.Late), EarlySeconds: seconds(r.Early), OvertimeSeconds: seconds(r.Overtime),
		DayStatus: r.Status, Leave: r.Leave, Holiday: r.Holiday, Flags: append([]hajir.Flag{}, r.Flags...), Punches: []punchBody{}, Removed: []removedBody{}, Rejected: []punchBody{},
	}
	if r.Shift != nil {
		body.Shift = &dayShiftBody{ID: r.Shift.ID, Name: r.Shift.Name, Start: r.Start.In(loc), End: r.End.In(loc)}
	}
	body.Events = []events.EventBody{}
	for _, o := range occasions {
		if o.Touches(d.Date, d.Date) {
			body.Events = append(body.Events, events.Describe(o))
		}
	}
	for _, p := range d.Filled().Punches {
		punch, err := s.describePunch(ctx, d.Name, p, loc)
		if err != nil {
			return body, err
		}
		body.Punches = append(body.Punches, punch)
	}
	for _, p := range d.Struck {
		punch, err := s.describePunch(ctx, d.Name, p.Punch, loc)
		if err != nil {
			return body, err
		}
		body.Removed = append(body.Removed, removedBody{Punch: punch, RemovedBy: p.Correction, RemovedAt: p.At.In(loc)})
	}
	for _, p := range d.Rejected {
		punch, err := s.describePunch(ctx, d.Name, p, loc)
		if err != nil {
			return body, err
		}
		body.Rejected = append(body.Rejected, punch)
	}
	return body, nil
}

func (s *Service) describePunch(ctx context.Context, username string, p hajir.Punch, loc *time.Location) (punchBody, error) {
	body := punchBody{
		ID: p.ID, At: p.At.In(loc), Direction: p.Direction, Source: p.Source, By: p.By, Place: p.Place,
		Score: p.Decision.Score, Margin: p.Decision.Margin, Threshold: p.Decision.Threshold, Model: p.Decision.Model,
		Liveness: p.Decision.Liveness, Confirmed: p.Decision.Confirmed,
		PictureErased: p.PictureErased, CorrectionID: p.Correction,
		ClaimedAt: local(p.Claimed, loc), ReceivedAt: local(p.Received, loc),
	}
	if r := p.Rejected; r != nil {
		body.RejectedAt, body.RejectedBy = local(r.At, loc), r.By
	}
	// Daily images are seen by the company's root account alone.
	if p.Picture == "" || api.Caller(ctx).Role != hajir.RoleAdmin {
		return body, nil
	}
	var err error
	body.PictureURL, _, err = s.Objects.Link(ctx, p.Picture, username, api.Caller(ctx))
	return body, err
}
