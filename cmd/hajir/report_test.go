package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hajir/internal/company"
	"hajir/internal/hajir"
	"hajir/internal/report"
)

// month is an office whose people have worked in March 2026: asha of Sales,
// whose name is a formula, under mona; bina, who came on the 16th; chet, who left
// on the 10th; lena, a manager of nobody, who was never there.
type month struct {
	*office
	unpaid string
}

func newMonth(t *testing.T) *month {
	t.Helper()
	m := &month{office: newOffice(t)}
	m.unpaid = m.leaveType(map[string]any{"name": "Unpaid leave", "paid": false, "unlimited": true, "allowance": 0, "accrual": "none", "carry_max": 0})
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// Leave is booked before the month begins.
	for _, ask := range []map[string]any{wishOf(m.annual, "2026-03-10", "2026-03-11"), wishOf(m.unpaid, "2026-03-12", "2026-03-12"), wishOf(m.annual, "2026-03-13", "2026-03-13", "first_half")} {
		r := m.want(m.ask("asha", ask), http.StatusCreated, "")
		m.want(m.call("POST", "/companies/acme/leave/requests/"+r.json["id"].(string)+"/decision", m.tokens["mona"], map[string]any{"approve": true}), http.StatusOK, "")
	}
	day, err := m.app.company.AddShift(ctx, hajir.Shift{
		Company: "acme", Name: "Day", Start: 10 * 60, End: 17 * 60, LateGrace: 10 * time.Minute, EarlyGrace: 10 * time.Minute, Before: 2 * time.Hour, After: 4 * time.Hour,
		Full: 5 * time.Hour, Half: 3 * time.Hour, Breaks: []hajir.Break{{From: 13 * 60, To: 14 * 60, Rule: hajir.BreakDeducted}},
		Overtime: hajir.Overtime{From: hajir.OvertimeAfterEnd, Step: 15 * time.Minute, Least: 30 * time.Minute},
	})
	must(err)
	_, err = m.app.company.SetRoster(ctx, "acme", company.RosterChange{Username: "asha", From: "2026-03-01", To: "2026-03-31", Shift: day.ID})
	must(err)
	for _, e := range []struct{ username, created, code, name string }{
		{"asha", "2026-02-01", "-12", "=HYPERLINK(\"http://x\")"},
		{"bina", "2026-03-16", "7", "Bina"},
		{"chet", "2026-02-01", "", "Chet, \"the third\""},
		{"mona", "2026-02-01", "", "Mona"},
		{"hema", "2026-02-01", "", "Hema"},
		{"lena", "2026-02-01", "", "Lena"},
	} {
		p, err := m.db.Employee(ctx, e.username)
		must(err)
		p.Code, p.Name, p.Active = e.code, e.name, e.username != "chet"
		if p.CreatedAt, err = time.Parse(time.DateOnly, e.created); err != nil {
			t.Fatal(err)
		}
		must(m.db.SaveEmployee(ctx, p))
	}
	for who, days := range map[string][]string{
		"asha": {
			"2026-03-02 10:00 17:00:40", "2026-03-03 10:25 17:00:40", "2026-03-04 10:00 14:30", "2026-03-05 10:00", "2026-03-06 10:00 17:50:30",
			"2026-03-07 10:00 13:00", "2026-03-13 13:30 17:00", "2026-03-16 10:00 13:00:20 13:50:20 17:00:50",
		},
		"bina": {"2026-03-16 09:00 17:00", "2026-03-17 22:00 26:00"},
		"chet": {"2026-03-09 09:00 12:00:59", "2026-03-10 09:00 12:00:59"},
		"olga": nil,
	} {
		for _, text := range days {
			parts := strings.Fields(text)
			d := hajir.Day{Name: who, Company: "acme", Date: parts[0]}
			for i, clock := range parts[1:] {
				var h, min, s int
				_, _ = fmt.Sscanf(clock+":00", "%d:%d:%d", &h, &min, &s)
				at := time.Date(2026, 3, 1, h, min, s, 0, time.FixedZone("", 5*3600+45*60)).AddDate(0, 0, hajir.DaysBetween("2026-03-01", parts[0]))
				d, _ = d.Record(hajir.Punch{ID: fmt.Sprint(who, text, i), At: at, Source: hajir.SourceKiosk})
			}
			must(m.db.SaveDay(ctx, d))
		}
	}
	m.clock.Advance(time.Date(2026, 4, 2, 6, 15, 0, 0, time.UTC).Sub(m.clock.Now()))
	m.admin = m.token("acme")
	for who := range m.tokens {
		if who != "admin" {
			m.tokens[who] = m.token(who)
		}
	}
	m.tokens["admin"] = m.admin
	return m
}

// table is a page of a report.
type table struct {
	Columns []report.ReportColumn
	Rows    []report.ReportRow
	Sums    []any
	People  int
	All     int    `json:"all_people"`
	Next    string `json:"next_cursor"`
}

func (m *month) table(token, path string) table {
	m.t.Helper()
	r := m.want(m.call("GET", "/companies/acme"+path, token, nil), http.StatusOK, "")
	var t table
	if err := json.Unmarshal(r.Body.Bytes(), &t); err != nil {
		m.t.Fatal(err)
	}
	return t
}

// cell returns the value in a person's row, of the column key; with "" for the
// username, the sum.
func (t table) cell(username, key string) any {
	i := slices.IndexFunc(t.Columns, func(c report.ReportColumn) bool { return c.Key == key })
	if i < 0 {
		return "no such column"
	}
	if username == "" {
		return t.Sums[i]
	}
	for _, row := range t.Rows {
		if row.Username == username {
			return row.Cells[i]
		}
	}
	return "no such row"
}

func (t table) who() string {
	var all []string
	for _, row := range t.Rows {
		all = append(all, row.Username)
	}
	return strings.Join(all, " ")
}

// made asks for a file and fetches it.
func (m *month) made(token, path string) (content []byte, name string) {
	m.t.Helper()
	made := m.work(m.want(m.call("POST", "/companies/acme"+path, token, map[string]any{}), http.StatusOK, ""))
	if made["made"] == nil {
		m.t.Fatalf("%s: nothing was made: %v", path, made)
	}
	file := made["made"].(map[string]any)
	r := m.want(m.call("GET", "/companies/acme/report-files/"+file["id"].(string), token, nil), http.StatusOK, "")
	if got := r.Header().Get("Content-Disposition"); got != fmt.Sprintf("attachment; filename=%q", file["name"]) || float64(r.Body.Len()) != file["bytes"] {
		m.t.Errorf("%s is %d bytes, said to be %v", got, r.Body.Len(), file)
	}
	return r.Body.Bytes(), file["name"].(string)
}

// work returns the last line of an answer, and fails if one before is not of
// progress.
func (m *month) work(r reply) map[string]any {
	m.t.Helper()
	var last map[string]any
	done := 0.0
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		last = nil
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			m.t.Fatal(err)
		}
		if last["done"].(float64) < done || last["done"].(float64) > last["total"].(float64) {
			m.t.Errorf("progress goes from %v to %v", done, last)
		}
		done = last["done"].(float64)
	}
	return last
}

const march = "month=2026-03"

func TestMuster(t *testing.T) {
	m := newMonth(t)
	muster := m.table(m.admin, "/reports/muster?"+march)
	if got := muster.who(); got != "asha bina chet hema lena mona" {
		t.Errorf("it tells of %s", got)
	}
	var marks []string
	for _, c := range muster.Rows[0].Cells[3:34] {
		marks = append(marks, c.(string))
	}
	if got, want := strings.Join(marks[:17], " "), "A P LT HD P? P HD A A L L L P/L A A P A"; got != want {
		t.Errorf("asha's month begins\n%s, want\n%s", got, want)
	}
	for _, tt := range []struct {
		who, key string
		want     any
	}{
		{"asha", "present", 6.5}, // of which the day without exit is a whole one
		{"asha", "paid_leave", 2.5},
		{"asha", "unpaid_leave", 1.0},
		{"asha", "missing_exits", 1.0},
		{"asha", "late_days", 1.0},
		{"asha", "late", 25.0},
		{"asha", "early", 150.0 + 240}, // on the 4th and the 7th
		{"asha", "overtime", 45.0},
		{"asha", "weekly_off", 0.0}, // the roster has none
		{"bina", "2026-03-15", ""},  // not there yet
		{"bina", "2026-03-16", "P"},
		{"bina", "worked", 720.0},   // a night without a shift is the date's on which it began
		{"bina", "weekly_off", 2.0}, // the 21st and 28th
		{"chet", "2026-03-11", ""},  // gone
		{"chet", "2026-03-07", "WO"},
		{"chet", "worked", 2 * 180.0}, // whole minutes, as each day shows
		{"lena", "absent", 27.0},
		{"lena", "payable", 4.0},
		{"asha", "not_over", 0.0},
		{"nobody", "code", "no such row"},
	} {
		if got := muster.cell(tt.who, tt.key); got != tt.want {
			t.Errorf("%s of %s is %v, want %v", tt.key, tt.who, got, tt.want)
		}
	}
	for i, c := range muster.Columns {
		if !c.Sum {
			continue
		}
		sum := 0.0
		for _, row := range muster.Rows {
			sum += row.Cells[i].(float64)
		}
		if sum != muster.Sums[i] {
			t.Errorf("the sum of %s is %v, and its rows have %v", c.Key, muster.Sums[i], sum)
		}
	}
	// A sheet of a person says the same.
	sheet := m.table(m.tokens["asha"], "/employees/asha/time-sheet?"+march)
	for _, key := range []string{"worked", "late", "early", "overtime", "payable"} {
		if got, want := sheet.cell("", key), muster.cell("asha", key); got != want {
			t.Errorf("%s is %v in the time sheet, %v in the muster", key, got, want)
		}
	}
	if got := sheet.Rows[15].Cells[5]; got != "10:00–13:00, 13:50–17:00" {
		t.Errorf("the punches are %v", got)
	}
	// So does the page of her month.
	page := m.want(m.call("GET", "/companies/acme/employees/asha/days?"+march, m.tokens["asha"], nil), http.StatusOK, "")
	if got := page.json["totals"].(map[string]any)["worked_seconds"]; got != sheet.cell("", "worked").(float64)*60 {
		t.Errorf("her page says %v seconds, the sheet %v minutes", got, sheet.cell("", "worked"))
	}

	// Pages together are the whole, and each its part.
	var rows []report.ReportRow
	for cursor, pages := "", 0; ; pages++ {
		part := m.table(m.admin, "/reports/muster?"+march+"&limit=2&cursor="+cursor)
		rows = append(rows, part.Rows...)
		if part.All != 7 || part.People > 2 { // the auditor is looked at, too
			t.Errorf("a page of %d of %d people", part.People, part.All)
		}
		if cursor = part.Next; cursor == "" || pages > 9 {
			break
		}
	}
	if fmt.Sprint(rows) != fmt.Sprint(muster.Rows) {
		t.Error("the pages are not the whole")
	}

	// A month of the Bikram Sambat calendar lies in two of the other.
	begin, _ := hajir.BSDate{Year: 2082, Month: 12, Day: 1}.Gregorian()
	end, err := hajir.BSDate{Year: 2082, Month: 12, Day: 30}.Gregorian()
	if err != nil {
		t.Fatal(err)
	}
	chaitra := m.table(m.admin, "/reports/muster?from="+begin+"&to="+end)
	if got := chaitra.cell("bina", "worked"); got != 720.0 || len(chaitra.Columns) != len(muster.Columns)-1 {
		t.Errorf("in Chaitra bina worked %v in %d columns", got, len(chaitra.Columns))
	}
	if got := chaitra.who(); got != "asha bina hema lena mona" {
		t.Errorf("in Chaitra there are %s", got)
	}
	if chaitra.cell("lena", "not_over") != 10.0 { // and two Saturdays are off
		t.Errorf("%v days are not over", chaitra.cell("lena", "not_over"))
	}

	for query, want := range map[string]string{
		"&department=sales": "asha chet", "&department=none": "", "&manager=mona": "asha bina mona", "&manager=hema": "asha bina hema mona",
	} {
		if got := m.table(m.admin, "/reports/muster?"+march+query).who(); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for who, want := range map[string]string{"mona": "asha bina mona", "hema": "asha bina hema mona", "lena": "lena"} {
		if got := m.table(m.tokens[who], "/reports/muster?"+march).who(); got != want {
			t.Errorf("%s sees %s, want %s", who, got, want)
		}
	}
	if got := m.table(m.tokens["hema"], "/reports/muster?"+march+"&manager=mona").who(); got != "asha bina mona" {
		t.Errorf("hema sees of mona's team %s", got)
	}
	m.want(m.call("GET", "/companies/acme/reports/muster?"+march+"&manager=hema", m.tokens["mona"], nil), http.StatusForbidden, "forbidden")
	for _, bad := range []string{"muster", "muster?month=2026-13", "muster?from=2026-03-01", "muster?from=2026-03-01&to=2026-06-01", "muster?from=2026-03-02&to=2026-03-01", "muster?" + march + "&from=2026-03-01&to=2026-03-02", "muster?" + march + "&cursor=gone", "salaries?" + march} {
		m.want(m.call("GET", "/companies/acme/reports/"+bad, m.admin, nil), http.StatusUnprocessableEntity, "invalid")
	}
	m.want(m.call("GET", "/companies/acme/employees/asha/time-sheet?from=2026-01-01&to=2026-12-31", m.admin, nil), http.StatusOK, "")
	m.want(m.call("GET", "/companies/acme/employees/asha/time-sheet?from=2026-01-01&to=2027-01-02", m.admin, nil), http.StatusUnprocessableEntity, "invalid")
	m.want(m.call("GET", "/companies/acme/reports/muster?"+march+"&manager=nobody", m.admin, nil), http.StatusNotFound, "not_found")
}

// CSV and XLSX have the rows that the page has, with the same figures.
func TestReportFiles(t *testing.T) {
	m := newMonth(t)
	for path, name := range map[string]string{
		"/reports/muster": "muster-acme-2026-03", "/reports/late": "late-acme-2026-03", "/reports/overtime": "overtime-acme-2026-03",
		"/reports/absences": "absences-acme-2026-03", "/reports/balances": "balances-acme-2026-03", "/employees/asha/time-sheet": "time-sheet-asha-2026-03",
	} {
		shown := m.table(m.admin, path+"?"+march)
		if len(shown.Rows) == 0 {
			t.Errorf("%s is empty", path)
		}
		text, file := m.made(m.admin, path+"/export?"+march+"&format=csv")
		if file != name+".csv" || bytes.HasPrefix(text, []byte("\ufeff")) || !bytes.HasSuffix(text, []byte("\r\n")) {
			t.Errorf("%s begins %q", file, text[:10])
		}
		withBOM, _ := m.made(m.admin, path+"/export?"+march+"&format=csv&bom=true")
		if !bytes.Equal(withBOM, append([]byte("\ufeff"), text...)) {
			t.Errorf("%s: the mark is all that differs", path)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil || len(rows) != len(shown.Rows)+1 {
			t.Fatalf("%s: %d rows, %v", path, len(rows), err)
		}
		book, file := m.made(m.admin, path+"/export?"+march+"&format=xlsx")
		if file != name+".xlsx" {
			t.Errorf("it is called %s", file)
		}
		x, err := excelize.OpenReader(bytes.NewReader(book))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := x.GetRows("Report", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(raw[0][0], "ACME") || raw[1][0] != "2026-03-01 to 2026-03-31, time zone Asia/Kathmandu, made at 2026-04-02 12:00" {
			t.Errorf("%s: the head is %q", path, raw[:2])
		}
		if panes, err := x.GetPanes("Report"); err != nil || !panes.Freeze || panes.YSplit != 3 {
			t.Errorf("%s: %+v, %v", path, panes, err)
		}
		for c, column := range shown.Columns {
			if raw[2][c] != column.Label {
				t.Errorf("%s: the header %q, want %q", path, raw[2][c], column.Label)
			}
			for r, row := range append(shown.Rows, report.ReportRow{Cells: shown.Sums}) {
				got := ""
				if c < len(raw[3+r]) {
					got = raw[3+r][c]
				}
				inCSV, isSum := "", r == len(shown.Rows)
				if !isSum {
					inCSV = rows[1+r][c]
				}
				if why := same(column, row.Cells[c], inCSV, got, isSum); why != "" {
					t.Errorf("%s, %s in row %d: %s", path, column.Key, r, why)
				}
			}
		}
	}
	format, _ := m.made(m.admin, "/reports/muster/export?"+march)
	x, err := excelize.OpenReader(bytes.NewReader(format))
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := x.GetRows("Report")
	if worked := rows[3][slices.Index(rows[2], "Worked")]; worked != "33:55" {
		t.Errorf("asha's time worked is shown as %s", worked)
	}
	if f, err := x.GetCellFormula("Report", "B4"); err != nil || f != "" || rows[3][1] != "=HYPERLINK(\"http://x\")" {
		t.Errorf("a name is the formula %q, shown as %q", f, rows[3][1])
	}
	text, _ := m.made(m.admin, "/reports/muster/export?"+march+"&format=csv")
	if !strings.Contains(string(text), "'-12,\"'=HYPERLINK(\"\"http://x\"\")\",Sales,") || !strings.Contains(string(text), `"Chet, ""the third"""`) {
		t.Errorf("names in CSV: %s", text[:400])
	}
}

// same says what is not the same of one cell on the page, in CSV and in XLSX.
func same(c report.ReportColumn, shown any, inCSV, inXLSX string, isSum bool) string {
	if shown == nil || shown == "" {
		if inCSV != "" || inXLSX != "" && inXLSX != "Total" {
			return fmt.Sprintf("%v is %q and %q", shown, inCSV, inXLSX)
		}
		return ""
	}
	n, isNumber := shown.(float64)
	if !isNumber {
		plain := strings.TrimPrefix(inCSV, "'")
		switch c.Form { //nolint:exhaustive // the others are our own words
		case report.FormText, report.FormMark:
			if plain != shown || inXLSX != shown {
				return fmt.Sprintf("%v is %q and %q", shown, inCSV, inXLSX)
			}
		case report.FormDate:
			days := hajir.DaysBetween("1899-12-30", shown.(string))
			if inCSV != shown || inXLSX != strconv.Itoa(days) {
				return fmt.Sprintf("%v is %q and %q", shown, inCSV, inXLSX)
			}
		default:
			if inCSV == "" || inCSV != inXLSX || strings.Contains(inCSV, "_") {
				return fmt.Sprintf("%v is %q and %q", shown, inCSV, inXLSX)
			}
		}
		return ""
	}
	var x float64
	if _, err := fmt.Sscan(inXLSX, &x); err != nil {
		return fmt.Sprintf("%v is %q in XLSX", shown, inXLSX)
	}
	if c.Form == report.FormMinutes || c.Form == report.FormClock {
		x = math.Round(x * 24 * 60)
	}
	var again float64
	switch c.Form { //nolint:exhaustive // the others are plain numbers
	case report.FormMinutes, report.FormClock:
		var h, m, day float64
		_, _ = fmt.Sscanf(inCSV, "%f:%f %f", &h, &m, &day)
		again = day*24*60 + h*60 + m
	default:
		_, _ = fmt.Sscan(inCSV, &again)
	}
	if x != n || !isSum && again != n {
		return fmt.Sprintf("%v is %q and %q", shown, inCSV, inXLSX)
	}
	return ""
}

// A file is for who asked, for an hour, sealed, and told of.
func TestReportFilesAreKeptForWhoAsked(t *testing.T) {
	m := newMonth(t)
	made := m.work(m.want(m.call("POST", "/companies/acme/employees/asha/time-sheet/export?"+march+"&format=csv", m.tokens["asha"], nil), http.StatusOK, ""))
	id := made["made"].(map[string]any)["id"].(string)
	m.want(m.call("GET", "/companies/acme/report-files/"+id, m.tokens["asha"], nil), http.StatusOK, "")
	for _, other := range []string{"admin", "mona", "bina"} {
		m.want(m.call("GET", "/companies/acme/report-files/"+id, m.tokens[other], nil), http.StatusNotFound, "not_found")
	}
	for _, bad := range []string{"none", "..", "%2e%2e", "7d8ee3a2-2f6b-4d0e-9f7d-000000000000"} {
		if r := m.call("GET", "/companies/acme/report-files/"+bad, m.tokens["asha"], nil); r.Code < 300 || r.Code >= 500 {
			t.Errorf("%s: %d", bad, r.Code)
		}
	}
	files := func() (n int) {
		t.Helper()
		_ = filepath.WalkDir(filepath.Join(m.dir, "data", "objects", "reports"), func(path string, d os.DirEntry, _ error) error {
			if d != nil && !d.IsDir() {
				n++
				if content, err := os.ReadFile(path); err != nil || bytes.Contains(content, []byte("2026-03")) {
					t.Errorf("%s can be read: %v", path, err)
				}
			}
			return nil
		})
		return n
	}
	if files() != 1 {
		t.Errorf("%d files are kept", files())
	}
	m.clock.Advance(59 * time.Minute)
	if err := m.report.Sweep(t.Context(), m.clock.Now()); err != nil || files() != 1 {
		t.Errorf("%d files within the hour, %v", files(), err)
	}
	m.clock.Advance(time.Minute)
	m.want(m.call("GET", "/companies/acme/report-files/"+id, m.token("asha"), nil), http.StatusNotFound, "not_found")
	if err := m.report.Sweep(t.Context(), m.clock.Now()); err != nil || files() != 0 {
		t.Errorf("%d files after it, %v", files(), err)
	}
	m.world.admin = ""
	var told []string
	for _, e := range m.auditOf("&action=look") {
		told = append(told, fmt.Sprint(e["actor"].(map[string]any)["username"], " ", e["operation"], " ", e["subject"], " ", e["after"]))
	}
	want := "asha export-time-sheet map[key:time-sheet/2026-03-01/2026-03-31 name:Asha person:asha table:reports] map[format:csv from:2026-03-01 report:time-sheet rows:31 to:2026-03-31]"
	if len(told) != 1 || told[0] != want {
		t.Errorf("the log tells %q", told)
	}
	// It is no look at a picture.
	views := m.want(m.call("GET", "/companies/acme/employees/asha/image-views", m.token("asha"), nil), http.StatusOK, "")
	if n := len(views.json["views"].([]any)); n != 0 {
		t.Errorf("%d looks at pictures", n)
	}
}

func TestPayroll(t *testing.T) {
	m := newMonth(t)
	const path = "/companies/acme/payroll-mappings"
	fields := m.want(m.call("GET", path, m.admin, nil), http.StatusOK, "").json["fields"].([]any)
	var columns []map[string]any
	for _, f := range fields {
		columns = append(columns, map[string]any{"header": fmt.Sprint("F ", f), "field": f})
	}
	columns[slices.Index(fields, any("constant"))]["constant"] = "+1"
	body := map[string]any{"name": " Tally ", "columns": columns, "delimiter": "semicolon", "decimal": "comma", "date_form": "bs", "bom": true}
	created := m.want(m.call("POST", path, m.admin, body), http.StatusCreated, "")
	one := path + "/" + created.json["id"].(string)
	if created.json["name"] != "Tally" || created.json["delimiter"] != "semicolon" || created.json["version"] != 1.0 || len(created.json["columns"].([]any)) != len(fields) {
		t.Errorf("it is %s", created.Body)
	}
	m.want(m.call("POST", path, m.admin, body), http.StatusConflict, "conflict")
	for what, change := range map[string]any{
		"decimal": "x", "delimiter": "comma", "date_form": "long", "columns": []any{map[string]any{"header": "a", "field": "salary"}}, "name": "",
	} {
		bad := map[string]any{}
		for k, v := range body {
			bad[k] = v
		}
		bad[what] = change
		m.want(m.call("POST", path, m.admin, bad), http.StatusUnprocessableEntity, "invalid")
		m.want(m.call("POST", "/companies/acme/payroll-preview?"+march, m.admin, bad), http.StatusUnprocessableEntity, "invalid")
	}
	preview := m.want(m.call("POST", "/companies/acme/payroll-preview?"+march+"&department=sales", m.admin, body), http.StatusOK, "")
	text, name := m.made(m.tokens["anil"], "/payroll-mappings/"+created.json["id"].(string)+"/export?"+march+"&department=sales")
	rest, found := strings.CutPrefix(string(text), "\ufeff")
	if !found || name != "payroll-acme-tally-sales-2026-03.csv" {
		t.Errorf("%s begins with %q", name, text[:6])
	}
	r := csv.NewReader(strings.NewReader(rest))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	muster := m.table(m.admin, "/reports/muster?"+march+"&department=sales")
	for i, f := range fields {
		shown := preview.json["rows"].([]any)[0].([]any)[i]
		if strings.TrimPrefix(rows[1][i], "'") != shown || rows[0][i] != preview.json["header"].([]any)[i] {
			t.Errorf("%v is %q, and %q in the preview", f, rows[1][i], shown)
		}
	}
	value := func(row int, field string) string { return rows[row][slices.Index(fields, any(field))] }
	for field, want := range map[string]string{
		"code": "'-12", "name": "'=HYPERLINK(\"http://x\")", "constant": "+1", "period_from": "2082-11-17", "days_unpaid_leave": "1", "days_paid_leave": "2,5",
		"days_present": "6,5", "days_payable": "9", "open_days": "1", "worked_hhmm": "33:55", "worked_hours": "33,92", "worked_minutes": "2035", "late_minutes": "25", "overtime_hours": "0,75",
	} {
		if got := value(1, field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if got := value(1, "worked_minutes"); got != fmt.Sprint(muster.cell("asha", "worked")) {
		t.Errorf("asha worked %s minutes, and %v in the muster", got, muster.cell("asha", "worked"))
	}

	body["version"], body["name"] = 1, "Bank"
	m.want(m.call("PUT", one, m.admin, body), http.StatusOK, "")
	m.want(m.call("PUT", one, m.admin, body), http.StatusConflict, "conflict")
	m.want(m.call("PUT", path+"/none", m.admin, body), http.StatusNotFound, "not_found")
	m.want(m.call("POST", path+"/none/export?"+march, m.admin, nil), http.StatusNotFound, "not_found")
	m.want(m.call("POST", one+"/export?month=soon", m.admin, nil), http.StatusUnprocessableEntity, "invalid")
	m.want(m.call("DELETE", one+"?version=1", m.admin, nil), http.StatusConflict, "conflict")
	m.want(m.call("DELETE", one+"?version=2", m.admin, nil), http.StatusNoContent, "")
	m.want(m.call("DELETE", one+"?version=2", m.admin, nil), http.StatusNotFound, "not_found")
}

// Three chunks of people are all there, with progress after each; and a client
// that leaves ends the work.
func TestReportOfManyPeople(t *testing.T) {
	t.Parallel() // it takes long
	w := newWorld(t)
	c := crowd(t, w.app, filepath.Join(w.dir, "data", "hajir.db"), 450)
	w.clock.Advance(time.Date(2026, 4, 2, 6, 15, 0, 0, time.UTC).Sub(w.clock.Now()))
	people, _, err := w.app.company.People(t.Context(), "acme", company.Query{})
	if err != nil || len(people) != 450 {
		t.Fatalf("%d people, %v", len(people), err)
	}
	q := report.Query{Kind: report.Muster, Company: c, Period: hajir.Period{From: "2026-03-01", To: "2026-03-31"}, People: people}
	var file bytes.Buffer
	var progress []string
	rows, err := w.report.Write(t.Context(), q, report.CSV, false, &file, func(done, total int) { progress = append(progress, fmt.Sprint(done, "/", total)) })
	if err != nil || rows != 450 || fmt.Sprint(progress) != "[200/450 400/450 450/450]" {
		t.Errorf("%d rows, progress %v, %v", rows, progress, err)
	}
	table, err := csv.NewReader(&file).ReadAll()
	if err != nil || len(table) != 451 {
		t.Fatalf("%d rows, %v", len(table), err)
	}
	// Whoever is a copy of another has the same month.
	months := map[string]string{}
	for _, row := range table[1:] {
		month := strings.Join(row[3:], ",")
		if other, seen := months[row[2]]; seen && other != month {
			t.Errorf("%s: %s, want %s", row[1], month, other)
		}
		months[row[2]] = month
	}
	if len(months) != patterns {
		t.Errorf("%d kinds of months", len(months))
	}
	for _, format := range []report.Format{report.CSV, report.XLSX} {
		ctx, leave := context.WithCancel(t.Context())
		chunks := 0
		_, err = w.report.Write(ctx, q, format, false, &file, func(int, int) { chunks++; leave() })
		if !errors.Is(err, context.Canceled) || chunks != 1 {
			t.Errorf("%d chunks after the client left, %v", chunks, err)
		}
	}
}
