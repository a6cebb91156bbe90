package hajir

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ActorKind says what kind of actor did something.
type ActorKind string

// The kinds of actors.
const (
	ActorAccount  ActorKind = "account"  // somebody, or a device, with a session
	ActorStranger ActorKind = "stranger" // somebody without one
	ActorOperator ActorKind = "operator" // whoever uses the program's command line
	ActorProgram  ActorKind = "program"  // the program by itself
)

// Actor is who does something.
type Actor struct {
	Kind     ActorKind `json:"kind"`
	Username string    `json:"username,omitempty"` // of an account
	Name     string    `json:"name,omitempty"`     // as shown then; of an operator, the user of the machine
	Role     Role      `json:"role,omitempty"`
}

// Action says what was done to a subject.
type Action string

// The actions.
const (
	ActionCreate Action = "create"
	ActionChange Action = "change"
	ActionDelete Action = "delete"
	ActionRefuse Action = "refuse" // a sign-in that failed
	ActionLook   Action = "look"   // at a picture
)

// Subject is what something was done to.
type Subject struct {
	Table  string `json:"table"` // its name in docs/architecture.md; "objects" for a picture
	Key    string `json:"key"`
	Person string `json:"person,omitempty"` // the username of whom it concerns, if anybody
}

// Event is what an AuditEntry tells of, before it has its place in a chain.
// Before and After are JSON objects of what is not the same in both; neither
// is there for an event that changed nothing.
type Event struct {
	Company string
	Action  Action
	Subject Subject
	Before  json.RawMessage
	After   json.RawMessage
	// Once, if it is not zero, is for how long the same actor's same event on
	// the same subject counts as one.
	Once time.Duration
}

// AuditEntry is one link of a company's audit chain: who did what to whom, from
// where, and what it was before and after. The chain "" is the operator's: of
// what concerns the whole installation, and of companies that were removed.
type AuditEntry struct {
	Company   string          `json:"company"`
	Seq       int64           `json:"seq"` // from 1, without gaps
	At        time.Time       `json:"at"`
	Actor     Actor           `json:"actor"`
	Address   string          `json:"address,omitempty"` // of the actor's client
	Device    string          `json:"device,omitempty"`
	Operation string          `json:"operation"`          // the operation's id, or the command
	Function  string          `json:"function,omitempty"` // that the operation belongs to
	Action    Action          `json:"action"`
	Subject   Subject         `json:"subject"`
	Before    json.RawMessage `json:"before,omitempty"`
	After     json.RawMessage `json:"after,omitempty"`
	PrevHash  AuditHash       `json:"prev_hash"` // of the entry before; zero for the first
	Hash      AuditHash       `json:"hash"`      // of all the above
}

// AuditHash is a SHA-256 hash; as text, 64 hexadecimal digits.
type AuditHash [sha256.Size]byte

// String returns h in hexadecimal.
func (h AuditHash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText implements encoding.TextMarshaler.
func (h AuditHash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *AuditHash) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(h) {
		return Errorf(Invalid, "a hash has %d hexadecimal digits", 2*len(h))
	}
	copy(h[:], b)
	return nil
}

// AuditHead is where a chain ends; its zero value is that of an empty chain.
// Whoever has written it down elsewhere finds later whether the chain was cut
// off or written anew.
type AuditHead struct {
	Seq  int64
	Hash AuditHash
}

// String returns h as SEQ:HASH.
func (h AuditHead) String() string { return fmt.Sprintf("%d:%s", h.Seq, h.Hash) }

// ParseAuditHead reads what String writes.
func ParseAuditHead(s string) (AuditHead, error) {
	seq, hash, _ := strings.Cut(strings.TrimSpace(s), ":")
	var h AuditHead
	var err error
	if h.Seq, err = strconv.ParseInt(seq, 10, 64); err == nil {
		err = h.Hash.UnmarshalText([]byte(hash))
	}
	if err != nil || h.Seq < 0 || h.Seq == 0 && h != (AuditHead{}) {
		return AuditHead{}, &Error{Code: Invalid, Message: "a head has the form SEQ:HASH, as it was shown when it was written down", Cause: err}
	}
	return h, nil
}

// Head returns where a chain ends whose last entry is e.
func (e AuditEntry) Head() AuditHead { return AuditHead{Seq: e.Seq, Hash: e.Hash} }

// Next returns e as the entry that follows h. It brings e into the form in
// which every store returns it: times in UTC, text in UTF-8, JSON without
// spaces.
func (h AuditHead) Next(e AuditEntry) (AuditEntry, error) {
	e.At = e.At.UTC().Round(0)
	for _, s := range []*string{
		&e.Company, (*string)(&e.Actor.Kind), &e.Actor.Username, &e.Actor.Name, (*string)(&e.Actor.Role),
		&e.Address, &e.Device, &e.Operation, &e.Function, (*string)(&e.Action),
		&e.Subject.Table, &e.Subject.Key, &e.Subject.Person,
	} {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
	for _, doc := range []*json.RawMessage{&e.Before, &e.After} {
		if *doc == nil {
			continue
		}
		b, err := json.Marshal(*doc) // which compacts it
		if err != nil {
			return e, fmt.Errorf("audit %s: %w", e.Operation, err)
		}
		*doc = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	e.Seq, e.PrevHash = h.Seq+1, h.Hash
	e.Hash = e.digest()
	return e, nil
}

// digest hashes everything in e but Hash. Each part is preceded by its length,
// so that no two different entries are encoded alike.
func (e AuditEntry) digest() AuditHash {
	const version = "hajir audit entry 1"
	sum := sha256.New()
	part := func(b []byte) {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		sum.Write(b)
	}
	for _, s := range []string{
		version, e.Company, strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano),
		string(e.Actor.Kind), e.Actor.Username, e.Actor.Name, string(e.Actor.Role),
		e.Address, e.Device, e.Operation, e.Function, string(e.Action),
		e.Subject.Table, e.Subject.Key, e.Subject.Person,
	} {
		part([]byte(s))
	}
	part(e.Before)
	part(e.After)
	part(e.PrevHash[:])
	return AuditHash(sum.Sum(nil))
}

// ChainError says at which entry a chain is broken, and how.
type ChainError struct {
	Seq    int64
	Reason string
}

func (e *ChainError) Error() string { return fmt.Sprintf("entry %d: %s", e.Seq, e.Reason) }

// AuditCheck looks whether entries, given in order from the first, are the
// chain of Company that they claim to be. Known, if it is not zero, is a head
// that was written down elsewhere.
type AuditCheck struct {
	Company string
	Known   AuditHead
	head    AuditHead
}

// Head returns the last entry that was found to be right.
func (c *AuditCheck) Head() AuditHead { return c.head }

// Begin has the check begin behind an entry that is taken for right.
func (c *AuditCheck) Begin(behind AuditHead) { c.head = behind }

// Add takes the next entry, or returns a *ChainError.
func (c *AuditCheck) Add(e AuditEntry) error {
	next := c.head.Seq + 1
	switch {
	case e.Seq != next:
		return &ChainError{next, fmt.Sprintf("it is missing; entry %d comes in its place", e.Seq)}
	case e.Company != c.Company:
		return &ChainError{next, "it is of another company's chain"}
	case e.PrevHash != c.head.Hash:
		return &ChainError{next, "it does not follow the entry before, which was changed or replaced"}
	case e.Hash != e.digest():
		return &ChainError{next, "it was changed after it was written"}
	case e.Seq == c.Known.Seq && e.Hash != c.Known.Hash:
		return &ChainError{next, "it is not the entry that was written down: the log was written anew"}
	}
	c.head = e.Head()
	return nil
}

// End says whether entries are missing at the end, which only the known head
// tells.
func (c *AuditCheck) End() error {
	if c.head.Seq < c.Known.Seq {
		return &ChainError{c.head.Seq + 1, fmt.Sprintf("it is missing: the log was cut off; entry %d was the last one when it was written down", c.Known.Seq)}
	}
	return nil
}

// AuditQuery chooses entries of a chain; what is empty chooses all.
type AuditQuery struct {
	From, To  time.Time // To is the first moment that is not chosen any more
	Actor     string    // a username
	Person    string    // the username of whom an entry concerns
	Operation string
	Action    Action
	Table     string // of the subject
	Oldest    bool   // comes first; otherwise the newest does
	Behind    int64  // the last entry of the page before; 0: the first page
	Limit     int
}
