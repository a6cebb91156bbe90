package hajir_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// Pictures stay as long as the setting says, and no longer than was promised.
func TestWhenPicturesGo(t *testing.T) {
	const day = 24 * time.Hour
	given := func(version string, days int) hajir.Consent {
		return hajir.Consent{State: hajir.ConsentGiven, TextVersion: version, RetentionDays: days}
	}
	withdrawn := hajir.Consent{State: hajir.ConsentWithdrawn, TextVersion: "2", RetentionDays: 10}
	for name, tt := range map[string]struct {
		setting int
		history []hajir.Consent
		consent hajir.Consent
		want    time.Duration
	}{
		"the setting":                 {30, nil, given("2", 30), 30 * day},
		"a setting made longer":       {90, nil, given("2", 30), 30 * day},
		"a setting made shorter":      {7, nil, given("2", 30), 7 * day},
		"the first text promised":     {90, nil, given("1", 0), 90 * day},
		"nobody was ever asked":       {90, nil, hajir.Consent{}, 90 * day},
		"at once, but after requests": {0, nil, given("2", 0), hajir.ErasureGrace},
		"promised when agreed":        {90, []hajir.Consent{given("2", 10)}, withdrawn, 10 * day},
		"the last promise counts":     {90, []hajir.Consent{given("2", 5), withdrawn, given("2", 20)}, withdrawn, 20 * day},
	} {
		e := hajir.Employee{Username: "asha", Company: "acme", ConsentHistory: tt.history, Consent: tt.consent, Version: 7}
		x := hajir.AskErasure(3, e, hajir.Company{RetentionDays: tt.setting}, hajir.ErasedWithdrawn, "asha", nine)
		if got := x.DueAt.Sub(nine); got != tt.want || x.For != 7 || x.Number != 3 {
			t.Errorf("%s: after %s, want %s; %+v", name, got, tt.want, x)
		}
	}
}

func TestWhatStopsAnErasure(t *testing.T) {
	back := hajir.Employee{Active: true, Consent: hajir.Consent{State: hajir.ConsentGiven}, Version: 5}
	for name, tt := range map[string]struct {
		change func(*hajir.Employee, *hajir.Erasure)
		at     time.Duration
		want   bool
	}{
		"consent, or the person, is back":              {func(*hajir.Employee, *hajir.Erasure) {}, 0, true},
		"the person has left":                          {func(e *hajir.Employee, _ *hajir.Erasure) { e.Active = false }, 0, false},
		"consent is withdrawn":                         {func(e *hajir.Employee, _ *hajir.Erasure) { e.Consent.State = hajir.ConsentWithdrawn }, 0, false},
		"pictures have begun to go":                    {func(_ *hajir.Employee, x *hajir.Erasure) { x.BegunAt = nine }, time.Hour, false},
		"it is done":                                   {func(_ *hajir.Employee, x *hajir.Erasure) { x.ImagesAt = nine }, time.Hour, false},
		"who asks has not saved yet":                   {func(_ *hajir.Employee, x *hajir.Erasure) { x.For = 5 }, time.Minute, false},
		"who asked was cut off before they could save": {func(_ *hajir.Employee, x *hajir.Erasure) { x.For = 5 }, time.Hour, true},
	} {
		e, x := back, hajir.Erasure{For: 4, AskedAt: nine}
		tt.change(&e, &x)
		if got := x.MayCancel(e, nine.Add(tt.at)); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestReceipt(t *testing.T) {
	x := hajir.Erasure{
		Username: "asha", Number: 1, Company: "acme", Reason: hajir.ErasedWithdrawn, AskedAt: nine, AskedBy: "asha", DueAt: nine.AddDate(0, 0, 30),
		Templates: 2, Models: []string{"m <1> & 2"}, EnrolmentObjects: 6, DailyPictures: 4, TemplatesAt: nine, BegunAt: nine, RanBy: "the hourly job",
	}
	if _, _, err := x.Receipt(); codeOf(err) != hajir.Conflict {
		t.Errorf("of what has not happened: %v", err)
	}
	x.ImagesAt = nine.In(time.FixedZone("", 5*3600+2700))
	r, sum, err := x.Receipt()
	if err != nil {
		t.Fatal(err)
	}
	// The hash is of the text as a reader has it, written down here.
	const text = `{"format":"hajir-erasure-1","company":"acme","username":"asha","number":1,"state":"done","reason":"withdrawn",` +
		`"asked_at":"2026-03-02T09:00:00Z","asked_by":"asha","images_due_at":"2026-04-01T09:00:00Z","templates_erased_at":"2026-03-02T09:00:00Z",` +
		`"templates":2,"models":["m <1> & 2"],"images_erased_at":"2026-03-02T09:00:00Z","enrolment_files":6,"daily_pictures":4,"profile_files":0,` +
		`"cancelled_at":null,"ran_by":"the hourly job"}`
	want := sha256.Sum256([]byte(text))
	if sum != hex.EncodeToString(want[:]) {
		got, _ := json.Marshal(r)
		t.Errorf("the receipt is %s\nwant %s", got, text)
	}
	x.DailyPictures++
	if _, other, _ := x.Receipt(); other == sum {
		t.Error("another count has the same hash")
	}
}
