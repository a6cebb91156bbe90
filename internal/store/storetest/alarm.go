package storetest

import (
	"reflect"
	"testing"
	"time"

	"hajir/internal/hajir"
)

func testAlarms(t *testing.T, store Store) {
	ctx := t.Context()
	at := time.Date(2026, 3, 2, 3, 15, 0, 5, time.UTC)
	a := hajir.NewAlarm("store.errors", at)
	raised, change, _ := a.Turn(hajir.AlarmRaised, new(2.5), at)
	if err := store.SaveAlarm(ctx, raised, &change); err != nil {
		t.Fatal(err)
	}
	if err := store.SaveAlarm(ctx, raised, &change); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("a second first save: %v", err)
	}
	raised.Version = 1
	same(t, []string(nil), notices(t, store)) // nobody is told yet
	raised, _ = raised.Tell("acme")
	if err := store.SaveAlarm(ctx, raised, nil); err != nil {
		t.Fatal(err)
	}
	if err := store.SaveAlarm(ctx, raised, nil); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("a stale save: %v", err)
	}
	same(t, []string{"alarm.raised alarm of  by "}, notices(t, store))
	raised.Version = 2
	cleared, second, _ := raised.Turn(hajir.AlarmOK, nil, at.Add(time.Minute))
	cleared, _ = cleared.Tell("")
	if err := store.SaveAlarm(ctx, cleared, &second); err != nil {
		t.Fatal(err)
	}
	same(t, []string{"alarm.cleared ok of  by "}, notices(t, store))
	cleared.Version = 3
	if all, err := store.Alarms(ctx); err != nil || !reflect.DeepEqual(all, []hajir.Alarm{cleared}) {
		t.Errorf("%+v, %v, want %+v", all, err, cleared)
	}
	if all, err := store.AlarmHistory(ctx, 10); err != nil || !reflect.DeepEqual(all, []hajir.AlarmChange{second, change}) {
		t.Errorf("history %+v, %v", all, err)
	}
	if all, err := store.AlarmHistory(ctx, 1); err != nil || len(all) != 1 {
		t.Errorf("history of one: %+v, %v", all, err)
	}
	if err := store.DeleteAlarmHistory(ctx, at.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if all, err := store.AlarmHistory(ctx, 10); err != nil || !reflect.DeepEqual(all, []hajir.AlarmChange{second}) {
		t.Errorf("history that is left: %+v, %v", all, err)
	}

	s := hajir.Silence{Company: "acme", Name: "store.errors", Until: at.Add(time.Hour), Reason: "a new disk", By: "acme", At: at}
	if err := store.SaveSilence(ctx, s); err != nil {
		t.Fatal(err)
	}
	if err := store.SaveSilence(ctx, s); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("a stale silence: %v", err)
	}
	s.Version = 1
	if all, err := store.Silences(ctx, "acme"); err != nil || !reflect.DeepEqual(all, []hajir.Silence{s}) {
		t.Errorf("%+v, %v", all, err)
	}
	if all, err := store.Silences(ctx, "other"); err != nil || len(all) != 0 {
		t.Errorf("another company's: %+v, %v", all, err)
	}
	for range 2 {
		if err := store.DeleteSilence(ctx, "acme", s.Name); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := store.Silences(ctx, "acme"); err != nil || len(all) != 0 {
		t.Errorf("after the end: %+v, %v", all, err)
	}
}
