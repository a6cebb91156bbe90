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
	byAuditor  = "auditor"
	byManager  = "manager"  // whomever the path names; the answer is about their reports
	byReports  = "reports"  // a manager, for the records of somebody who reports to them
	bySelf     = "self"     // an employee or manager, for their own records
	byEmployee = "employee" // or manager
	byKiosk    = "kiosk"
)

var whoMay = map[string][]string{
	"slack-command":        {byAnybody}, // who signs as Slack does, or nothing of it is read
	"slack-action":         {byAnybody}, // likewise
	"slack-event":          {byAnybody}, // likewise
	"read-slack-punch":     {byAnybody}, // with the token of a link
	"slack-punch":          {byAnybody}, // likewise
	"get-slack":            {byAdmin, byAuditor},
	"change-slack":         {byAdmin},
	"begin-slack-install":  {byAdmin},
	"finish-slack-install": {byAdmin},
	"uninstall-slack":      {byAdmin},
	"list-slack-channels":  {byAdmin},
	"list-slack-people":    {byAdmin, byAuditor},
	"read-slack-link":      {byAdmin, byAuditor, byEmployee}, // with the token of a link
	"confirm-slack-link":   {byAdmin, byAuditor, byEmployee}, // likewise
	"get-slack-link":       {byAdmin, bySelf},
	"unlink-slack":         {byAdmin, bySelf},

	"get-setup":       {byAnybody},
	"create-company":  {byAnybody}, // with the set-up token
	"sign-in":         {byAnybody},
	"sign-up":         {byAnybody}, // gives nothing until the link that is mailed was followed
	"read-sign-up":    {byAnybody}, // with the token of a link
	"confirm-sign-up": {byAnybody}, // likewise
	"refresh-session": {byAnybody},
	"sign-out":        {byAnybody},
	"get-object":      {byAnybody}, // with a signed link

	"list-invitations":    {byAdmin, byAuditor},
	"create-invitation":   {byAdmin},
	"import-invitations":  {byAdmin},
	"resend-invitation":   {byAdmin},
	"withdraw-invitation": {byAdmin},
	"read-invitation":     {byAnybody}, // with the token of a link
	"accept-invitation":   {byAnybody}, // likewise

	"me": {byAdmin, byAuditor, byEmployee, byKiosk},

	"list-sessions":         {byAdmin, byAuditor, byEmployee},
	"end-session":           {byAdmin, byAuditor, byEmployee},
	"end-other-sessions":    {byAdmin, byAuditor, byEmployee},
	"change-password":       {byAdmin, byAuditor, byEmployee},
	"end-employee-sessions": {byAdmin},

	"get-two-factor":            {byAdmin, byAuditor, byEmployee},
	"enrol-two-factor":          {byAdmin, byAuditor, byEmployee},
	"confirm-two-factor":        {byAdmin, byAuditor, byEmployee},
	"disable-two-factor":        {byAdmin, byAuditor, byEmployee},
	"reset-employee-two-factor": {byAdmin},

	"get-health-summary":   {byAdmin, byAuditor},
	"get-health":           {byAdmin, byAuditor}, // of the operator's company: others are answered 404
	"list-alarm-history":   {byAdmin, byAuditor}, // likewise, and so are the next three
	"examine-installation": {byAdmin},
	"silence-alarm":        {byAdmin},
	"end-silence":          {byAdmin},

	"get-company":             {byAdmin, byAuditor},
	"begin-passkey-sign-in":   {byAnybody},
	"sign-in-with-passkey":    {byAnybody}, // with the passkey
	"list-passkeys":           {byAdmin, byAuditor, byEmployee},
	"begin-passkey":           {byAdmin, byAuditor, byEmployee},
	"add-passkey":             {byAdmin, byAuditor, byEmployee},
	"rename-passkey":          {byAdmin, byAuditor, byEmployee},
	"remove-passkey":          {byAdmin, byAuditor, byEmployee},
	"reset-employee-passkeys": {byAdmin},

	"request-password-reset":  {byAnybody}, // only the owner gets mail
	"read-password-reset":     {byAnybody}, // with the token of a link
	"complete-password-reset": {byAnybody}, // likewise

	"change-company":  {byAdmin},
	"remove-demo":     {byAdmin},
	"get-board":       {byAdmin, byAuditor, byManager},
	"watch-board":     {byAdmin, byAuditor, byManager},
	"list-employees":  {byAdmin, byAuditor, byManager},
	"list-audit":      {byAdmin, byAuditor},
	"get-calibration": {byAdmin, byAuditor},

	"get-face-models":      {byAdmin, byAuditor},
	"finish-face-models":   {byAdmin},
	"rollback-face-models": {byAdmin},
	"verify-audit":         {byAdmin, byAuditor},
	"export-audit":         {byAdmin, byAuditor},
	"create-employee":      {byAdmin},
	"get-employee":         {byAdmin, byAuditor, bySelf, byReports},
	"change-employee":      {byAdmin},
	"list-days":            {byAdmin, byAuditor, bySelf, byReports},

	"list-image-views": {byAdmin, bySelf},

	"set-picture":     {byAdmin, bySelf},
	"delete-picture":  {byAdmin, bySelf},
	"set-phone":       {byAdmin, bySelf},
	"set-calendar":    {byAdmin, bySelf},
	"list-faces":      {byAdmin},
	"enrol-face":      {byAdmin},
	"examine-face":    {byAdmin},
	"delete-face":     {byAdmin},
	"list-kiosks":     {byAdmin, byAuditor},
	"create-kiosk":    {byAdmin},
	"delete-kiosk":    {byAdmin},
	"check-in":        {byAdmin, byKiosk},
	"check-in-by-pin": {byAdmin, byKiosk},
	// With the ticket that a check-in gave to the same device.
	"check-in-by-challenge": {byAdmin, byKiosk},
	"change-kiosk":          {byAdmin},
	"pair-kiosk":            {byAnybody}, // gives nothing until an admin enters the code
	"fetch-pairing":         {byAnybody}, // with the pairing's secret
	"approve-pairing":       {byAdmin},
	"get-pin":               {byAdmin},
	"set-pin":               {byAdmin},
	"delete-pin":            {byAdmin},

	"get-consent":           {byAdmin, bySelf},
	"decide-consent":        {bySelf}, // nobody decides in another's name without paper
	"record-consent":        {byAdmin},
	"get-receipt":           {byAdmin, bySelf},
	"list-erasures":         {byAdmin},
	"download-data":         {byAdmin, bySelf},
	"get-leave":             {byAdmin, byAuditor, bySelf, byReports},
	"list-leave-entries":    {byAdmin, byAuditor, bySelf, byReports},
	"list-leave-of":         {byAdmin, byAuditor, bySelf, byReports},
	"preview-leave":         {byAdmin, bySelf},
	"request-leave":         {byAdmin, bySelf},
	"cancel-leave":          {byAdmin, bySelf},
	"get-leave-calendar":    {byAdmin, byAuditor, byEmployee},
	"list-leave-types":      {byAdmin, byAuditor},
	"create-leave-type":     {byAdmin},
	"change-leave-type":     {byAdmin},
	"change-leave-settings": {byAdmin},
	"adjust-leave":          {byAdmin},
	"set-leave-dates":       {byAdmin},
	"post-leave":            {byAdmin},
	"list-leave-requests":   {byAdmin, byAuditor},
	"list-waiting-leave":    {byAdmin, byEmployee},
	"decide-leave":          {byAdmin, byEmployee}, // whose turn it is
	"get-delegate":          {byAdmin},             // and a manager for themselves, who asha is not
	"set-delegate":          {byAdmin},             // likewise
	"end-delegate":          {byAdmin},             // likewise

	"request-correction":       {bySelf},
	"withdraw-correction":      {bySelf},
	"list-waiting-corrections": {byAdmin, byEmployee},
	"decide-correction":        {byAdmin, byEmployee}, // whose turn it is
	"edit-day":                 {byAdmin},
	"list-closings":            {byAdmin, byAuditor},
	"close-days":               {byAdmin},
	"list-open-days":           {byAdmin, byAuditor, byManager},
	"list-events":              {byAdmin, byAuditor, byEmployee},
	"create-event":             {byAdmin},
	"change-event":             {byAdmin},
	"delete-event":             {byAdmin},
	"import-events":            {byAdmin},
	"list-optional-holidays":   {byAdmin, byAuditor, bySelf, byReports},
	"choose-holiday":           {byAdmin, bySelf},
	"drop-holiday":             {byAdmin, bySelf},

	"list-feeds":        {byAdmin, byAuditor, byEmployee},
	"make-feed":         {byAdmin, byAuditor, byEmployee},
	"delete-feed":       {byAdmin, byAuditor, byEmployee},
	"get-feed":          {byAnybody}, // with the secret of a link
	"list-imports":      {byAdmin, byAuditor},
	"list-import-kinds": {byAdmin},
	"import-file":       {byAdmin},

	"list-shifts":      {byAdmin, byAuditor},
	"create-shift":     {byAdmin},
	"change-shift":     {byAdmin},
	"delete-shift":     {byAdmin},
	"list-patterns":    {byAdmin, byAuditor},
	"create-pattern":   {byAdmin},
	"change-pattern":   {byAdmin},
	"delete-pattern":   {byAdmin},
	"assign-pattern":   {byAdmin},
	"unassign-pattern": {byAdmin},
	"get-roster":       {byAdmin, byAuditor},
	"set-roster":       {byAdmin},
	"recompute-days":   {byAdmin},

	"get-ask-page":             {byAnybody}, // where the company has opened it
	"begin-question":           {byAnybody}, // likewise
	"ask-question":             {byAnybody}, // likewise, with a proof of work
	"suggest-answers":          {byAnybody}, // likewise, from what is published
	"list-published-questions": {byAnybody}, // likewise
	"list-own-questions":       {bySelf},
	"ask-own-question":         {bySelf},
	"suggest-own-answers":      {byEmployee},
	"list-questions":           {byAdmin, byAuditor, byManager}, // a manager: those given to them
	"count-questions":          {byAdmin, byAuditor, byManager}, // likewise
	"get-question":             {byAdmin, byAuditor, byManager}, // likewise
	"answer-question":          {byAdmin, byManager},            // likewise
	"move-question":            {byAdmin, byManager},            // likewise
	"assign-question":          {byAdmin},
	"publish-question":         {byAdmin},
	"withdraw-question":        {byAdmin},
	"merge-question":           {byAdmin},
	"unmerge-question":         {byAdmin},
	"delete-question":          {byAdmin},
	"export-questions":         {byAdmin, byAuditor},
	"get-question-settings":    {byAdmin, byAuditor},
	"change-question-settings": {byAdmin},

	"get-report":             {byAdmin, byAuditor, byManager},
	"export-report":          {byAdmin, byAuditor, byManager},
	"get-report-file":        {byAdmin, byAuditor, byEmployee}, // what they had made
	"get-time-sheet":         {byAdmin, byAuditor, bySelf, byReports},
	"export-time-sheet":      {byAdmin, byAuditor, bySelf, byReports},
	"list-payroll-mappings":  {byAdmin, byAuditor},
	"create-payroll-mapping": {byAdmin},
	"change-payroll-mapping": {byAdmin},
	"delete-payroll-mapping": {byAdmin},
	"preview-payroll":        {byAdmin},
	"export-payroll":         {byAdmin, byAuditor},

	"list-deliveries":       {byAdmin, byAuditor},
	"send-again":            {byAdmin},
	"list-webhooks":         {byAdmin, byAuditor},
	"create-webhook":        {byAdmin},
	"change-webhook":        {byAdmin},
	"delete-webhook":        {byAdmin},
	"rotate-webhook-secret": {byAdmin},
	"test-webhook":          {byAdmin},
	"list-webhook-attempts": {byAdmin, byAuditor},
	"get-notifications":     {byAdmin, byEmployee},
	"change-notifications":  {byAdmin, byEmployee},
	"read-subscription":     {byAnybody}, // with the signed link of a mail
	"open-unsubscribe":      {byAnybody}, // likewise
	"unsubscribe":           {byAnybody}, // likewise
	"list-reviews":          {byAdmin, byAuditor},
	"decide-review":         {byAdmin},
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
		// asha reports to mona and she to hema; bina reports to lena.
		for _, p := range []hajir.Employee{
			{Username: "hema", Role: hajir.RoleManager},
			{Username: "mona", Role: hajir.RoleManager, Manager: "hema-" + company},
			{Username: "lena", Role: hajir.RoleManager},
			{Username: "asha", Manager: "mona-" + company},
			{Username: "bina", Manager: "lena-" + company},
			{Username: "anil", Role: hajir.RoleAuditor},
		} {
			name := p.Username
			p.Username, p.Company = name+"-"+company, company
			w.add(p)
			callers[company+"'s "+name] = w.token(p.Username)
		}
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
				path := strings.NewReplacer("imports/{kind}", "imports/days", "{company}", "acme", "{username}", "asha-acme", "{face_id}", "none", "{number}", "1", "{shift_id}", "none", "{pattern_id}", "none", "{date}", "2026-03-08",
					"{alarm}", "store.errors", "{report}", "muster", "{file_id}", "none", "{mapping_id}", "none", "{review_id}", "none", "{slug}", "acme", "{questionid}", "none", "{event_id}", "none", "{kind}", "events", "{file}", "none.ics", "{token}", "none").Replace(op.Path)
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
	company, who, _ := strings.Cut(caller, "'s ")
	states := func(by string) bool { return slices.Contains(may, by) }
	switch {
	case states(byAnybody):
		return http.StatusOK
	case token == "" || caller == "a forger":
		return http.StatusUnauthorized
	case strings.Contains(op.Path, "{company}") && company != "acme":
		return http.StatusForbidden
	}
	named := strings.Contains(op.Path, "{username}") // and that is asha
	allowed := map[string]bool{
		"admin": states(byAdmin),
		"anil":  states(byAuditor),
		"kiosk": states(byKiosk),
		"asha":  states(byEmployee) || states(bySelf),
		"bina":  states(byEmployee),
		"mona":  states(byEmployee) || states(byManager) || states(byReports) && named,
		"hema":  states(byEmployee) || states(byManager) || states(byReports) && named,
		"lena":  states(byEmployee) || states(byManager), // of another team
	}
	if allowed[who] {
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
		{"DELETE", "/companies/acme/employees/olga/picture"},
		{"DELETE", "/companies/acme/kiosks/" + device.Username},
		{"PATCH", "/companies/acme/kiosks/" + device.Username},
		{"PATCH", "/companies/acme/kiosks/olga"},
		{"GET", "/companies/acme/employees/olga/pin"},
		{"DELETE", "/companies/acme/employees/olga/pin"},
		{"GET", "/companies/acme/employees/olga/consent"},
		{"GET", "/companies/acme/employees/olga/erasures/1"},
		{"GET", "/companies/acme/employees/olga/data"},
		{"DELETE", "/companies/acme/kiosks/olga"},
		{"GET", "/companies/acme/employees/olga/optional-holidays"},
	} {
		w.want(w.call(tt.method, tt.path, token, map[string]any{}), http.StatusNotFound, "not_found")
	}
	w.want(w.call("POST", "/companies/acme/employees/olga/consent/paper", token, map[string]any{"state": "withdrawn"}), http.StatusNotFound, "not_found")
	w.want(w.send("/companies/acme/employees/olga/faces", token, []byte("face:olga")), http.StatusNotFound, "not_found")
	w.want(w.call("POST", "/companies/acme/employees", token, map[string]any{"username": "olga", "name": "Olga"}), http.StatusConflict, "conflict")
	w.want(w.checkIn(token, "face:olga"), http.StatusUnprocessableEntity, "face_unknown")
	if list := w.call("GET", "/companies/acme/employees", token, nil); strings.Contains(list.Body.String(), "olga") {
		t.Errorf("another company's people are listed: %s", list.Body)
	}
}

func TestRolesAreKnown(t *testing.T) {
	if got := fmt.Sprint(hajir.Roles()); got != "[admin manager employee kiosk auditor]" {
		t.Errorf("roles changed to %s: add them to the callers above", got)
	}
}
