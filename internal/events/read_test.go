package events_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hajir/internal/events"
	"hajir/internal/hajir"
)

var kathmandu = time.FixedZone("Asia/Kathmandu", 5*3600+45*60)

func read(file string) ([]events.Row, error) {
	return events.Read([]byte(file), hajir.OccasionHoliday, kathmandu, "2026-03-02")
}

// vevent is a calendar file with one event of these lines.
func vevent(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u\r\nSUMMARY:Holi\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct{ file, want string }{
		"the least":                {"date,title\n2026-03-08,Holi\n", "2 holiday 2026-03-08 2026-03-08 Holi company"},
		"all columns in any order": {"Title,kind,note,DATE,to,start,end,department,person\nMove,Event,\"a\nb\",2026-03-07,2026-03-08,22:00,01:30,IT,\n", "2 event 2026-03-07 2026-03-08 22:00-01:30 Move department IT"},
		"times make it an event":   {"date,title,start,end,person\n2026-03-08,Talk,10:00,11:00,Asha\n", "2 event 2026-03-08 2026-03-08 10:00-11:00 Talk person asha"},
		"semicolons and a mark":    {"\ufeffdate;title\r\n2026-03-08;Holi, the feast\r\n;\r\n", "2 holiday 2026-03-08 2026-03-08 Holi, the feast company"},
		"Nepali":                   {"date,title\n2026-03-08,फागु पूर्णिमा\n", "2 holiday 2026-03-08 2026-03-08 फागु पूर्णिमा company"},
		"bad lines":                {"date,title,kind\n8.3.2026,A,\n2026-03-08,,\n2026-03-08,B,party\n2026-03-08\n2026-03-09,C,optional\n", "2 invalid: a date has the form YYYY-MM-DD; 3 invalid: the title must have 1 to 200 characters; 4 invalid: a kind is holiday, optional or event; 5 invalid: the line has 1 fields and the first line 3; put fields with commas in quotation marks; 6 optional 2026-03-09 2026-03-09 C company"},
		"two minds":                {"date,title,department,person\n2026-03-08,A,IT,asha\n", "2 invalid: an event is for a department or for a person, and not for both"},
		"no such column":           {"date,title,colour\n", "invalid"},
		"no title":                 {"date,to\n", "invalid"},
		"a column twice":           {"date,title,date\n", "invalid"},
		"empty":                    {"", "invalid"},
		"another encoding":         {"date,title\n2026-03-08,\xe9\n", "invalid"},
		"an open quotation mark":   {"date,title\n2026-03-08,\"A\n", "invalid"},
		"too large":                {"date,title\n" + strings.Repeat("#", events.MaxFile), "too_large"},
		"too many":                 {"date,title\n" + strings.Repeat("2026-03-08,A\n", events.MaxRows+1), "too_large"},

		"a day":                     {vevent("DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260309"), "1 holiday 2026-03-08 2026-03-08 Holi company"},
		"a day without an end":      {vevent("DTSTART;VALUE=DATE:20260308"), "1 holiday 2026-03-08 2026-03-08 Holi company"},
		"a day whose end is itself": {vevent("DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260308"), "1 holiday 2026-03-08 2026-03-08 Holi company"},
		"a week":                    {vevent("DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260315"), "1 holiday 2026-03-08 2026-03-14 Holi company"},
		"a week, as a duration":     {vevent("DTSTART;VALUE=DATE:20260308", "DURATION:P1W"), "1 holiday 2026-03-08 2026-03-14 Holi company"},
		"a time in UTC":             {vevent("DTSTART:20260308T200000Z", "DTEND:20260308T210000Z"), "1 event 2026-03-09 2026-03-09 01:45-02:45 Holi company"},
		"a time in a zone":          {vevent("DTSTART;TZID=Europe/Berlin:20260308T100000", "DTEND;TZID=Europe/Berlin:20260308T110000"), "1 event 2026-03-08 2026-03-08 14:45-15:45 Holi company"},
		"a time in no zone":         {vevent("DTSTART:20260308T100000", "DURATION:PT1H30M"), "1 event 2026-03-08 2026-03-08 10:00-11:30 Holi company"},
		"until midnight":            {vevent("DTSTART:20260308T220000", "DTEND:20260309T000000"), "1 event 2026-03-08 2026-03-08 22:00-23:59 Holi company"},
		"past midnight":             {vevent("DTSTART:20260308T220000", "DTEND:20260309T010000"), "1 event 2026-03-08 2026-03-09 22:00-01:00 Holi company"},
		"a folded line":             {vevent("DTSTART;VALUE=DATE:2026", " 0308"), "1 holiday 2026-03-08 2026-03-08 Holi company"},
		"every year":                {vevent("DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1"), years("05-01", 2026, 2030)},
		"every year but one":        {vevent("DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20260501,20280501"), "1 holiday 2027-05-01 2027-05-01 Holi company; 1 holiday 2029-05-01 2029-05-01 Holi company; 1 holiday 2030-05-01 2030-05-01 Holi company"},
		"until a year":              {vevent("DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY;UNTIL=20270501"), years("05-01", 2026, 2027)},
		"a number of times":         {vevent("DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY;COUNT=8"), years("05-01", 2026, 2027)},
		"every other year":          {vevent("DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY;INTERVAL=4"), "1 holiday 2028-05-01 2028-05-01 Holi company"},
		"the fourth Thursday":       {vevent("DTSTART;VALUE=DATE:20251127", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20271231"), "1 holiday 2026-11-26 2026-11-26 Holi company; 1 holiday 2027-11-25 2027-11-25 Holi company"},

		"repeats weekly":      {vevent("DTSTART;VALUE=DATE:20260308", "RRULE:FREQ=WEEKLY"), "1 invalid: only what repeats every year is read; enter this by hand"},
		"repeats too often":   {vevent("DTSTART;VALUE=DATE:20260308", "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE"), "1 invalid: it repeats more than 60 times in 5 years; enter it by hand"},
		"repeats no more":     {vevent("DTSTART;VALUE=DATE:20200308", "RRULE:FREQ=YEARLY;COUNT=2"), "1 invalid: it does not repeat in the years 2026 to 2030"},
		"never comes":         {vevent("DTSTART;VALUE=DATE:20200308", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "1 invalid: it does not repeat in the years 2026 to 2030"},
		"on dates of its own": {vevent("DTSTART;VALUE=DATE:20260308", "RDATE;VALUE=DATE:20260401"), "1 invalid: it repeats on dates of its own (RDATE, or several rules), which is not read; enter them by hand"},
		"a huge interval":     {vevent("DTSTART;VALUE=DATE:20260308", "RRULE:FREQ=YEARLY;INTERVAL=9223372036854775807;BYMONTHDAY=31;BYMONTH=2"), "1 invalid: the rule by which it repeats cannot be read"},
		"a long rule":         {vevent("DTSTART;VALUE=DATE:20260308", "RRULE:FREQ=YEARLY;BYYEARDAY=1"+strings.Repeat(",2", 100)), "1 invalid: the rule by which it repeats is too long; enter it by hand"},
		"a broken rule":       {vevent("DTSTART;VALUE=DATE:20260308", "RRULE:FREQ=SOMETIMES"), "1 invalid: the rule by which it repeats cannot be read"},
		"one of a series":     {vevent("DTSTART;VALUE=DATE:20260308", "RECURRENCE-ID;VALUE=DATE:20260307"), "1 invalid: it changes one date of an event that repeats; enter that by hand"},
		"cancelled":           {vevent("DTSTART;VALUE=DATE:20260308", "STATUS:CANCELLED"), "1 invalid: the file says that it is cancelled"},
		"no date":             {vevent("LOCATION:here"), "1 invalid: it has no date (DTSTART)"},
		"no such date":        {vevent("DTSTART;VALUE=DATE:20260230"), "1 invalid: its date \"20260230\" cannot be read"},
		"a zone of Outlook":   {vevent("DTSTART;TZID=Nepal Standard Time:20260308T100000"), "1 invalid: its time zone \"Nepal Standard Time\" is not known; export the calendar with a name such as Asia/Kathmandu, or in UTC"},
		"backwards":           {vevent("DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260301"), "1 invalid: it ends before it begins"},
		"a quarter":           {vevent("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20260401"), "1 invalid: an event has at most 60 dates; add another one for the rest"},
		"cut off":             {strings.TrimSuffix(vevent("DTSTART;VALUE=DATE:20260308"), "END:VCALENDAR\r\n"), "invalid"},
		"damaged":             {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VTODO\nEND:VCALENDAR\n", "invalid"},
		"no events":           {"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := read(tt.file)
			if got := tell(rows, err); got != tt.want {
				t.Errorf("got  %.400q\nwant %.400q", got, tt.want)
			}
		})
	}
}

// years are the rows of what is on a date of each year.
func years(date string, from, to int) string {
	var all []string
	for y := from; y <= to; y++ {
		all = append(all, fmt.Sprintf("1 holiday %d-%s %d-%s Holi company", y, date, y, date))
	}
	return strings.Join(all, "; ")
}

func tell(rows []events.Row, err error) string {
	if err != nil {
		return string(hajir.CodeOf(err))
	}
	var all []string
	for _, r := range rows {
		if e, ok := errors.AsType[*hajir.Error](r.Err); ok {
			all = append(all, fmt.Sprintf("%d %s: %s", r.Line, e.Code, e.Message))
			continue
		}
		o := r.Occasion
		times := ""
		if o.Start != nil {
			times = fmt.Sprintf("%s-%s ", o.Start, o.End)
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%d %s %s %s %s%s %s %s", r.Line, o.Kind, o.From, o.To, times, o.Title, o.Scope, o.Subject)))
	}
	return strings.Join(all, "; ")
}

// Whatever the file is, what is taken from it is in order.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"date,title\n2026-03-08,Holi\n", "\ufeffdate;title;start;end\n2026-03-08;A;10:00;11:00\n", "date,title\n\"", "",
		vevent("DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260310"), vevent("DTSTART;TZID=Asia/Kathmandu:20260308T100000", "DURATION:PT1H"),
		vevent("DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5;BYSETPOS=1;WKST=SU", "EXDATE:20260501T000000Z"),
		vevent("DTSTART;VALUE=DATE:20200229", "RRULE:FREQ=YEARLY;INTERVAL=3;BYYEARDAY=-1,60;BYWEEKNO=9;BYEASTER=1;COUNT=4;UNTIL=20290101T000000Z"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := read(string(file))
		if err != nil {
			if code := hajir.CodeOf(err); code != hajir.Invalid && code != hajir.TooLarge || len(rows) > 0 {
				t.Fatalf("%d rows and %v", len(rows), err)
			}
			return
		}
		for _, r := range rows {
			if r.Line < 1 {
				t.Fatalf("line %d", r.Line)
			}
			if r.Err != nil {
				if hajir.CodeOf(r.Err) != hajir.Invalid {
					t.Fatal(r.Err)
				}
				continue
			}
			if err := r.Occasion.Validate(); err != nil {
				t.Fatalf("took %+v: %v", r.Occasion, err)
			}
		}
	})
}
