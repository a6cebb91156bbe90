package dynamodb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// enter adds the entries of a change to the audit log, each at the end of its
// company's chain. An entry is put where none is yet, behind one that is still
// there; when another process was faster the change is made anew. Writers of
// one process wait for their turn until unlock, instead of being in each
// other's way.
func (t *tx) enter(ctx context.Context) (unlock func(), err error) {
	var chains []string
	for _, e := range t.events {
		chains = append(chains, e.Company)
	}
	slices.Sort(chains)
	var locked []*sync.Mutex
	unlock = func() {
		for _, mu := range locked {
			mu.Unlock()
		}
	}
	for _, company := range slices.Compact(chains) { // in order, so that no two wait for each other
		mu, _ := t.db.chains.LoadOrStore(company, &sync.Mutex{})
		locked = append(locked, mu.(*sync.Mutex)) //nolint:forcetypeassert,errcheck // nothing else is stored
		locked[len(locked)-1].Lock()
		if err := t.enterChain(ctx, company); err != nil {
			return unlock, err
		}
	}
	return unlock, nil
}

func (t *tx) enterChain(ctx context.Context, company string) error {
	head, err := t.db.AuditHead(ctx, company)
	if err != nil {
		return err
	}
	if head.Seq == 0 {
		t.note(listChains, company, "")
	} else {
		t.writes = append(t.writes, write{types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: t.db.name(auditLog), Key: auditLog.key(company, strconv.FormatInt(head.Seq, 10)),
			ConditionExpression: aws.String("attribute_exists(#s)"), ExpressionAttributeNames: map[string]string{"#s": "seq"},
		}}, nil})
	}
	act, client := identity.ActOf(ctx), identity.ClientOf(ctx)
	for _, e := range t.events {
		if e.Company != company {
			continue
		}
		entry, err := head.Next(hajir.AuditEntry{
			Company: e.Company, At: t.db.now(), Actor: act.Actor, Address: client.Address, Device: client.Device,
			Operation: act.Operation, Function: act.Function, Action: e.Action, Subject: e.Subject, Before: e.Before, After: e.After,
		})
		if err != nil {
			return fmt.Errorf("make an entry of the audit log: %w", err)
		}
		doc, err := json.Marshal(entry)
		if err != nil {
			return fmt.Errorf("encode an entry of the audit log: %w", err)
		}
		item := auditLog.key(company, strconv.FormatInt(entry.Seq, 10))
		item["doc"] = &types.AttributeValueMemberS{Value: string(doc)}
		item["hash"] = &types.AttributeValueMemberS{Value: entry.Hash.String()}
		item["at"] = &types.AttributeValueMemberS{Value: record.Sortable(entry.At)}
		for name, of := range map[string]string{"companyactor": entry.Actor.Username, "companyperson": entry.Subject.Person, "companyoperation": entry.Operation} {
			if of != "" {
				item[name] = value(name, within(company, of))
			}
		}
		t.writes = append(t.writes, write{types.TransactWriteItem{Put: &types.Put{
			TableName: t.db.name(auditLog), Item: item,
			ConditionExpression: aws.String("attribute_not_exists(#s)"), ExpressionAttributeNames: map[string]string{"#s": "seq"},
		}}, nil})
		head = entry.Head()
	}
	return nil
}

// within is the hash key of what belongs to a company. No name of a company has
// the character between, which comes before all that names have.
func within(company, of string) string { return company + "#" + of }

// Record appends an event that changed no record. One that is told once is
// noted for as long, so that it is known again.
func (db *DB) Record(ctx context.Context, e hajir.Event) error {
	act := identity.ActOf(ctx)
	sum := sha256.Sum256([]byte(strings.Join([]string{act.Actor.Username, act.Operation, string(e.Action), e.Subject.Table, e.Subject.Key}, "\x00")))
	list, name := listOnce+e.Company, hex.EncodeToString(sum[:])
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		now := db.now()
		item := entry(list, name, "")
		item["at"] = &types.AttributeValueMemberS{Value: record.Sortable(now)}
		item[timeToLive] = number(now.Add(max(e.Once, 24*time.Hour)).Unix())
		put := &types.Put{TableName: db.name(directory), Item: item}
		if e.Once > 0 {
			since := record.Sortable(now.Add(-e.Once))
			last, found, err := db.get(ctx, directory, list, name)
			if err != nil || found && last.text("at") > since {
				return err
			}
			put.ConditionExpression = aws.String("attribute_not_exists(#l) OR #a <= :since")
			put.ExpressionAttributeNames = map[string]string{"#l": directory.hash, "#a": "at"}
			put.ExpressionAttributeValues = attributes{":since": value("at", since)}
		}
		t.writes = append(t.writes, write{types.TransactWriteItem{Put: put}, nil})
		t.events = append(t.events, e)
		return nil
	})
}

// AuditHead returns where a company's chain ends.
func (db *DB) AuditHead(ctx context.Context, company string) (head hajir.AuditHead, err error) {
	err = db.each(ctx, query{table: auditLog, hash: company, down: true, limit: 1}, nil, func(s stored) error {
		if head.Seq, err = strconv.ParseInt(plain(s.attributes["seq"]), 10, 64); err != nil {
			return fmt.Errorf("decode an audit head: %w", err)
		}
		if err := head.Hash.UnmarshalText([]byte(s.text("hash"))); err != nil {
			return fmt.Errorf("decode an audit head: %w", err)
		}
		return nil
	})
	return head, err
}

// AuditChains lists whose chains there are: companies', and "" for the
// installation's.
func (db *DB) AuditChains(ctx context.Context) ([]string, error) { return db.names(ctx, listChains) }

// Audit returns at most q.Limit entries of a company's chain that q chooses.
func (db *DB) Audit(ctx context.Context, company string, q hajir.AuditQuery) ([]hajir.AuditEntry, error) {
	by := query{table: auditLog, hash: company, down: !q.Oldest, limit: q.Limit}
	switch {
	case q.Person != "":
		by.index, by.hash = "person-index", within(company, q.Person)
	case q.Actor != "":
		by.index, by.hash = "actor-index", within(company, q.Actor)
	case q.Operation != "":
		by.index, by.hash = "operation-index", within(company, q.Operation)
	}
	from, to, err := db.bounds(ctx, company, q)
	if err != nil || from > to {
		return nil, err
	}
	by.least, by.most = strconv.FormatInt(from, 10), strconv.FormatInt(to, 10)
	var all []hajir.AuditEntry
	var e hajir.AuditEntry
	err = db.each(ctx, by, func(s stored) bool {
		e = hajir.AuditEntry{}
		return json.Unmarshal(s.doc, &e) != nil || chosen(e, q)
	}, func(s stored) error {
		e = hajir.AuditEntry{}
		if err := json.Unmarshal(s.doc, &e); err != nil {
			seq, _ := strconv.ParseInt(plain(s.attributes["seq"]), 10, 64)
			return fmt.Errorf("decode audit entry: %w (%w)", &hajir.ChainError{Seq: seq, Reason: "it cannot be read"}, err)
		}
		all = append(all, e)
		return nil
	})
	return all, err
}

func chosen(e hajir.AuditEntry, q hajir.AuditQuery) bool {
	is := func(want, have string) bool { return want == "" || want == have }
	return is(q.Actor, e.Actor.Username) && is(q.Person, e.Subject.Person) && is(q.Operation, e.Operation) &&
		is(string(q.Action), string(e.Action)) && is(q.Table, e.Subject.Table) &&
		(q.From.IsZero() || !e.At.Before(q.From)) && (q.To.IsZero() || e.At.Before(q.To))
}

// skew is how far the clocks of two processes may be apart that write one log.
const skew = 5 * time.Minute

// bounds returns between which entries those lie that q chooses.
// Entries are numbered without gaps and in order of time, so times are found
// among them by halving.
func (db *DB) bounds(ctx context.Context, company string, q hajir.AuditQuery) (from, to int64, err error) {
	from, to = 1, math.MaxInt64
	switch {
	case q.Oldest:
		from = q.Behind + 1
	case q.Behind > 0:
		to = q.Behind - 1
	}
	if q.From.IsZero() && q.To.IsZero() {
		return from, to, nil
	}
	head, err := db.AuditHead(ctx, company)
	if err != nil {
		return 0, 0, err
	}
	if !q.From.IsZero() {
		seq, err := db.entryAt(ctx, company, head.Seq, q.From.Add(-skew))
		if err != nil {
			return 0, 0, err
		}
		from = max(from, seq)
	}
	if !q.To.IsZero() {
		seq, err := db.entryAt(ctx, company, head.Seq, q.To.Add(skew))
		if err != nil {
			return 0, 0, err
		}
		to = min(to, seq)
	}
	return from, to, nil
}

// entryAt returns the first entry that is not before t, or the one behind the
// last.
func (db *DB) entryAt(ctx context.Context, company string, last int64, t time.Time) (int64, error) {
	low, high, want := int64(1), last+1, record.Sortable(t)
	for low < high {
		middle := (low + high) / 2
		s, _, err := db.get(ctx, auditLog, company, strconv.FormatInt(middle, 10))
		if err != nil {
			return 0, err
		}
		if s.text("at") < want {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}
