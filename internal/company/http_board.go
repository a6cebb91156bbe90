package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
)

type boardInput struct {
	api.CompanyPath
	Date string `query:"date" maxLength:"10" doc:"YYYY-MM-DD; today when absent" example:"2026-03-02"`
}

type boardOutput struct{ Body boardBody }

type boardBody struct {
	Date        string      `json:"date" example:"2026-03-02"`
	TimeZone    string      `json:"time_zone" example:"Asia/Kathmandu"`
	GeneratedAt time.Time   `json:"generated_at"`
	Counts      boardCounts `json:"counts"`
	Entries     []boardRow  `json:"entries" doc:"In order of names"`
}

type boardCounts struct {
	Total        int `json:"total"`
	In           int `json:"in"`
	Out          int `json:"out"`
	Absent       int `json:"absent" doc:"Expected, and have not come"`
	Off          int `json:"off" doc:"Have not come, and need not: a day off, a holiday or leave"`
	Late         int `json:"late" doc:"Came late, or have not come and are late by now"`
	MissingExits int `json:"missing_exits"`
}

type boardRow struct {
	Username      string         `json:"username"`
	Name          string         `json:"name"`
	Department    string         `json:"department"`
	SmallURL      string         `json:"small_url,omitempty" doc:"A signed link to the profile picture of 160 pixels; absent without one"`
	Status        hajir.Presence `json:"status" enum:"in,out,absent,off"`
	FirstIn       *time.Time     `json:"first_in,omitempty"`
	LastOut       *time.Time     `json:"last_out,omitempty" doc:"Absent while the person is in"`
	LastAt        *time.Time     `json:"last_at,omitempty" doc:"The last punch, either way"`
	WorkedSeconds int64          `json:"worked_seconds" doc:"Between entries and exits; today, up to generated_at"`
	Punches       int            `json:"punches"`
	Date          string         `json:"date" doc:"Of the day that is shown: the board's, except in another time zone or during a night shift" example:"2026-03-02"`
	DayStatus     hajir.Status   `json:"day_status" enum:"present,late,half_day,absent,on_leave,holiday,weekly_off,expected,none"`
	Shift         string         `json:"shift,omitempty" doc:"The planned shift's name"`
	ShiftStart    *time.Time     `json:"shift_start,omitempty"`
	ShiftEnd      *time.Time     `json:"shift_end,omitempty"`
	LateSeconds   int64          `json:"late_seconds"`
	Flags         []hajir.Flag   `json:"flags" enum:"missing_exit,short,not_here,worked_off,worked_on_leave,queued,auto_exit,corrected"`
}

// entryEvent is one changed row of an open board.
type entryEvent struct {
	Date   string      `json:"date"`
	Counts boardCounts `json:"counts"`
	Entry  boardRow    `json:"entry"`
}

// pingEvent keeps a quiet stream open through proxies.
type pingEvent struct {
	At time.Time `json:"at"`
}

// pingEvery is below the 60 seconds after which common proxies close a quiet
// connection.
const pingEvery = 20 * time.Second

func (s *Service) registerBoard(a *api.API) {
	seen := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleManager}}
	const path = "/companies/{company}/board"
	api.Register(a, huma.Operation{
		OperationID: "get-board", Method: http.MethodGet, Path: path, Summary: "Who is here on a day",
		Description: "A manager is shown their reports and themselves.",
	}, seen, s.getBoard)
	api.RegisterStream(a, huma.Operation{
		OperationID: "watch-board", Method: http.MethodGet, Path: path + "/events",
		Summary: "Who is here today, as it changes",
		Description: "Server-sent events: board with all of it at the beginning and when much has changed, entry for each punch, " +
			"ping in between. Ends when the access token expires, or the account changes; connect again with a new one. " +
			"A manager is shown their reports and themselves.",
	}, seen, map[string]any{"board": boardBody{}, "entry": entryEvent{}, "ping": pingEvent{}}, s.watchBoard)
}

func (s *Service) getBoard(ctx context.Context, in *boardInput) (*boardOutput, error) {
	b, err := s.Board(ctx, in.Company, in.Date, teamOf(api.Caller(ctx)))
	if err != nil {
		return nil, err
	}
	body, err := s.describeBoard(ctx, &b)
	return &boardOutput{Body: body}, err
}

// teamOf returns the manager whose people a caller sees; "" for one who sees
// everybody.
func teamOf(who identity.Principal) string {
	if who.Role == hajir.RoleAdmin || who.Role == hajir.RoleAuditor {
		return ""
	}
	return who.Username
}

func (s *Service) watchBoard(ctx context.Context, in *api.CompanyPath, send sse.Sender) {
	who := api.Caller(ctx)
	ctx, cancel := context.WithTimeout(ctx, who.Expires.Sub(s.Now()))
	defer cancel()
	changed, unsubscribe := s.Changes.Subscribe(in.Company)
	defer unsubscribe()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()

	b, err := s.Board(ctx, in.Company, "", teamOf(who))
	if err == nil {
		err = s.sendBoard(ctx, &b, send)
	}
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case username, ok := <-changed:
			if !ok { // the server shuts down
				return
			}
			err = s.sendEntry(ctx, &b, who, username, send)
		case <-ping.C:
			err = s.refresh(ctx, &b, who, send)
		}
	}
	s.Log.DebugContext(ctx, "board stream ended", "error", err)
}

// stillMay refuses to send more to a caller who is not any more what the token
// said when the stream began.
func (s *Service) stillMay(ctx context.Context, who identity.Principal) error {
	u, err := s.Users.User(ctx, who.Username)
	if err == nil && (u.Disabled || u.Role != who.Role || u.Company != who.Company) {
		err = hajir.Errorf(hajir.Unauthorized, "the account has been changed; sign in again")
	}
	return err
}

func (s *Service) sendBoard(ctx context.Context, b *Board, send sse.Sender) error {
	body, err := s.describeBoard(ctx, b)
	if err != nil {
		return err
	}
	return send.Data(body)
}

// refresh sends the board anew when it shows something else than before: the
// next day, a person added, or a punch that another process recorded; and before
// its links to pictures expire.
func (s *Service) refresh(ctx context.Context, b *Board, who identity.Principal, send sse.Sender) error {
	if err := s.stillMay(ctx, who); err != nil {
		return err
	}
	now, err := s.Board(ctx, who.Company, "", teamOf(who))
	if err != nil {
		return err
	}
	if !now.changed(*b) && !b.fading(now.GeneratedAt) {
		return send.Data(pingEvent{At: s.Now()})
	}
	*b = now
	return s.sendBoard(ctx, b, send)
}

// sendEntry sends one person's changed row, if the caller may see that person
// now: who reports to whom may have changed since the board was made.
func (s *Service) sendEntry(ctx context.Context, b *Board, who identity.Principal, username string, send sse.Sender) error {
	if err := s.stillMay(ctx, who); err != nil {
		return err
	}
	if team := teamOf(who); team != "" && team != username {
		mine, err := s.IsReport(ctx, who.Company, team, username)
		if err != nil || !mine {
			return err
		}
	}
	entry, there, err := s.update(ctx, b, who.Company, username)
	if err != nil {
		return err
	}
	if !there {
		return s.refresh(ctx, b, who, send)
	}
	row, err := s.describeEntry(ctx, *b, entry)
	if err != nil {
		return err
	}
	return send.Data(entryEvent{Date: b.Date, Counts: b.counts(), Entry: row})
}

// describeBoard notes on b when links to pictures were made.
func (s *Service) describeBoard(ctx context.Context, b *Board) (boardBody, error) {
	body := boardBody{
		Date: b.Date, TimeZone: b.Location.String(), GeneratedAt: b.GeneratedAt.In(b.Location),
		Counts: b.counts(), Entries: make([]boardRow, len(b.Entries)),
	}
	for i, e := range b.Entries {
		var err error
		if body.Entries[i], err = s.describeEntry(ctx, *b, e); err != nil {
			return body, err
		}
		if body.Entries[i].SmallURL != "" {
			b.LinkedAt = b.GeneratedAt
		}
	}
	return body, nil
}

func (s *Service) describeEntry(ctx context.Context, b Board, e BoardEntry) (row boardRow, err error) {
	row = b.row(e)
	row.SmallURL, err = s.pictureLink(ctx, e.Employee, objects.Small)
	return row, err
}

func (b Board) row(e BoardEntry) boardRow {
	local := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = t.In(b.Location)
		return &t
	}
	row := boardRow{
		Username: e.Employee.Username, Name: e.Employee.Name, Department: e.Employee.Department,
		Status: e.Day.Presence(e.Reckoning), Punches: len(e.Day.Punches), WorkedSeconds: int64(e.Worked.Seconds()),
		FirstIn: local(e.First), LastOut: local(e.Last), Date: e.Day.Date, DayStatus: e.Status,
		ShiftStart: local(e.Start), ShiftEnd: local(e.End), LateSeconds: int64(e.Late.Seconds()), Flags: append([]hajir.Flag{}, e.Flags...),
	}
	if e.Shift != nil {
		row.Shift = e.Shift.Name
	}
	if n := len(e.Day.Punches); n > 0 {
		row.LastAt = local(e.Day.Punches[n-1].At)
	}
	return row
}
