package events

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"

	"hajir/internal/hajir"
)

const (
	// yearsAhead is for how many years, the present one among them, an event is
	// entered that repeats every year.
	yearsAhead = 5
	// maxRepeats is how often an event may be there in these years.
	maxRepeats = 60
	// maxRule is how many bytes a rule has at most, and maxInterval for how many
	// years it leaves an event out: the library adds without looking.
	maxRule, maxInterval = 200, 100
	// maxNote is how many bytes of a description are kept.
	maxNote = 1000
)

// isCalendar says whether a file is an iCalendar and no CSV.
func isCalendar(content []byte) bool {
	const begin = "BEGIN:VCALENDAR"
	content = bytes.TrimLeft(content, " \t\r\n")
	return len(content) >= len(begin) && strings.EqualFold(string(content[:len(begin)]), begin)
}

// calendarFile reads an iCalendar file. Whole days become of a kind; what has
// times is an event, in the time zone loc. What repeats every year is entered
// for some years from today on.
type calendarFile struct {
	kind  hajir.OccasionKind
	loc   *time.Location
	today string
}

func (f calendarFile) read(content []byte) ([]Row, error) {
	content = bytes.TrimSpace(content)
	if bytes.Count(content, []byte("BEGIN:")) > 10*MaxRows {
		return nil, tooMany()
	}
	cal, err := ics.ParseCalendar(bytes.NewReader(content))
	if err != nil {
		return nil, &hajir.Error{Code: hajir.Invalid, Message: "the calendar file is damaged; export it anew", Cause: err}
	}
	if !bytes.HasSuffix(bytes.ToUpper(content), []byte("END:VCALENDAR")) {
		return nil, hajir.Errorf(hajir.Invalid, "the calendar file has no end; download it again")
	}
	var all []Row
	for i, e := range cal.Events() {
		for _, row := range f.event(e) {
			if len(all) == MaxRows {
				return nil, tooMany()
			}
			row.Line = i + 1
			all = append(all, row)
		}
	}
	return all, nil
}

// event returns the rows of one event: several of one that repeats.
func (f calendarFile) event(e *ics.VEvent) []Row {
	o, err := f.occasion(e)
	if err != nil {
		return []Row{{Occasion: o, Err: err}}
	}
	dates, repeats, err := f.repeated(e, o.From)
	if err != nil {
		return []Row{{Occasion: o, Err: err}}
	}
	lasts := hajir.DaysBetween(o.From, o.To)
	var rows []Row
	for _, d := range dates {
		x := o
		x.From, x.To = d, hajir.AddDays(d, lasts)
		if repeats && o.UID != "" {
			x.UID = o.UID + "#" + d
		}
		rows = append(rows, Row{Occasion: x, Err: x.Validate()})
	}
	return rows
}

// occasion reads an event without its repetitions.
func (f calendarFile) occasion(e *ics.VEvent) (hajir.Occasion, error) {
	value := func(p ics.ComponentProperty) string {
		if x := e.GetProperty(p); x != nil {
			return x.Value
		}
		return ""
	}
	o := hajir.Occasion{
		Title: line(value(ics.ComponentPropertySummary)), Note: note(value(ics.ComponentPropertyDescription)),
		Kind: f.kind, Scope: hajir.ScopeCompany, UID: strings.TrimSpace(value(ics.ComponentPropertyUniqueId)),
	}
	switch {
	case strings.EqualFold(value(ics.ComponentPropertyStatus), string(ics.ObjectStatusCancelled)):
		return o, hajir.Errorf(hajir.Invalid, "the file says that it is cancelled")
	case e.HasProperty(ics.ComponentPropertyRecurrenceId):
		return o, hajir.Errorf(hajir.Invalid, "it changes one date of an event that repeats; enter that by hand")
	case !e.HasProperty(ics.ComponentPropertyDtStart):
		return o, hajir.Errorf(hajir.Invalid, "it has no date (DTSTART)")
	}
	start, whole, err := f.moment(e.GetProperty(ics.ComponentPropertyDtStart))
	if err != nil {
		return o, err
	}
	end := start
	switch {
	case e.HasProperty(ics.ComponentPropertyDtEnd):
		if end, _, err = f.moment(e.GetProperty(ics.ComponentPropertyDtEnd)); err != nil {
			return o, err
		}
	case e.HasProperty(ics.ComponentPropertyDuration):
		if end, err = after(start, value(ics.ComponentPropertyDuration)); err != nil {
			return o, err
		}
	case whole:
		end = start.AddDate(0, 0, 1)
	}
	if end.Before(start) {
		return o, hajir.Errorf(hajir.Invalid, "it ends before it begins")
	}
	o.From = start.Format(time.DateOnly)
	if whole { // the end is the first date behind it; some write the last one
		o.To = max(o.From, end.AddDate(0, 0, -1).Format(time.DateOnly))
		return o, o.Validate()
	}
	if end.After(start) && end.Hour()+end.Minute() == 0 {
		end = end.Add(-time.Minute) // midnight is the day before's
	}
	o.Kind, o.To = hajir.OccasionEvent, end.Format(time.DateOnly)
	from, to := hajir.Clock(start.Hour()*60+start.Minute()), hajir.Clock(end.Hour()*60+end.Minute())
	o.Start, o.End = &from, &to
	return o, o.Validate()
}

// moment reads a date, which is whole, or a time, which is in the company's
// zone then.
func (f calendarFile) moment(p *ics.IANAProperty) (t time.Time, whole bool, err error) {
	text := strings.TrimSpace(p.Value)
	if t, err = time.Parse("20060102", text); err == nil {
		return t, true, nil
	}
	loc := f.loc
	if zone := p.ICalParameters[string(ics.ParameterTzid)]; len(zone) > 0 {
		if loc, err = time.LoadLocation(zone[0]); err != nil || zone[0] == "Local" {
			return t, false, &hajir.Error{Code: hajir.Invalid, Cause: err, Message: "its time zone " + strconv.Quote(line(zone[0])) +
				" is not known; export the calendar with a name such as Asia/Kathmandu, or in UTC"}
		}
	}
	if utc, ok := strings.CutSuffix(text, "Z"); ok {
		text, loc = utc, time.UTC
	}
	if t, err = time.ParseInLocation("20060102T150405", text, loc); err != nil {
		return t, false, &hajir.Error{Code: hajir.Invalid, Message: "its date " + strconv.Quote(short(line(text), 40)) + " cannot be read", Cause: err}
	}
	return t.In(f.loc), false, nil
}

var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)

// after adds a duration such as P1D or PT1H30M.
func after(t time.Time, duration string) (time.Time, error) {
	m := durationForm.FindStringSubmatch(strings.TrimSpace(duration))
	if m == nil {
		return t, hajir.Errorf(hajir.Invalid, "its duration cannot be read")
	}
	n := make([]int, len(m))
	for i, digits := range m[1:] {
		n[i], _ = strconv.Atoi(digits) // digits, or nothing
	}
	return t.AddDate(0, 0, 7*n[0]+n[1]).Add(time.Duration(n[2])*time.Hour + time.Duration(n[3])*time.Minute + time.Duration(n[4])*time.Second), nil
}

// repeated returns the dates on which an event that begins on a date is entered.
func (f calendarFile) repeated(e *ics.VEvent, from string) (dates []string, repeats bool, err error) {
	rules := e.GetProperties(ics.ComponentPropertyRrule)
	switch {
	case len(e.GetProperties(ics.ComponentPropertyRdate)) > 0 || len(rules) > 1:
		return nil, false, hajir.Errorf(hajir.Invalid, "it repeats on dates of its own (RDATE, or several rules), which is not read; enter them by hand")
	case len(rules) == 0:
		return []string{from}, false, nil
	}
	if len(rules[0].Value) > maxRule { // what it lists is looked through for every day
		return nil, false, hajir.Errorf(hajir.Invalid, "the rule by which it repeats is too long; enter it by hand")
	}
	rule, err := rrule.StrToROption(rules[0].Value)
	if err != nil || rule.Interval > maxInterval || len(rule.Byeaster) > 0 {
		return nil, false, &hajir.Error{Code: hajir.Invalid, Message: "the rule by which it repeats cannot be read", Cause: err}
	}
	if rule.Freq != rrule.YEARLY || len(rule.Byhour)+len(rule.Byminute)+len(rule.Bysecond) > 0 {
		return nil, false, hajir.Errorf(hajir.Invalid, "only what repeats every year is read; enter this by hand")
	}
	year, err := strconv.Atoi(f.today[:4])
	if err != nil {
		return nil, false, err
	}
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(year+yearsAhead, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1)
	if rule.Dtstart, err = time.Parse(time.DateOnly, from); err != nil {
		return nil, false, err
	}
	if rule.Until.IsZero() || rule.Until.After(last) {
		rule.Until = last // a rule that is never met would be looked for without end
	}
	r, err := rrule.NewRRule(*rule)
	if err != nil {
		return nil, false, &hajir.Error{Code: hajir.Invalid, Message: "the rule by which it repeats cannot be read", Cause: err}
	}
	except, err := f.exceptions(e)
	if err != nil {
		return nil, false, err
	}
	for _, t := range r.Between(first, last, true) {
		if d := t.Format(time.DateOnly); !slices.Contains(except, d) {
			dates = append(dates, d)
		}
	}
	switch {
	case len(dates) > maxRepeats:
		return nil, false, hajir.Errorf(hajir.Invalid, "it repeats more than %d times in %d years; enter it by hand", maxRepeats, yearsAhead)
	case len(dates) == 0:
		return nil, false, hajir.Errorf(hajir.Invalid, "it does not repeat in the years %d to %d", year, year+yearsAhead-1)
	}
	return dates, true, nil
}

// exceptions returns the dates that are left out of a repetition.
func (f calendarFile) exceptions(e *ics.VEvent) ([]string, error) {
	var all []string
	for _, p := range e.GetProperties(ics.ComponentPropertyExdate) {
		for text := range strings.SplitSeq(p.Value, ",") {
			one := *p
			one.Value = text
			t, _, err := f.moment(&one)
			if err != nil {
				return nil, err
			}
			all = append(all, t.Format(time.DateOnly))
		}
	}
	return all, nil
}

// line returns text as a single line without what is not shown.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
}

// note returns text of several lines, as much of it as is kept.
func note(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = line(l)
	}
	return short(strings.TrimSpace(strings.Join(lines, "\n")), maxNote)
}

// short cuts text that is longer than some bytes.
func short(s string, most int) string {
	if len(s) <= most {
		return s
	}
	most -= len("…")
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}
