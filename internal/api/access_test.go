package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// tree is who reports to whom: the value's manager is the key.
type tree map[string]string

func (t tree) IsReport(_ context.Context, company, manager, username string) (bool, error) {
	if company == "broken" {
		return true, errors.New("the store is away")
	}
	return company == "acme" && t[manager] == username, nil
}

func (t tree) Verify(_ context.Context, token string) (identity.Principal, error) {
	return identity.Principal{Username: "mona", Company: token, Role: hajir.RoleManager}, nil
}

func TestAccessPermits(t *testing.T) {
	roles := func(r ...hajir.Role) []hajir.Role { return r }
	allow := Access{Allow: roles(hajir.RoleAdmin)}
	own := Access{Allow: roles(hajir.RoleAdmin), Self: roles(hajir.RoleEmployee)}
	reports := Access{Self: roles(hajir.RoleEmployee), Reports: roles(hajir.RoleManager)}
	all := Access{Allow: roles(hajir.RoleEmployee)}
	managers := Access{Allow: roles(hajir.RoleManager)}
	who := func(username string, role hajir.Role) identity.Principal {
		return identity.Principal{Username: username, Company: "acme", Role: role}
	}
	acme, mona, asha := who("acme", hajir.RoleAdmin), who("mona", hajir.RoleManager), who("asha", hajir.RoleEmployee)
	anil, kiosk := who("anil", hajir.RoleAuditor), who("kiosk-1", hajir.RoleKiosk)
	people := tree{"mona": "asha", "asha": "bina", "anil": "asha", "kiosk-1": "asha"}
	for _, tt := range []struct {
		name              string
		access            Access
		who               identity.Principal
		company, username string
		want              bool
	}{
		{"the admin", allow, acme, "acme", "", true},
		{"the admin on a person", allow, acme, "acme", "asha", true},
		{"the admin of another company", allow, acme, "other", "", false},
		{"where no company is named", allow, acme, "", "", true},
		{"an employee", allow, asha, "acme", "", false},
		{"a manager", allow, mona, "acme", "asha", false},
		{"an auditor", allow, anil, "acme", "", false},
		{"a kiosk", allow, kiosk, "acme", "", false},
		{"an employee on themselves", own, asha, "acme", "asha", true},
		{"an employee on themselves elsewhere", own, asha, "other", "asha", false},
		{"an employee on another", own, asha, "acme", "bina", false},
		{"an employee on nobody", own, asha, "acme", "", false},
		{"a manager is an employee, on themselves", own, mona, "acme", "mona", true},
		{"and only there", own, mona, "acme", "asha", false},
		{"an auditor on themselves", own, anil, "acme", "anil", false},
		{"a manager on a report", reports, mona, "acme", "asha", true},
		{"a manager on themselves", reports, mona, "acme", "mona", true},
		{"a manager on somebody else", reports, mona, "acme", "bina", false},
		{"a manager on somebody who is not there", reports, mona, "acme", "nobody", false},
		{"a manager on nobody", reports, mona, "acme", "", false},
		{"a manager on a report of the same name elsewhere", reports, mona, "other", "asha", false},
		{"an employee whom somebody names", reports, asha, "acme", "bina", false},
		{"an auditor whom somebody names", reports, anil, "acme", "asha", false},
		{"a kiosk whom somebody names", reports, kiosk, "acme", "asha", false},
		{"the admin where only reports are stated", reports, acme, "acme", "asha", false},
		{"an employee where all are allowed", all, asha, "acme", "", true},
		{"a manager where employees are allowed", all, mona, "acme", "", true},
		{"an auditor where employees are allowed", all, anil, "acme", "", false},
		{"a manager where managers are allowed", managers, mona, "acme", "", true},
		{"an employee where managers are allowed", managers, asha, "acme", "", false},
		{"where nothing is stated", Access{}, acme, "acme", "asha", false},
	} {
		got, err := tt.access.permits(t.Context(), tt.who, tt.company, tt.username, people)
		if got != tt.want || err != nil {
			t.Errorf("%s: %t, %v, want %t", tt.name, got, err, tt.want)
		}
	}
}

func TestAccessSaysWho(t *testing.T) {
	for want, a := range map[string]Access{
		"admin, auditor": {Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}},
		"admin, employee (own records), manager (own records), manager (records of their reports)": {
			Allow: []hajir.Role{hajir.RoleAdmin}, Self: []hajir.Role{hajir.RoleEmployee}, Reports: []hajir.Role{hajir.RoleManager},
		},
		"admin, manager, employee, kiosk, auditor": {Allow: hajir.Roles()},
		"public: for a test":                       {Public: "for a test"},
	} {
		if got := a.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func register(access Access) http.Handler {
	people := tree{"mona": "asha"}
	a := New(people, people, slog.New(slog.DiscardHandler), "test")
	Register(a, huma.Operation{OperationID: "x", Method: http.MethodGet, Path: "/companies/{company}/x/{username}"}, access,
		func(context.Context, *PersonPath) (*struct{}, error) { return nil, nil }) //nolint:nilnil // no body
	return a.Mux
}

// A store that cannot tell lets nobody through, and is not the caller's fault.
func TestAFailingStoreLetsNobodyThrough(t *testing.T) {
	h := register(Access{Function: Company, Reports: []hajir.Role{hajir.RoleManager}})
	for path, want := range map[string]int{
		"acme/x/asha": http.StatusNoContent, "acme/x/bina": http.StatusForbidden, "acme/x/nobody": http.StatusForbidden,
		"broken/x/asha": http.StatusInternalServerError, "broken/x/mona": http.StatusForbidden,
	} {
		company, _, _ := strings.Cut(path, "/")
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, Prefix+"/companies/"+path, http.NoBody)
		r.Header.Set("Authorization", "Bearer "+company) // Verify above reads the company from it
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d: %s", path, w.Code, want, w.Body)
		}
	}
}

func TestAnOperationThatStatesNothingIsRefused(t *testing.T) {
	for name, access := range map[string]Access{
		"nothing":     {},
		"no function": {Allow: []hajir.Role{hajir.RoleAdmin}},
		"nobody":      {Function: Company},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("an operation that states %s was taken", name)
				}
			}()
			register(access)
		}()
	}
	register(Access{Function: Company, Reports: []hajir.Role{hajir.RoleManager}})
}
