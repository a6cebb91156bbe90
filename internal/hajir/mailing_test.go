package hajir

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMailChoices(t *testing.T) {
	var c MailChoices
	for role, topics := range map[Role]int{RoleAdmin: 1 + len(NoticeKinds()), RoleManager: 6, RoleEmployee: 4, RoleAuditor: 0, RoleKiosk: 0} {
		if got := len(TopicsOf(role)); got != topics {
			t.Errorf("%s has %d topics, want %d", role, got, topics)
		}
	}
	if c.Of(RoleEmployee, TopicOwnExit) != AtOnce || c.Of(RoleEmployee, TopicTeamExit) != Never || c.Of(RoleManager, TopicTeamExit) != Daily || c.Of(RoleAdmin, Topic(NoticePunch)) != Never {
		t.Error("other defaults")
	}
	c, err := c.Choose(RoleManager, map[Topic]Manner{TopicTeamExit: Never, TopicDecide: AtOnce})
	if err != nil || len(c.Manners) != 1 || c.Of(RoleManager, TopicTeamExit) != Never {
		t.Errorf("%+v %v", c, err)
	}
	// Who is no manager any more is told nothing of a team, whatever they chose.
	if c.Of(RoleEmployee, TopicTeamExit) != Never {
		t.Error("a team of nobody's")
	}
	for topic, manner := range map[Topic]Manner{TopicOwnExit: "weekly", "invitation": Never, "leave.asked": Daily} {
		if _, err := c.Choose(RoleManager, map[Topic]Manner{topic: manner}); CodeOf(err) != Invalid {
			t.Errorf("%s %s: %v", topic, manner, err)
		}
	}
}

// A digest goes out at the company's hour of its local day, also where clocks
// are changed.
func TestNextDigest(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-03-02T07:59:59+01:00": "2026-03-02T08:00:00+01:00",
		"2026-03-02T08:00:00+01:00": "2026-03-03T08:00:00+01:00",
		"2026-03-28T09:00:00+01:00": "2026-03-29T08:00:00+02:00", // 23 hours later
		"2026-10-24T09:00:00+02:00": "2026-10-25T08:00:00+01:00",
	} {
		at, _ := time.Parse(time.RFC3339, now)
		if got := (Company{DigestHour: 8}).NextDigest(at, berlin).Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", now, got, want)
		}
	}
}

// Whatever is laid on a pile, in whatever order and however often, is told once:
// what is not in a letter waits for the next.
func TestPilesLoseNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var m MailPile
		due := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
		laid, told := map[string]bool{}, map[string]int{}
		var letter *Pile
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			switch rapid.IntRange(0, 3).Draw(r, "step") {
			case 0, 1:
				id := strconv.Itoa(rapid.IntRange(0, 400).Draw(r, "id"))
				if told[id] == 0 { // what was told does not come again: its delivery is done
					laid[id] = true
					m.Add(Daily, Piled{Notice: Notice{ID: id}}, due)
				}
			case 2: // a letter is written
				if p := m.Waiting[Daily]; p != nil {
					letter = &Pile{Items: append([]Piled(nil), p.Items...), More: append([]string(nil), p.More...)}
				}
			case 3: // it is sent, while more was laid on the pile
				if letter != nil {
					for _, i := range letter.Items {
						told[i.ID]++
					}
					for _, id := range letter.More {
						told[id]++
					}
					m.Take(Daily, letter, due)
					letter = nil
				}
			}
		}
		for id := range laid {
			waits := m.Waiting[Daily] != nil && m.Waiting[Daily].Has(id)
			if told[id] > 1 || (told[id] == 1) == waits {
				r.Fatalf("%s was told %d times, and waits: %v", id, told[id], waits)
			}
		}
	})
}

func TestFlooded(t *testing.T) {
	var m MailPile
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i := range FloodAt {
		now := at.Add(time.Duration(i) * time.Minute)
		if _, flooded := m.Flooded(TopicDecide, now); flooded {
			t.Fatalf("letter %d is one too many", i+1)
		}
		m.Sent(TopicDecide, now)
	}
	if until, flooded := m.Flooded(TopicDecide, at.Add(30*time.Minute)); !flooded || !until.Equal(at.Add(FloodWindow)) {
		t.Errorf("%v %v", until, flooded)
	}
	if _, flooded := m.Flooded(TopicOwnExit, at.Add(30*time.Minute)); flooded {
		t.Error("of another topic")
	}
	if _, flooded := m.Flooded(TopicDecide, at.Add(FloodWindow)); flooded {
		t.Error("an hour later")
	}
	m.Add(AtOnce, Piled{Notice: Notice{ID: "x"}, Topic: TopicDecide}, at.Add(2*time.Hour))
	if until, flooded := m.Flooded(TopicDecide, at.Add(90*time.Minute)); !flooded || !until.Equal(at.Add(2*time.Hour)) {
		t.Error("a later one would be told before what waits")
	}
}
