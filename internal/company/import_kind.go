package company

import (
	"context"
	"fmt"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

// importKind is what a kind of import takes and does.
type importKind struct {
	layout sheet.Layout
	// example is a file to begin with. docs/import.md shows the same one, and a
	// test imports it.
	example string
	plan    func(b *bringing, ctx context.Context) error
}

// MaxImport bounds a file, in bytes.
const MaxImport = 16 << 20

var (
	columnUsername = sheet.Column{Name: "username", Also: []string{"user name"}}
	columnCode     = sheet.Column{Name: "code", Also: []string{"employee code", "emp code", "employee id", "emp id", "staff id"}}
)

var importKinds = map[hajir.ImportKind]importKind{
	hajir.ImportEmployees: {
		layout: sheet.Layout{Bytes: MaxImport, Lines: 10_000, Columns: []sheet.Column{
			columnUsername, columnCode,
			{Name: "name", Also: []string{"full name"}},
			{Name: "email", Also: []string{"mail"}},
			{Name: "department"},
			{Name: "phone", Also: []string{"mobile"}},
			{Name: "manager", Also: []string{"reports to"}},
			{Name: "time_zone", Also: []string{"zone"}},
			{Name: "joined", Also: []string{"joining date", "date of joining", "join date"}},
		}},
		example: `username,code,name,email,department,phone,manager,time_zone,joined
asha,1001,Asha Rai,asha@example.com,Kitchen,+9779812345678,mona,,2019-07-17
bina,1002,,,Sales,-,mona,Asia/Kolkata,2021-01-04
`,
		plan: (*bringing).planEmployees,
	},
	hajir.ImportShifts: {
		layout: sheet.Layout{Bytes: MaxImport, Lines: 200, Columns: []sheet.Column{
			{Name: "name", Also: []string{"shift", "shift name"}, Need: true},
			{Name: "start", Also: []string{"from"}, Need: true},
			{Name: "end", Also: []string{"to"}, Need: true},
			{Name: "break_minutes", Also: []string{"break"}},
			{Name: "break_start"},
			{Name: "break_end"},
			{Name: "break_rule"},
			{Name: "late_grace", Also: []string{"late grace minutes"}},
			{Name: "early_grace", Also: []string{"early grace minutes"}},
			{Name: "window_before"},
			{Name: "window_after"},
			{Name: "full_minutes", Also: []string{"full day"}},
			{Name: "half_minutes", Also: []string{"half day"}},
			{Name: "overtime"},
		}},
		example: `name,start,end,break_start,break_end,break_minutes,break_rule,late_grace,early_grace,full_minutes,half_minutes,overtime
Day,10:00,17:00,13:00,13:45,,deducted,10,10,300,180,end
Night,22:00,06:00,,,30,paid,15,10,360,180,none
`,
		plan: (*bringing).planShifts,
	},
	hajir.ImportRoster: {
		layout: sheet.Layout{Bytes: MaxImport, Lines: 100_000, Columns: []sheet.Column{
			columnUsername, columnCode, {Name: "date", Need: true}, {Name: "shift", Also: []string{"shift name"}, Need: true},
		}},
		example: `code,date,shift
1001,2026-03-09,Day
1001,2026-03-10,off
1002,2026-03-09,pattern
`,
		plan: (*bringing).planRoster,
	},
	hajir.ImportLeave: {
		layout: sheet.Layout{Bytes: MaxImport, Lines: 50_000, Columns: []sheet.Column{
			columnUsername, columnCode,
			{Name: "type", Also: []string{"leave type", "leave"}, Need: true},
			{Name: "days", Also: []string{"balance"}, Need: true},
			{Name: "date", Also: []string{"as of", "as on"}, Need: true},
		}},
		example: `code,type,days,date
1001,Annual leave,7.5,2026-02-28
1002,Annual leave,12,2026-02-28
`,
		plan: (*bringing).planLeave,
	},
	hajir.ImportDays: {
		layout: sheet.Layout{Bytes: MaxImport, Lines: 100_000, Columns: []sheet.Column{
			columnUsername, columnCode,
			{Name: "date", Need: true},
			{Name: "entry", Also: []string{"in", "entry1", "in time"}, Need: true},
			{Name: "exit", Also: []string{"out", "exit1", "out time"}},
			{Name: "entry2", Also: []string{"in2"}},
			{Name: "exit2", Also: []string{"out2"}},
		}},
		example: `code,date,entry,exit,entry2,exit2
1001,2026-02-16,10:02,13:00,13:45,17:05
1002,2026-02-16,22:00,06:10,,
`,
		plan: (*bringing).planDays,
	},
	hajir.ImportDevices: {
		layout: sheet.Layout{
			Bytes: MaxImport, Lines: 100_000, Loose: true, Bare: bareDevice,
			Columns: []sheet.Column{
				{Name: "code", Need: true, Also: []string{
					"employee code", "emp code", "employee id", "employee no.", "emp id", "emp no.", "user id", "person id", "enroll no.", "en no.", "ac no.", "no.", "id", "pin",
				}},
				{Name: "time", Need: true, Also: []string{"date time", "datetime", "date and time", "timestamp", "punch time", "check time", "attendance time", "clock time"}},
				{Name: "date"},
				{Name: "direction", Also: []string{"in out", "in/out mode", "state", "status", "attendance status", "check type", "attendance check point type"}},
				{Name: "device", Also: []string{"device name", "device id", "terminal", "terminal id", "machine", "reader", "attendance check point", "location"}},
			},
		},
		example: `code,time,direction,device
1001,2026-02-17 09:58:40,in,Front door
1001,2026-02-17 17:03:12,out,Front door
1002,2026-02-17 10:04:55,in,Back door
`,
		plan: (*bringing).planDevices,
	},
}

// people are a company's people, to be found by what a file calls them.
type people struct {
	byName map[string]hajir.Employee
	byCode map[string][]string // usernames, by the code in lower case
}

func (s *Service) knownPeople(ctx context.Context, company string) (people, error) {
	p := people{byName: map[string]hajir.Employee{}, byCode: map[string][]string{}}
	all, err := s.everyone(ctx, company)
	if err != nil {
		return p, fmt.Errorf("list employees: %w", err)
	}
	for _, e := range all {
		p.put(e)
	}
	return p, nil
}

func codeKey(code string) string { return strings.ToLower(strings.TrimSpace(code)) }

// put adds a person, or replaces them.
func (p people) put(e hajir.Employee) {
	if before, known := p.byName[e.Username]; known && before.Code != "" {
		var others []string
		for _, name := range p.byCode[codeKey(before.Code)] {
			if name != e.Username {
				others = append(others, name)
			}
		}
		p.byCode[codeKey(before.Code)] = others
	}
	p.byName[e.Username] = e
	if e.Code != "" {
		p.byCode[codeKey(e.Code)] = append(p.byCode[codeKey(e.Code)], e.Username)
	}
}

// named returns the person with a username.
func (p people) named(username string) (hajir.Employee, error) {
	e, ok := p.byName[strings.ToLower(username)]
	if !ok {
		return e, hajir.Errorf(hajir.NotFound, "nobody here has the username %.64q; correct it, or add the person first", username)
	}
	return e, nil
}

// coded returns the person with an employee code.
func (p people) coded(code string) (hajir.Employee, error) {
	switch names := p.byCode[codeKey(code)]; len(names) {
	case 0:
		return hajir.Employee{}, hajir.Errorf(hajir.NotFound,
			"nobody here has the employee code %.64q, with every zero; correct it, or give the code to the person first", code)
	case 1:
		return p.byName[names[0]], nil
	}
	return hajir.Employee{}, hajir.Errorf(hajir.Conflict, "several people have the employee code %.64q; give each one of their own", code)
}

// find returns who has a username, or else an employee code. Of both, both
// must be right.
func (p people) find(username, code string) (hajir.Employee, error) {
	switch {
	case username == "" && code == "":
		return hajir.Employee{}, hajir.Errorf(hajir.Invalid, "the line names nobody; give a username or an employee code")
	case username == "":
		return p.coded(code)
	}
	e, err := p.named(username)
	if err == nil && code != "" && codeKey(e.Code) != codeKey(code) {
		err = hajir.Errorf(hajir.Conflict, "the employee code of %s is %q and not %.64q; correct one of the two", e.Username, e.Code, code)
	}
	return e, err
}
