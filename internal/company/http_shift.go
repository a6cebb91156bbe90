package company

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// ShiftFields are a shift as clients write and read it.
type ShiftFields struct {
	Name         string       `json:"name" minLength:"1" maxLength:"100" example:"Day"`
	Start        string       `json:"start" doc:"HH:MM, local" example:"10:00"`
	End          string       `json:"end" doc:"HH:MM; at or before the start it is on the next day" example:"17:00"`
	Flexible     bool         `json:"flexible,omitempty" doc:"No fixed start: full_minutes are worked between start and end"`
	CoreStart    string       `json:"core_start,omitempty" doc:"From when everybody of a flexible shift is there" example:"11:00"`
	CoreEnd      string       `json:"core_end,omitempty" doc:"And until when" example:"15:00"`
	LateGrace    int          `json:"late_grace_minutes" minimum:"0" maximum:"240" doc:"How much later than the start nobody minds"`
	EarlyGrace   int          `json:"early_grace_minutes" minimum:"0" maximum:"240" doc:"How much earlier than the end nobody minds"`
	WindowBefore int          `json:"window_before_minutes" minimum:"0" maximum:"720" doc:"How long before the start punches belong to the shift"`
	WindowAfter  int          `json:"window_after_minutes" minimum:"0" maximum:"720" doc:"How long after the end"`
	Full         int          `json:"full_minutes" minimum:"0" maximum:"1440" doc:"The least that a full day takes"`
	Half         int          `json:"half_minutes" minimum:"0" maximum:"1440" doc:"The least that half a day takes; less is absent"`
	Breaks       []breakBody  `json:"breaks,omitempty" maxItems:"6"`
	Overtime     overtimeBody `json:"overtime"`
	Retired      bool         `json:"retired,omitempty" doc:"Kept for the days that had it, and not planned any more"`
}

type breakBody struct {
	Name    string          `json:"name,omitempty" maxLength:"100" example:"Lunch"`
	From    string          `json:"from,omitempty" doc:"HH:MM, of a break at a fixed time" example:"13:00"`
	To      string          `json:"to,omitempty" example:"14:00"`
	Minutes int             `json:"minutes,omitempty" minimum:"0" maximum:"1440" doc:"Of a break at any time, instead of from and to"`
	Rule    hajir.BreakRule `json:"rule" enum:"paid,deducted,punched" doc:"paid: being out counts as worked; deducted: taken off whether or not it was punched; punched: as long as the punches say"`
}

type overtimeBody struct {
	From  hajir.OvertimeFrom `json:"from" enum:"none,end,required" doc:"Counts from the shift's end, or beyond the hours that it asks for"`
	Step  int                `json:"step_minutes,omitempty" minimum:"0" maximum:"240" doc:"Rounded down to whole steps"`
	Least int                `json:"least_minutes,omitempty" minimum:"0" maximum:"720" doc:"Less than this is none"`
}

type shiftBody struct {
	ID string `json:"id"`
	ShiftFields
	Required int `json:"required_minutes" doc:"What the shift asks for: its length without unpaid breaks"`
	Version  int `json:"version"`
}

type shiftOutput struct{ Body shiftBody }

type shiftsOutput struct {
	Body struct {
		Shifts []shiftBody `json:"shifts" doc:"In order of their names"`
	}
}

type addShiftInput struct {
	api.CompanyPath
	Body ShiftFields
}

// ShiftPath is the input of an operation on one shift.
type ShiftPath struct {
	api.CompanyPath
	ID string `path:"shift_id" maxLength:"64"`
}

type changeShiftInput struct {
	ShiftPath
	Body struct {
		ShiftFields
		Version int `json:"version" doc:"The version that was read; a newer one is a conflict"`
	}
}

func (s *Service) registerShifts(a *api.API, admin, read api.Access) {
	const path, one = "/companies/{company}/shifts", "/companies/{company}/shifts/{shift_id}"
	api.Register(a, huma.Operation{
		OperationID: "list-shifts", Method: http.MethodGet, Path: path, Summary: "The company's shifts",
	}, read, s.listShifts)
	api.Register(a, huma.Operation{
		OperationID: "create-shift", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated, Summary: "Add a shift",
	}, admin, s.postShift)
	api.Register(a, huma.Operation{
		OperationID: "change-shift", Method: http.MethodPut, Path: one, Summary: "Change a shift",
		Description: "Replaces all of it. Days that have the shift come out by the new rules, past ones too; " +
			"to change times from a date on, make another shift and assign that.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.putShift)
	api.Register(a, huma.Operation{
		OperationID: "delete-shift", Method: http.MethodDelete, Path: one, Summary: "Remove a shift",
		Description: "Refused with conflict while a pattern or a day of the roster has it: retire it instead.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.deleteShift)
}

func (s *Service) listShifts(ctx context.Context, in *api.CompanyPath) (*shiftsOutput, error) {
	schedule, err := s.schedule(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &shiftsOutput{}
	out.Body.Shifts = []shiftBody{}
	for _, x := range slices.SortedFunc(maps.Values(schedule.Shifts), func(x, y hajir.Shift) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	}) {
		out.Body.Shifts = append(out.Body.Shifts, describeShift(x))
	}
	return out, nil
}

func (s *Service) postShift(ctx context.Context, in *addShiftInput) (*shiftOutput, error) {
	x, err := in.Body.shift()
	if err != nil {
		return nil, err
	}
	x.Company = in.Company
	x, err = s.AddShift(ctx, x)
	return &shiftOutput{Body: describeShift(x)}, err
}

func (s *Service) putShift(ctx context.Context, in *changeShiftInput) (*shiftOutput, error) {
	x, err := in.Body.shift()
	if err != nil {
		return nil, err
	}
	x.Company, x.ID, x.Version = in.Company, in.ID, in.Body.Version
	x, err = s.ChangeShift(ctx, x)
	return &shiftOutput{Body: describeShift(x)}, err
}

func (s *Service) deleteShift(ctx context.Context, in *ShiftPath) (*struct{}, error) {
	return nil, s.RemoveShift(ctx, in.Company, in.ID)
}

func minutes(m int) time.Duration { return time.Duration(m) * time.Minute }

// shift reads the fields; the rules judge it later.
func (f ShiftFields) shift() (x hajir.Shift, err error) {
	x = hajir.Shift{
		Name: f.Name, Flexible: f.Flexible, LateGrace: minutes(f.LateGrace), EarlyGrace: minutes(f.EarlyGrace),
		Before: minutes(f.WindowBefore), After: minutes(f.WindowAfter), Full: minutes(f.Full), Half: minutes(f.Half), Retired: f.Retired,
		Overtime: hajir.Overtime{From: f.Overtime.From, Step: minutes(f.Overtime.Step), Least: minutes(f.Overtime.Least)},
	}
	if x.Start, x.End, err = clocks(f.Start, f.End); err != nil {
		return x, err
	}
	if f.CoreStart != "" || f.CoreEnd != "" {
		x.Core = &hajir.Core{}
		if x.Core.From, x.Core.To, err = clocks(f.CoreStart, f.CoreEnd); err != nil {
			return x, err
		}
	}
	for _, b := range f.Breaks {
		y := hajir.Break{Name: b.Name, Length: minutes(b.Minutes), Rule: b.Rule}
		if b.Minutes > 0 && (b.From != "" || b.To != "") {
			return x, hajir.Errorf(hajir.Invalid, "a break has either minutes, or from and to")
		}
		if b.Minutes == 0 {
			if y.From, y.To, err = clocks(b.From, b.To); err != nil {
				return x, err
			}
		}
		x.Breaks = append(x.Breaks, y)
	}
	return x, nil
}

func clocks(from, to string) (a, b hajir.Clock, err error) {
	if a, err = hajir.ParseClock(from); err != nil {
		return a, b, err
	}
	b, err = hajir.ParseClock(to)
	return a, b, err
}

func describeShift(x hajir.Shift) shiftBody {
	whole := func(d time.Duration) int { return int(d / time.Minute) }
	b := shiftBody{ID: x.ID, Version: x.Version, Required: whole(x.Required()), ShiftFields: ShiftFields{
		Name: x.Name, Start: x.Start.String(), End: x.End.String(), Flexible: x.Flexible, Retired: x.Retired,
		LateGrace: whole(x.LateGrace), EarlyGrace: whole(x.EarlyGrace), WindowBefore: whole(x.Before), WindowAfter: whole(x.After),
		Full: whole(x.Full), Half: whole(x.Half),
		Overtime: overtimeBody{From: x.Overtime.From, Step: whole(x.Overtime.Step), Least: whole(x.Overtime.Least)},
	}}
	if x.Core != nil {
		b.CoreStart, b.CoreEnd = x.Core.From.String(), x.Core.To.String()
	}
	for _, y := range x.Breaks {
		z := breakBody{Name: y.Name, Minutes: whole(y.Length), Rule: y.Rule}
		if y.Length == 0 {
			z.From, z.To = y.From.String(), y.To.String()
		}
		b.Breaks = append(b.Breaks, z)
	}
	return b
}
