package company

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// AuditFilter is the input of operations on chosen entries of an audit log.
type AuditFilter struct {
	api.CompanyPath
	From      string       `query:"from" maxLength:"10" doc:"YYYY-MM-DD, the first day" example:"2026-03-01"`
	To        string       `query:"to" maxLength:"10" doc:"YYYY-MM-DD, the last day" example:"2026-03-31"`
	Actor     string       `query:"actor" maxLength:"64" doc:"The username of who acted"`
	Person    string       `query:"person" maxLength:"64" doc:"The username of whom it concerns"`
	Operation string       `query:"operation" maxLength:"100" doc:"An operation's id, or a command" example:"change-employee"`
	Action    hajir.Action `query:"action" enum:"create,change,delete,refuse,look" doc:"What was done"`
}

func (f AuditFilter) query() hajir.AuditQuery {
	return hajir.AuditQuery{Actor: f.Actor, Person: f.Person, Operation: f.Operation, Action: f.Action}
}

type auditInput struct {
	AuditFilter
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"20" doc:"next_cursor of the page before"`
}

type auditOutput struct {
	Body struct {
		Entries    []auditEntryBody `json:"entries" doc:"Newest first"`
		NextCursor string           `json:"next_cursor,omitempty" doc:"Absent on the last page"`
		Head       string           `json:"head" doc:"Where the log ends, SEQ:HASH. Written down elsewhere, it shows later whether the log was cut off or written anew" example:"12:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	}
}

type auditEntryBody struct {
	Seq       int64            `json:"seq"`
	At        time.Time        `json:"at" doc:"In the company's time zone"`
	Actor     auditActorBody   `json:"actor"`
	Address   string           `json:"address,omitempty" doc:"Of the actor's client"`
	Device    string           `json:"device,omitempty" example:"Firefox on Windows"`
	Operation string           `json:"operation" doc:"An operation's id, or a command" example:"change-employee"`
	Function  string           `json:"function,omitempty" doc:"That the operation belongs to"`
	Action    hajir.Action     `json:"action" enum:"create,change,delete,refuse,look" doc:"refuse is a sign-in that failed"`
	Subject   auditSubjectBody `json:"subject"`
	Before    map[string]any   `json:"before,omitempty" doc:"What is not as it was: before"`
	After     map[string]any   `json:"after,omitempty" doc:"and after. Secrets are hidden"`
	PrevHash  string           `json:"prev_hash" doc:"Of the entry before"`
	Hash      string           `json:"hash" doc:"SHA-256 of the entry"`
}

type auditActorBody struct {
	Kind     hajir.ActorKind `json:"kind" enum:"account,stranger,operator,program" doc:"stranger: not signed in; operator: on the program's command line; program: by itself"`
	Username string          `json:"username,omitempty"`
	Name     string          `json:"name,omitempty" doc:"As it was then"`
	Role     hajir.Role      `json:"role,omitempty"`
}

type auditSubjectBody struct {
	Table  string `json:"table" doc:"The record's table; objects for a picture" example:"Employee_details"`
	Key    string `json:"key"`
	Person string `json:"person,omitempty" doc:"The username of whom it concerns"`
	Name   string `json:"name,omitempty" doc:"That person's name now"`
}

type verifyInput struct {
	api.CompanyPath
	Head string `query:"head" maxLength:"100" doc:"A head that was written down, SEQ:HASH: entries that are missing at the end are found only with it"`
}

type verifyOutput struct {
	Body struct {
		OK       bool   `json:"ok"`
		Entries  int64  `json:"entries" doc:"How many are right, from the first"`
		Head     string `json:"head" doc:"The last of them, SEQ:HASH"`
		BrokenAt int64  `json:"broken_at,omitempty" doc:"The first entry that is not"`
		Reason   string `json:"reason,omitempty" doc:"What is wrong with it"`
	}
}

type exportInput struct {
	AuditFilter
	Format AuditFormat `query:"format" enum:"csv,jsonl" default:"csv"`
}

func (s *Service) registerAudit(a *api.API, admin api.Access) {
	const path = "/companies/{company}/audit"
	api.Register(a, huma.Operation{
		OperationID: "list-audit", Method: http.MethodGet, Path: path, Summary: "Who did what to whom",
		Description: "The company's audit log: every change, sign-in and look at a picture.",
	}, admin, s.listAudit)
	api.RegisterIn(a, api.Reports, huma.Operation{
		OperationID: "verify-audit", Method: http.MethodGet, Path: path + "/verify", Summary: "Check that the audit log was not tampered with",
		Description: "Computes the hash of every entry anew.",
	}, admin, s.verifyAudit)
	export := huma.Operation{
		OperationID: "export-audit", Method: http.MethodGet, Path: path + "/export", Summary: "The audit log as a file",
		Description: "Oldest first. JSON Lines has all that is hashed; CSV is for spreadsheets, and a cell that one could take for a formula begins with an apostrophe.",
		Responses: map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
			"text/csv": {}, "application/jsonl": {},
		}}},
	}
	a.Download(&export)
	api.Register(a, export, admin, s.exportAudit)
}

func (s *Service) listAudit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	q := in.query()
	q.Limit = in.Limit + 1 // one more tells whether there is a next page
	if in.Cursor != "" {
		var err error
		if q.Behind, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || q.Behind < 1 {
			return nil, &hajir.Error{Code: hajir.Invalid, Message: "a cursor is the next_cursor of the page before", Cause: err}
		}
	}
	loc, err := s.AuditDates(ctx, in.Company, in.From, in.To, &q)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Audit(ctx, in.Company, q)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	head, err := s.Store.AuditHead(ctx, in.Company)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	out := &auditOutput{}
	out.Body.Head = head.String()
	if len(page) > in.Limit {
		page = page[:in.Limit]
		out.Body.NextCursor = strconv.FormatInt(page[in.Limit-1].Seq, 10)
	}
	out.Body.Entries, err = s.describeAudit(ctx, page, loc)
	return out, err
}

func (s *Service) describeAudit(ctx context.Context, page []hajir.AuditEntry, loc *time.Location) ([]auditEntryBody, error) {
	names := map[string]string{}
	all := make([]auditEntryBody, len(page))
	for i, e := range page {
		b := auditEntryBody{
			Seq: e.Seq, At: e.At.In(loc), Actor: auditActorBody(e.Actor), Address: e.Address, Device: e.Device,
			Operation: e.Operation, Function: e.Function, Action: e.Action,
			Subject:  auditSubjectBody{Table: e.Subject.Table, Key: e.Subject.Key, Person: e.Subject.Person},
			PrevHash: e.PrevHash.String(), Hash: e.Hash.String(),
		}
		for doc, fields := range map[*json.RawMessage]*map[string]any{&e.Before: &b.Before, &e.After: &b.After} {
			if *doc == nil {
				continue
			}
			if err := json.Unmarshal(*doc, fields); err != nil {
				return nil, fmt.Errorf("decode audit entry %d: %w", e.Seq, err)
			}
		}
		var err error
		if b.Subject.Name, err = s.nameOf(ctx, e.Subject.Person, names); err != nil {
			return nil, err
		}
		all[i] = b
	}
	return all, nil
}

// nameOf returns the name of an account, "" if there is none any more. It
// remembers those that it has seen.
func (s *Service) nameOf(ctx context.Context, username string, known map[string]string) (string, error) {
	name, seen := known[username]
	if seen || username == "" {
		return name, nil
	}
	u, err := s.Users.User(ctx, username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return "", fmt.Errorf("load account: %w", err)
	}
	known[username] = u.Name
	return u.Name, nil
}

func (s *Service) verifyAudit(ctx context.Context, in *verifyInput) (*verifyOutput, error) {
	var known hajir.AuditHead
	if in.Head != "" {
		var err error
		if known, err = hajir.ParseAuditHead(in.Head); err != nil {
			return nil, err
		}
	}
	report, err := s.VerifyAudit(ctx, in.Company, known)
	if err != nil {
		return nil, err
	}
	out := &verifyOutput{}
	out.Body.OK, out.Body.Entries, out.Body.Head = report.Fault == nil, report.Head.Seq, report.Head.String()
	if f := report.Fault; f != nil {
		out.Body.BrokenAt, out.Body.Reason = f.Seq, f.Reason
	}
	return out, nil
}

func (s *Service) exportAudit(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	q := in.query()
	loc, err := s.AuditDates(ctx, in.Company, in.From, in.To, &q)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("audit-%s-%s.%s", in.Company, hajir.DateAt(s.Now(), loc), in.Format)
	return &huma.StreamResponse{Body: func(out huma.Context) {
		contentType := "text/csv; charset=utf-8"
		if in.Format == AuditJSONL {
			contentType = "application/jsonl"
		}
		out.SetHeader("Content-Type", contentType)
		out.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		if err := s.ExportAudit(ctx, in.Company, q, in.Format, out.BodyWriter()); err != nil {
			s.Log.WarnContext(ctx, "an export of the audit log was cut off", "error", err)
			panic(http.ErrAbortHandler) // the only way to tell a client that it has not all of it
		}
	}}, nil
}
