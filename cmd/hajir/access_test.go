package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/hajir"
)

// Who may call what, written down a second time: an operation that is missing
// here, or lets others in, fails the test.
const (
	byAnybody  = "anybody"
	byAdmin    = "admin"
	bySelf     = "self" // an employee, for their own records
	byEmployee = "employee"
	byKiosk    = "kiosk"
)

var whoMay = map[string][]string{
	"get-setup":       {byAnybody},
	"create-company":  {byAnybody}, // with the set-up token
	"sign-in":         {byAnybody},
	"refresh-session": {byAnybody},
	"sign-out":        {byAnybody},
	"get-object":      {byAnybody}, // with a signed link

	"list-invitations":    {byAdmin},
	"create-invitation":   {byAdmin},
	"import-invitations":  {byAdmin},
	"resend-invitation":   {byAdmin},
	"withdraw-invitation": {byAdmin},
	"read-invitation":     {byAnybody}, // with the token of a link
	"accept-invitation":   {byAnybody}, // likewise

	"me": {byAdmin, byEmployee, byKiosk},

	"list-sessions":         {byAdmin, byEmployee},
	"end-session":           {byAdmin, byEmployee},
	"end-other-sessions":    {byAdmin, byEmployee},
	"change-password":       {byAdmin, byEmployee},
	"end-employee-sessions": {byAdmin},

	"get-two-factor":            {byAdmin, byEmployee},
	"enrol-two-factor":          {byAdmin, byEmployee},
	"confirm-two-factor":        {byAdmin, byEmployee},
	"disable-two-factor":        {byAdmin, byEmployee},
	"reset-employee-two-factor": {byAdmin},

	"get-company":     {byAdmin},
	"change-company":  {byAdmin},
	"remove-demo":     {byAdmin},
	"get-board":       {byAdmin},
	"watch-board":     {byAdmin},
	"list-employees":  {byAdmin},
	"create-employee": {byAdmin},
	"get-employee":    {byAdmin, bySelf},
	"change-employee": {byAdmin},
	"list-days":       {byAdmin, bySelf},
	"list-faces":      {byAdmin},
	"enrol-face":      {byAdmin},
	"delete-face":     {byAdmin},
	"list-kiosks":     {byAdmin},
	"create-kiosk":    {byAdmin},
	"delete-kiosk":    {byAdmin},
	"check-in":        {byAdmin, byKiosk},
	"check-in-by-pin": {byAdmin, byKiosk},
	"change-kiosk":    {byAdmin},
	"pair-kiosk":      {byAnybody}, // gives nothing until an admin enters the code
	"fetch-pairing":   {byAnybody}, // with the pairing's secret
	"approve-pairing": {byAdmin},
	"get-pin":         {byAdmin},
	"set-pin":         {byAdmin},
	"delete-pin":      {byAdmin},

	"list-shifts":      {byAdmin},
	"create-shift":     {byAdmin},
	"change-shift":     {byAdmin},
	"delete-shift":     {byAdmin},
	"list-patterns":    {byAdmin},
	"create-pattern":   {byAdmin},
	"change-pattern":   {byAdmin},
	"delete-pattern":   {byAdmin},
	"assign-pattern":   {byAdmin},
	"unassign-pattern": {byAdmin},
	"get-roster":       {byAdmin},
	"set-roster":       {byAdmin},
	"recompute-days":   {byAdmin},
}

// operations lists every operation of the OpenAPI document.
func operations(doc *huma.OpenAPI) []*huma.Operation {
	var all []*huma.Operation
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete, item.Head, item.Options} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

func TestEveryOperationWithEveryRole(t *testing.T) {
	w := newWorld(t)
	callers := map[string]string{"nobody": "", "a forger": "not.a.token"}
	for _, company := range []string{"acme", "other"} {
		callers[company+"'s admin"] = w.company(company)
		w.person(company, "asha-"+company)
		w.person(company, "bina-"+company)
		callers[company+"'s asha"] = w.token("asha-" + company)
		callers[company+"'s bina"] = w.token("bina-" + company)
		_, tokens := w.kiosk(company)
		callers[company+"'s kiosk"] = tokens.Access
	}
	w.hub.Close() // so that the stream of the board ends after its first event
	ops := operations(w.api().OpenAPI())
	if len(ops) != len(whoMay) {
		t.Errorf("%d operations, %d of them written down here", len(ops), len(whoMay))
	}
	for _, op := range ops {
		may, known := whoMay[op.OperationID]
		if !known {
			t.Errorf("%s %s (%s) is not written down here", op.Method, op.Path, op.OperationID)
			continue
		}
		if op.Extensions["x-hajir-function"] == nil || op.Extensions["x-hajir-access"] == nil {
			t.Errorf("%s does not state its function and who may call it", op.OperationID)
		}
		for caller, token := range callers {
			t.Run(op.OperationID+" by "+caller, func(t *testing.T) {
				path := strings.NewReplacer("{company}", "acme", "{username}", "asha-acme", "{face_id}", "none", "{shift_id}", "none", "{pattern_id}", "none").Replace(op.Path)
				r := w.do(op.Method, path, token, "application/json", strings.NewReader("{}"))
				if want := allowed(op, may, caller, token); want != http.StatusOK {
					if r.Code != want {
						t.Fatalf("%d, want %d: %s", r.Code, want, r.Body)
					}
					return
				}
				// What it does with so poor a request is another test's matter.
				forbiddenByProof := slices.Contains(may, byAnybody)
				if !forbiddenByProof && (r.Code == http.StatusUnauthorized || r.Code == http.StatusForbidden) || r.Code >= 500 {
					t.Fatalf("%d: %s", r.Code, r.Body)
				}
			})
			if op.OperationID == "end-employee-sessions" && caller == "acme's admin" {
				callers["acme's asha"] = w.token("asha-acme") // it has just done so
			}
		}
	}
}

// allowed returns 200 if the caller may call op on acme's asha, or the status
// of the refusal.
func allowed(op *huma.Operation, may []string, caller, token string) int {
	company, role, _ := strings.Cut(caller, "'s ")
	switch {
	case slices.Contains(may, byAnybody):
		return http.StatusOK
	case token == "" || caller == "a forger":
		return http.StatusUnauthorized
	case strings.Contains(op.Path, "{company}") && company != "acme":
		return http.StatusForbidden
	case role == "asha" && slices.Contains(may, bySelf), (role == "asha" || role == "bina") && slices.Contains(may, byEmployee):
		return http.StatusOK
	case slices.Contains(may, role):
		return http.StatusOK
	}
	return http.StatusForbidden
}

// A path of the own company does not lead to another company's people.
func TestCompaniesAreWalls(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.company("other")
	w.person("other", "olga")
	device, _ := w.kiosk("other")
	for _, tt := range []struct{ method, path string }{
		{"GET", "/companies/acme/employees/olga"},
		{"PATCH", "/companies/acme/employees/olga"},
		{"GET", "/companies/acme/employees/olga/days"},
		{"GET", "/companies/acme/employees/olga/faces"},
		{"DELETE", "/companies/acme/employees/olga/faces/7d8ee3a2-2f6b-4d0e-9f7d-000000000000"},
		{"DELETE", "/companies/acme/kiosks/" + device.Username},
		{"PATCH", "/companies/acme/kiosks/" + device.Username},
		{"PATCH", "/companies/acme/kiosks/olga"},
		{"GET", "/companies/acme/employees/olga/pin"},
		{"DELETE", "/companies/acme/employees/olga/pin"},
		{"DELETE", "/companies/acme/kiosks/olga"},
	} {
		w.want(w.call(tt.method, tt.path, token, map[string]any{}), http.StatusNotFound, "not_found")
	}
	w.want(w.send("/companies/acme/employees/olga/faces", token, []byte("face:olga")), http.StatusNotFound, "not_found")
	w.want(w.call("POST", "/companies/acme/employees", token, map[string]any{"username": "olga", "name": "Olga"}), http.StatusConflict, "conflict")
	w.want(w.checkIn(token, "face:olga"), http.StatusUnprocessableEntity, "face_unknown")
	if list := w.call("GET", "/companies/acme/employees", token, nil); strings.Contains(list.Body.String(), "olga") {
		t.Errorf("another company's people are listed: %s", list.Body)
	}
}

func TestRolesAreKnown(t *testing.T) {
	if got := fmt.Sprint(hajir.Roles()); got != "[admin employee kiosk]" {
		t.Errorf("roles changed to %s: add them to the callers above", got)
	}
}
