package hajir

import (
	"testing"
	"time"
)

func TestDatesOf(t *testing.T) {
	nepal := NewCompany("acme", "Acme", "a@example.com", "Asia/Kathmandu", time.Time{})
	india := NewCompany("bharat", "Bharat", "b@example.com", "Asia/Kolkata", time.Time{})
	for _, tt := range []struct {
		name    string
		company Company
		own     DateStyle
		want    DateStyle
	}{
		{"a new company in Nepal", nepal, DateStyle{}, DateStyle{BikramSambat, true}},
		{"a new company elsewhere", india, DateStyle{}, DateStyle{Gregorian, false}},
		{"a company from before there was a choice", Company{}, DateStyle{}, DateStyle{Gregorian, false}},
		{"a person's own choice", nepal, DateStyle{Gregorian, false}, DateStyle{Gregorian, false}},
		{"and the other way round", india, DateStyle{BikramSambat, true}, DateStyle{BikramSambat, true}},
		{"both without a calendar is no choice", india, DateStyle{"", true}, DateStyle{Gregorian, false}},
	} {
		if got := tt.company.DatesOf(Employee{Dates: tt.own}); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestDateStyleIsValidated(t *testing.T) {
	c := NewCompany("acme", "Acme", "a@example.com", "Asia/Kathmandu", time.Time{})
	e := Employee{Username: "asha", Company: "acme", Name: "Asha", Dates: DateStyle{Calendar: BikramSambat}}
	for _, calendar := range []Calendar{Gregorian, BikramSambat} {
		c.Dates.Calendar, e.Dates.Calendar = calendar, calendar
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", calendar, err)
		}
		if err := e.Validate(); err != nil {
			t.Errorf("%s: %v", calendar, err)
		}
	}
	c.Dates.Calendar, e.Dates.Calendar = "julian", "julian"
	if CodeOf(c.Validate()) != Invalid || CodeOf(e.Validate()) != Invalid {
		t.Error("a calendar that there is not was taken")
	}
	c.Dates.Calendar, e.Dates.Calendar = "", ""
	if CodeOf(c.Validate()) != Invalid {
		t.Error("a company has no one to follow, and so chooses a calendar")
	}
	if err := e.Validate(); err != nil {
		t.Errorf("a person may follow the company: %v", err)
	}
	e.Dates.Both = true
	if tidy := e.Tidy(); tidy.Dates != (DateStyle{}) {
		t.Errorf("%v is kept of who follows the company", tidy.Dates)
	}
}
