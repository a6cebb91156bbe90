package hajir

import (
	"slices"
	"time"
)

// Topic is a kind of event as somebody chooses whether to be told of it by mail.
// The admin's are the kinds of notices, of the whole company; the others are
// about the reader, their team, or what waits for them.
type Topic string

// The topics that are no kind of notice.
const (
	TopicDecide        Topic = "decide"            // leave and corrections that wait for the reader
	TopicOwnLeave      Topic = "own.leave"         // what became of the reader's requests
	TopicOwnCorrection Topic = "own.correction"    // likewise
	TopicOwnExit       Topic = "own.exit"          // the reader's exit is missing
	TopicTeamExit      Topic = "team.exit"         // that of somebody who reports to the reader is
	TopicAssigned      Topic = "assigned.question" // a question waits for the reader to answer it
)

// Manner is how somebody is told.
type Manner string

// The manners.
const (
	AtOnce Manner = "at_once"
	Daily  Manner = "daily" // in one letter a day
	Never  Manner = "never"
)

// DefaultDigestHour is when a new company's daily letters go out, by its clocks.
const DefaultDigestHour = 8

// FloodAt is how many letters of a topic somebody gets within FloodWindow; what
// follows is told in one.
const (
	FloodAt     = 10
	FloodWindow = time.Hour
)

// maxPile bounds what one letter lists; the rest is counted.
const maxPile = 100

// TopicDefault is a topic, and how somebody is told who did not choose.
type TopicDefault struct {
	Topic  Topic
	Manner Manner
}

// TopicsOf returns what somebody with a role may be told of, in the order in
// which it is shown.
func TopicsOf(r Role) []TopicDefault {
	switch r { //nolint:exhaustive // the others have no letters of their own
	case RoleAdmin:
		all := []TopicDefault{{TopicDecide, AtOnce}}
		for _, k := range NoticeKinds() {
			manner := Never
			if k == NoticeDoubtful || k == NoticeExitMissing || k == NoticeQuestionAsked {
				manner = Daily
			}
			all = append(all, TopicDefault{Topic(k), manner})
		}
		return all
	case RoleManager:
		return []TopicDefault{
			{TopicDecide, AtOnce},
			{TopicAssigned, AtOnce},
			{TopicTeamExit, Daily},
			{TopicOwnLeave, AtOnce},
			{TopicOwnCorrection, AtOnce},
			{TopicOwnExit, AtOnce},
		}
	case RoleEmployee: // who may stand in for a manager
		return []TopicDefault{
			{TopicOwnLeave, AtOnce},
			{TopicOwnCorrection, AtOnce},
			{TopicOwnExit, AtOnce},
			{TopicDecide, AtOnce},
		}
	}
	return nil
}

// MailChoices is what somebody chose to be told of. It is one record, whether or
// not they are one of the company's people: the root account has one, too.
type MailChoices struct {
	Username string // the key
	Company  string
	Manners  map[Topic]Manner // of the topics that they chose about
	Version  int              // grows by one with every stored change; zero means never stored
}

// Of returns how somebody with role r is told of a topic: Never of one that is
// not for them.
func (c MailChoices) Of(r Role, t Topic) Manner {
	for _, d := range TopicsOf(r) {
		if d.Topic == t {
			if m, ok := c.Manners[t]; ok {
				return m
			}
			return d.Manner
		}
	}
	return Never
}

// Choose returns c after a choice of somebody with role r, or an Invalid error.
// Topics that are not named stay as they are; what is as by default is not kept.
func (c MailChoices) Choose(r Role, manners map[Topic]Manner) (MailChoices, error) {
	kept := map[Topic]Manner{}
	for _, d := range TopicsOf(r) {
		m := c.Of(r, d.Topic)
		if wish, ok := manners[d.Topic]; ok {
			if wish != AtOnce && wish != Daily && wish != Never {
				return c, Errorf(Invalid, "one is told at_once, daily or never")
			}
			m = wish
		}
		if m != d.Manner {
			kept[d.Topic] = m
		}
	}
	for t := range manners {
		if !slices.ContainsFunc(TopicsOf(r), func(d TopicDefault) bool { return d.Topic == t }) {
			return c, Errorf(Invalid, "there is nothing of this name to be told of: choose among those that are listed")
		}
	}
	c.Manners = kept
	return c, nil
}

// Piled is a notice that waits to be told with others.
type Piled struct {
	Notice
	Topic Topic
}

// MailPile is what waits to be told to one reader in one letter, and what they
// were told lately. It is one record, so that of two processes that add to it or
// empty it only one can be the last.
type MailPile struct {
	Username string // the key
	Company  string
	Waiting  map[Manner]*Pile      // Daily, and AtOnce for what came too fast
	Lately   map[Topic][]time.Time // when letters of a topic went out, within FloodWindow
	Version  int                   // grows by one with every stored change; zero means never stored
}

// Pile is one letter to be.
type Pile struct {
	Due   time.Time // when it goes out
	Items []Piled   // the first of them
	More  []string  // the IDs of those that no letter has room for, which are counted
}

// Total returns how many notices p has.
func (p *Pile) Total() int { return len(p.Items) + len(p.More) }

// Has says whether a notice waits in p.
func (p *Pile) Has(id string) bool {
	return slices.Contains(p.More, id) || slices.ContainsFunc(p.Items, func(i Piled) bool { return i.ID == id })
}

// maxCounted bounds what is counted, and so the record.
const maxCounted = 1000

// Add puts a notice into one of the piles, whose letter goes out at due unless
// there is one to go already, and returns when it does. To add again changes
// nothing.
func (m *MailPile) Add(into Manner, x Piled, due time.Time) time.Time {
	if m.Waiting == nil {
		m.Waiting = map[Manner]*Pile{}
	}
	p := m.Waiting[into]
	if p == nil {
		p = &Pile{Due: due}
		m.Waiting[into] = p
	}
	switch {
	case p.Has(x.ID):
	case len(p.Items) < maxPile:
		p.Items = append(p.Items, x)
	case len(p.More) < maxCounted:
		p.More = append(p.More, x.ID)
	}
	return p.Due
}

// Take removes from a pile what sent had; what came meanwhile stays, to go out
// at due.
func (m *MailPile) Take(from Manner, sent *Pile, due time.Time) {
	p := m.Waiting[from]
	if p == nil {
		return
	}
	p.Items = slices.DeleteFunc(p.Items, func(i Piled) bool { return sent.Has(i.ID) })
	p.More = slices.DeleteFunc(p.More, sent.Has)
	p.Due = due
	if p.Total() == 0 {
		delete(m.Waiting, from)
	}
}

// Flooded says whether the reader has had as many letters of a topic as they get
// at once, and returns when they can have the next.
func (m *MailPile) Flooded(t Topic, now time.Time) (until time.Time, flooded bool) {
	if p := m.Waiting[AtOnce]; p != nil { // so that one that comes later is not told earlier
		for _, x := range p.Items {
			if x.Topic == t {
				return p.Due, true
			}
		}
	}
	lately := m.lately(t, now)
	if len(lately) < FloodAt {
		return time.Time{}, false
	}
	return lately[0].Add(FloodWindow), true
}

// Sent notes that a letter of a topic goes out at now.
func (m *MailPile) Sent(t Topic, now time.Time) {
	lately := map[Topic][]time.Time{t: append(m.lately(t, now), now)}
	for other := range m.Lately {
		if other != t {
			if kept := m.lately(other, now); len(kept) > 0 {
				lately[other] = kept
			}
		}
	}
	m.Lately = lately
}

func (m *MailPile) lately(t Topic, now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(m.Lately[t]), func(at time.Time) bool { return !at.After(now.Add(-FloodWindow)) })
}

// NextDigest returns when the next daily letters of a company go out after now.
func (c Company) NextDigest(now time.Time, loc *time.Location) time.Time {
	d := dateAt(now, loc)
	for next := d; ; next++ {
		if at := next.moment(c.DigestHour*60, loc); at.After(now) {
			return at
		}
	}
}
