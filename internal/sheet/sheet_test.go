package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

var layout = sheet.Layout{
	Columns: []sheet.Column{
		{Name: "code", Also: []string{"employee code", "AC-No."}, Need: true}, {Name: "time", Also: []string{"date/time"}, Need: true}, {Name: "device"},
	},
	Bytes: 1 << 16, Lines: 5,
}

func loose() sheet.Layout {
	l := layout
	l.Loose = true
	l.Bare = func(first []string) []string {
		if len(first) > 1 {
			if _, err := sheet.ParseMoment(first[1], sheet.DayFirst); err == nil {
				return []string{"code", "time"}
			}
		}
		return nil
	}
	return l
}

func tell(l sheet.Layout, file string) string {
	s, err := l.Read(strings.NewReader(file))
	if err != nil {
		return err.Error()
	}
	var all []string
	for line, err := range s.Lines() {
		if err != nil {
			return err.Error()
		}
		if line.Err != nil {
			all = append(all, fmt.Sprintf("%d refused", line.Number))
			continue
		}
		all = append(all, fmt.Sprintf("%d %s/%s/%s", line.Number, line.Get("code"), line.Get("time"), line.Get("device")))
	}
	if len(s.Ignored) > 0 {
		all = append(all, "ignored "+strings.Join(s.Ignored, ","))
	}
	return strings.Join(all, " ")
}

func TestFiles(t *testing.T) {
	for name, tt := range map[string]struct{ file, want string }{
		"commas":                      {"code,time\n7,x\n", "2 7/x/"},
		"semicolons":                  {"code;time\n7;a,b\n", "2 7/a,b/"},
		"tabs":                        {"code\ttime\tdevice\n7\t\td\n", "2 7//d"},
		"a byte order mark":           {"\ufeffcode,time\r\n7,x\r\n", "2 7/x/"},
		"other names and capitals":    {"Employee_Code,DATE/TIME\n7,x", "2 7/x/"},
		"dots and dashes in names":    {"ac no,Time\n7,x", "2 7/x/"},
		"a comma in another column":   {"code;time;device\n7;x;\"a;b\"\n", "2 7/x/a;b"},
		"fields of several lines":     {"code,time,device\n7,x,\"a\nb\nc\"\n8,y,\n", "2 7/x/a\nb\nc 5 8/y/"},
		"blank lines":                 {"\ncode,time\n\n,\n  \n7,x\n", "6 7/x/"},
		"too few fields":              {"code,time,device\n7,x\n8,y,z\n", "2 refused 3 8/y/z"},
		"as many lines as there may":  {"code,time\n" + strings.Repeat("7,x\n", 5), "2 7/x/ 3 7/x/ 4 7/x/ 5 7/x/ 6 7/x/"},
		"one line more":               {"code,time\n" + strings.Repeat("7,x\n", 6), "too_large: the file has more than 5 lines; split it"},
		"too many bytes":              {"code,time\n" + strings.Repeat("x", 1<<16), "too_large: the file has more than 0 MB; split it"},
		"an open quotation mark":      {"code,time\n7,\"x\n", "invalid: the file is not CSV; look at its quotation marks near line 2"},
		"a column that is not known":  {"code,time,colour\n", `invalid: the column "colour" is not known; the first line names the columns: code, time and device`},
		"a column twice":              {"code,time,employee code\n", `invalid: the column "code" is there twice; leave one of them out`},
		"a column that is missing":    {"code\n", `invalid: the first line has no column "time"; it names the columns: code, time and device`},
		"a workbook":                  {"PK\x03\x04\x00\xff", "invalid: this is a workbook and no CSV file; save it as CSV UTF-8 in the spreadsheet"},
		"nothing":                     {" \n", `invalid: the column "" is not known; the first line names the columns: code, time and device`},
		"an empty file":               {"", "invalid: the file is empty; its first line names the columns: code, time and device"},
		"another encoding":            {"code,time\n\xe9,x\n", "invalid: the file is not UTF-8; save it as CSV UTF-8"},
		"a header as long as a novel": {strings.Repeat("a", 65<<10), "too_large: the file has more than 0 MB; split it"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Split(tell(layout, tt.file), ": parse error")[0]
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
	for name, tt := range map[string]struct{ file, want string }{
		"further columns are ignored": {"code,time,Verify Mode,\n7,x,1,\n", "2 7/x/ ignored Verify Mode"},
		"no header, tabs":             {" 7\t2026-11-24 09:02:11\t1\t0\n8\t2026-11-24 09:03:00\t1\t0\n", "1 7/2026-11-24 09:02:11/ 2 8/2026-11-24 09:03:00/"},
		"no header, as many as may":   {strings.Repeat("7,2026-11-24 09:02\n", 5), strings.TrimSpace(strings.Join([]string{"1 7/2026-11-24 09:02/", "2 7/2026-11-24 09:02/", "3 7/2026-11-24 09:02/", "4 7/2026-11-24 09:02/", "5 7/2026-11-24 09:02/"}, " "))},
		"no header, one more":         {strings.Repeat("7,2026-11-24 09:02\n", 6), "too_large: the file has more than 5 lines; split it"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tell(loose(), tt.file); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestReport(t *testing.T) {
	var all []sheet.LineReport
	for n := range sheet.Listed + 10 {
		r := sheet.LineReport{Line: n + 2, Outcome: sheet.New}
		if n >= sheet.Listed {
			r.Refuse(hajir.Errorf(hajir.NotFound, "nobody"))
		}
		all = append(all, r)
	}
	r := sheet.Tell(true, nil, all)
	last := r.Lines[len(r.Lines)-1]
	if r.New != sheet.Listed || r.Refused != 10 || r.Omitted != 10 || len(r.Lines) != sheet.Listed || last.Problem != "nobody" || last.Line != sheet.Listed+11 {
		t.Errorf("%+v, %d lines, the last %+v", r.Counts, len(r.Lines), last)
	}
	var c sheet.Changes
	c.Add("code", "7", "7")
	c.Add("department", "", "Kitchen")
	c.Add("code", "7", "")
	if c.String() != "department: – → Kitchen; code: 7 → –" {
		t.Error(c.String())
	}
}

// Whatever the file is, lines are in order, within their bounds, and a file is
// refused with a reason that may be told.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"code,time\n7,x\n", "\ufeffcode;time\n\"7\n\";x\n\n;\n", "7\t2026-11-24 09:02\t1\n", "code,time,x\n,,\n\"", "PK\x03\x04", "\xff", "",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, file []byte, isLoose bool) {
		l := layout
		if isLoose {
			l = loose()
		}
		refused := func(err error) {
			if code := hajir.CodeOf(err); code != hajir.Invalid && code != hajir.TooLarge {
				t.Fatal(err)
			}
		}
		s, err := l.Read(strings.NewReader(string(file)))
		if err != nil {
			refused(err)
			return
		}
		n, before := 0, 0
		for line, err := range s.Lines() {
			if err != nil {
				refused(err)
				return
			}
			if n++; line.Number <= before || n > l.Lines {
				t.Fatalf("line %d follows line %d, as number %d", line.Number, before, n)
			}
			before = line.Number
			_ = line.Get("code") + line.Get("time")
		}
	})
}
