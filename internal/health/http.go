package health

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/alarm"
	"hajir/internal/api"
	"hajir/internal/doctor"
	"hajir/internal/hajir"
)

// reads and writes are who may look and who may change, of the operator's
// company; see Desk.Operator.
var (
	reads  = api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}
	writes = api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin}}
)

type summaryOutput struct {
	Body struct {
		Operator bool `json:"operator" doc:"The company operates the installation, and may ask for its health"`
		Raised   int  `json:"raised" doc:"How many alarms are raised and not silenced; 0 for other companies"`
	}
}

type checkupFindingBody struct {
	Check string       `json:"check" example:"disk.space"`
	Level doctor.Level `json:"level" enum:"ok,warn,fail"`
	What  string       `json:"what"`
	Why   string       `json:"why,omitempty" doc:"Why it matters"`
	Fix   string       `json:"fix,omitempty" doc:"What to do"`
}

type checkupBody struct {
	At       time.Time            `json:"at"`
	Level    doctor.Level         `json:"level" enum:"ok,warn,fail" doc:"The worst of the findings'"`
	Findings []checkupFindingBody `json:"findings"`
}

type silenceBody struct {
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
}

type alarmBody struct {
	Name    string           `json:"name" example:"store.errors"`
	State   hajir.AlarmState `json:"state" enum:"ok,alarm,insufficient_data"`
	Since   time.Time        `json:"since"`
	Value   *float64         `json:"value,omitempty" doc:"The value that changed the state"`
	Rule    string           `json:"rule" doc:"When it is raised"`
	Meaning string           `json:"meaning" doc:"What it means and what to do"`
	Untold  bool             `json:"untold" doc:"People are not told of the state yet, such as while the alarm is silenced"`
	Silence *silenceBody     `json:"silence,omitempty"`
}

type healthOutput struct {
	Body struct {
		Alarms      []alarmBody      `json:"alarms" doc:"Those that are raised first"`
		Mailed      int              `json:"mailed" doc:"To how many addresses alarms are mailed"`
		Examination *checkupBody     `json:"examination,omitempty" doc:"What hajir doctor found last"`
		Backup      *backupStateBody `json:"backup,omitempty" doc:"Absent when there is none"`
		Version     string           `json:"version"`
		Model       string           `json:"model" doc:"Of the faces"`
		Started     time.Time        `json:"started"`
	}
}

type backupStateBody struct {
	BehindSeconds int        `json:"behind_seconds"`
	DrillAt       *time.Time `json:"drill_at,omitempty" doc:"When a restore was last tried"`
	DrillError    string     `json:"drill_error,omitempty"`
}

type alarmChangeBody struct {
	Name  string           `json:"name"`
	At    time.Time        `json:"at"`
	From  hajir.AlarmState `json:"from" enum:"ok,alarm,insufficient_data"`
	To    hajir.AlarmState `json:"to" enum:"ok,alarm,insufficient_data"`
	Value *float64         `json:"value,omitempty"`
}

type historyOutput struct {
	Body struct {
		Changes []alarmChangeBody `json:"changes" doc:"The newest first, at most 200"`
	}
}

// AlarmPath is the input of an operation on one alarm.
type AlarmPath struct {
	api.CompanyPath
	Alarm string `path:"alarm" maxLength:"100" example:"store.errors"`
}

type silenceInput struct {
	AlarmPath
	Body struct {
		Until  time.Time `json:"until" doc:"At most 30 days from now"`
		Reason string    `json:"reason" maxLength:"500"`
	}
}

type examinationOutput struct{ Body checkupBody }

// historyShown is how many changes are answered.
const historyShown = 200

// Register adds the operations.
func (d *Desk) Register(a *api.API) {
	const at = "/companies/{company}/health"
	api.Register(a, huma.Operation{
		OperationID: "get-health-summary", Method: http.MethodGet, Path: at + "/summary", Summary: "Whether the company operates the installation, and how many alarms are raised",
	}, reads, d.getSummary)
	api.Register(a, huma.Operation{
		OperationID: "get-health", Method: http.MethodGet, Path: at, Summary: "How the installation does",
		Description: "For the company that operates the installation; another one is answered 404.", Errors: []int{http.StatusNotFound},
	}, reads, d.getHealth)
	api.Register(a, huma.Operation{
		OperationID: "list-alarm-history", Method: http.MethodGet, Path: at + "/history", Summary: "What alarms were raised and cleared", Errors: []int{http.StatusNotFound},
	}, reads, d.listHistory)
	api.Register(a, huma.Operation{
		OperationID: "examine-installation", Method: http.MethodPost, Path: at + "/examination", Summary: "Examine the installation now, as hajir doctor does",
		Errors: []int{http.StatusNotFound},
	}, writes, d.examine)
	api.Register(a, huma.Operation{
		OperationID: "silence-alarm", Method: http.MethodPut, Path: at + "/alarms/{alarm}/silence", Summary: "Keep people from being told of an alarm for a while",
		Description: "It is judged and shown all the same. If it is raised when the silence ends, it is told then.", Errors: []int{http.StatusNotFound},
		DefaultStatus: http.StatusNoContent,
	}, writes, d.putSilence)
	api.Register(a, huma.Operation{
		OperationID: "end-silence", Method: http.MethodDelete, Path: at + "/alarms/{alarm}/silence", Summary: "End a silence", Errors: []int{http.StatusNotFound},
		DefaultStatus: http.StatusNoContent,
	}, writes, d.deleteSilence)
}

func (d *Desk) getSummary(ctx context.Context, in *api.CompanyPath) (*summaryOutput, error) {
	out := &summaryOutput{}
	operator, err := d.Operator(ctx)
	if err != nil || operator != in.Company {
		return out, err
	}
	out.Body.Operator = true
	all, err := d.alarms(ctx, in.Company)
	for _, a := range all {
		if a.State == hajir.AlarmRaised && a.silence == nil {
			out.Body.Raised++
		}
	}
	return out, err
}

func (d *Desk) getHealth(ctx context.Context, in *api.CompanyPath) (*healthOutput, error) {
	if err := d.operates(ctx, in.Company); err != nil {
		return nil, err
	}
	out := &healthOutput{}
	all, err := d.alarms(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out.Body.Alarms = make([]alarmBody, 0, len(all))
	for _, a := range all {
		b := alarmBody{
			Name: a.Name, State: a.State, Since: a.Since, Rule: alarm.Describe(a.rule), Meaning: alarm.Words(a.Name, hajir.English),
			Untold: a.Untold(),
		}
		if a.HasValue {
			b.Value = &a.Value
		}
		if a.silence != nil {
			b.Silence = &silenceBody{a.silence.Until, a.silence.Reason, a.silence.By}
		}
		out.Body.Alarms = append(out.Body.Alarms, b)
	}
	if r := d.last(); r != nil {
		out.Body.Examination = new(describe(*r))
	}
	if d.Backup != nil {
		if b := d.Backup(); b != nil {
			out.Body.Backup = &backupStateBody{BehindSeconds: int(b.Lag.Seconds()), DrillError: b.Drill.Error}
			if !b.Drill.At.IsZero() {
				out.Body.Backup.DrillAt = &b.Drill.At
			}
		}
	}
	out.Body.Mailed, out.Body.Version, out.Body.Model, out.Body.Started = d.Mailed, d.Version, d.Model, d.Started.UTC()
	return out, nil
}

func describe(r doctor.Report) checkupBody {
	b := checkupBody{At: r.At, Level: r.Level, Findings: make([]checkupFindingBody, len(r.Findings))}
	for i, f := range r.Findings {
		b.Findings[i] = checkupFindingBody(f)
	}
	return b
}

func (d *Desk) listHistory(ctx context.Context, in *api.CompanyPath) (*historyOutput, error) {
	if err := d.operates(ctx, in.Company); err != nil {
		return nil, err
	}
	all, err := d.Watch.Store.AlarmHistory(ctx, historyShown)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Changes = make([]alarmChangeBody, 0, len(all))
	for _, c := range all {
		b := alarmChangeBody{Name: c.Name, At: c.At, From: c.From, To: c.To}
		if c.HasValue {
			b.Value = &c.Value
		}
		out.Body.Changes = append(out.Body.Changes, b)
	}
	return out, nil
}

func (d *Desk) examine(ctx context.Context, in *api.CompanyPath) (*examinationOutput, error) {
	if err := d.operates(ctx, in.Company); err != nil {
		return nil, err
	}
	r, err := d.Examine(ctx)
	if err != nil {
		return nil, err
	}
	return &examinationOutput{describe(r)}, nil
}

func (d *Desk) putSilence(ctx context.Context, in *silenceInput) (*struct{}, error) {
	if err := d.operates(ctx, in.Company); err != nil {
		return nil, err
	}
	return nil, d.silence(ctx, in.Company, in.Alarm, api.Caller(ctx).Username, in.Body.Until, in.Body.Reason)
}

func (d *Desk) deleteSilence(ctx context.Context, in *AlarmPath) (*struct{}, error) {
	if err := d.operates(ctx, in.Company); err != nil {
		return nil, err
	}
	return nil, d.Watch.Store.DeleteSilence(ctx, in.Company, in.Alarm)
}
