package hajir

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyEntry draws an entry with parts of every kind, most of them short, so that
// two neighbours are often alike.
func anyEntry(t *rapid.T) AuditEntry {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "a", "aa", "<&>\u2028"}), rapid.String())
	doc := rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{}`), json.RawMessage(`{"a": "<"}`), json.RawMessage(`{"a":1}`)})
	return AuditEntry{
		Company:   "acme",
		At:        time.Unix(0, rapid.Int64Range(0, 1<<61).Draw(t, "at")).In(time.FixedZone("", 20700)),
		Actor:     Actor{Kind: ActorAccount, Username: text.Draw(t, "actor"), Name: text.Draw(t, "name"), Role: RoleAdmin},
		Address:   text.Draw(t, "address"),
		Device:    text.Draw(t, "device"),
		Operation: text.Draw(t, "operation"),
		Function:  text.Draw(t, "function"),
		Action:    ActionChange,
		Subject:   Subject{Table: text.Draw(t, "table"), Key: text.Draw(t, "key"), Person: text.Draw(t, "person")},
		Before:    doc.Draw(t, "before"),
		After:     doc.Draw(t, "after"),
	}
}

func anyChain(t *rapid.T, least int) []AuditEntry {
	var head AuditHead
	chain := make([]AuditEntry, rapid.IntRange(least, 8).Draw(t, "entries"))
	for i := range chain {
		var err error
		if chain[i], err = head.Next(anyEntry(t)); err != nil {
			t.Fatal(err)
		}
		head = chain[i].Head()
	}
	return chain
}

func check(chain []AuditEntry, known AuditHead) error {
	c := AuditCheck{Company: "acme", Known: known}
	for _, e := range chain {
		if err := c.Add(e); err != nil {
			return err
		}
	}
	return c.End()
}

// A chain is right, also after it was stored as JSON, and ends at its head.
func TestAuditChainIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chain := anyChain(t, 0)
		var head AuditHead
		for i, e := range chain {
			b, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			var stored AuditEntry
			if err := json.Unmarshal(b, &stored); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(e, stored) {
				t.Fatalf("stored as %+v, was %+v", stored, e)
			}
			chain[i], head = stored, e.Head()
		}
		again, err := ParseAuditHead(head.String())
		if err != nil || again != head {
			t.Fatalf("ParseAuditHead(%s) = %v, %v", head, again, err)
		}
		if err := check(chain, head); err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever is done to a chain is found, at the entry where it was done or the
// one behind.
func TestAuditChainFindsTampering(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chain := anyChain(t, 2)
		head := chain[len(chain)-1].Head()
		tampered := slices.Clone(chain)
		i := rapid.IntRange(0, len(chain)-1).Draw(t, "where")
		var known AuditHead // only what happens at the end needs the head
		found := i + 1
		switch rapid.SampledFrom([]string{"change", "remove", "insert", "swap", "cut off", "write anew"}).Draw(t, "how") {
		case "change":
			if !changeField(t, &tampered[i]) {
				t.Skip("the same value again")
			}
		case "remove":
			tampered = slices.Delete(tampered, i, i+1)
			if i == len(chain)-1 {
				known = head
			}
		case "insert":
			tampered = slices.Insert(tampered, i, tampered[rapid.IntRange(0, len(chain)-1).Draw(t, "which")])
			if reflect.DeepEqual(tampered[i], tampered[i+1]) { // the second one is too many
				found++
			}
		case "swap":
			j := rapid.IntRange(0, len(chain)-1).Draw(t, "other")
			if i == j {
				t.Skip("nothing swapped")
			}
			tampered[i], tampered[j] = tampered[j], tampered[i]
			found = min(i, j) + 1
		case "cut off":
			tampered, known = tampered[:i], head
		case "write anew":
			// All from entry i on with right hashes, as whoever has the file can do.
			before := AuditHead{}
			if i > 0 {
				before = tampered[i-1].Head()
			}
			tampered[i].Actor.Name += "x"
			for k := i; k < len(tampered); k++ {
				tampered[k], _ = before.Next(tampered[k])
				before = tampered[k].Head()
			}
			known, found = head, len(chain)
		}
		var fault *ChainError
		if err := check(tampered, known); !errors.As(err, &fault) {
			t.Fatalf("%v, want entry %d to be broken", err, found)
		}
		if fault.Seq != int64(found) {
			t.Fatalf("%v, want entry %d", fault, found)
		}
	})
}

// changeField gives one field of e, at any depth, another value; false when it
// happens to have it already.
func changeField(t *rapid.T, e *AuditEntry) bool {
	was, _ := json.Marshal(e)
	v := reflect.ValueOf(e).Elem()
	for v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]() {
		v = v.Field(rapid.IntRange(0, v.NumField()-1).Draw(t, "field"))
	}
	switch v.Kind() { //nolint:exhaustive // an entry has fields of these kinds alone
	case reflect.String:
		v.SetString(v.String() + "a")
	case reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Array:
		v.Index(0).SetUint(uint64(byte(v.Index(0).Uint() + 1)))
	case reflect.Slice:
		v.SetBytes([]byte(`{"b":2}`))
	case reflect.Struct:
		v.Set(reflect.ValueOf(e.At.Add(1)))
	default:
		t.Fatalf("an entry has a field of kind %s", v.Kind())
	}
	is, _ := json.Marshal(e)
	return !bytes.Equal(was, is)
}

// Text that moves from one field to the next makes another entry.
func TestAuditFieldsDoNotRunTogether(t *testing.T) {
	a, _ := AuditHead{}.Next(AuditEntry{Address: "ab", Device: "c"})
	b, _ := AuditHead{}.Next(AuditEntry{Address: "a", Device: "bc"})
	if a.Hash == b.Hash {
		t.Error("two entries have one hash")
	}
}

// The encoding is for ever: a chain that was written once must be right in
// every later version.
func TestAuditHashStays(t *testing.T) {
	e, err := AuditHead{}.Next(AuditEntry{
		Company: "acme", At: time.Date(2026, 3, 2, 3, 15, 0, 5000, time.UTC), Operation: "change-employee", Action: ActionChange,
		Actor:   Actor{Kind: ActorAccount, Username: "acme", Name: "Acme", Role: RoleAdmin},
		Subject: Subject{Table: "Employee_details", Key: "asha", Person: "asha"}, Before: json.RawMessage(`{"name":"A"}`),
	})
	const want = "cc3cce149679fd7ec498c1fc75c40a5def7246ce9e7e2aadabfbe104596f9f53"
	if err != nil || e.Hash.String() != want {
		t.Errorf("%s, want %s: %v", e.Hash, want, err)
	}
}

func TestParseAuditHead(t *testing.T) {
	for _, bad := range []string{"", "1", "1:", "x:" + strings.Repeat("0", 64), "-1:" + strings.Repeat("a", 64), "0:" + strings.Repeat("a", 64), "1:" + strings.Repeat("g", 64)} {
		if h, err := ParseAuditHead(bad); CodeOf(err) != Invalid {
			t.Errorf("ParseAuditHead(%q) = %v, %v", bad, h, err)
		}
	}
}

func FuzzParseAuditHead(f *testing.F) {
	f.Add("1:" + strings.Repeat("a", 64))
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseAuditHead(s)
		if err != nil {
			if CodeOf(err) != Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		if again, err := ParseAuditHead(h.String()); err != nil || again != h {
			t.Errorf("%q became %v: %v", s, h, err)
		}
	})
}

func TestDiffer(t *testing.T) {
	r := Redaction{Hidden: []string{"pin"}, Silent: []string{"seen"}}
	for name, tt := range map[string]struct{ before, after, was, is string }{
		"the same":              {`{"a":1,"b":[1, 2]}`, `{ "b":[1,2], "a":1 }`, ``, ``},
		"a changed field":       {`{"a":1,"b":2}`, `{"a":1,"b":3}`, `{"b":2}`, `{"b":3}`},
		"one that is new":       {`{"a":1}`, `{"a":1,"b":3}`, `{}`, `{"b":3}`},
		"one that is gone":      {`{"a":1,"b":3}`, `{"a":1}`, `{"b":3}`, `{}`},
		"inside an object":      {`{"m":{"x":1,"y":2}}`, `{"m":{"x":1,"y":3}}`, `{"m":{"y":2}}`, `{"m":{"y":3}}`},
		"items of a list":       {`{"l":[1,2,2,3]}`, `{"l":[2,3,4]}`, `{"l":[1,2]}`, `{"l":[4]}`},
		"a list in other order": {`{"l":[1,2]}`, `{"l":[2,1]}`, `{"l":[1,2]}`, `{"l":[2,1]}`},
		"what is hidden":        {`{"pin":1,"token_hash":"x"}`, `{"pin":2,"token_hash":"y"}`, `{"pin":"(hidden)","token_hash":"(hidden)"}`, `{"pin":"(hidden)","token_hash":"(hidden)"}`},
		"hidden and the same":   {`{"pin":1,"a":1}`, `{"pin":1,"a":2}`, `{"a":1}`, `{"a":2}`},
		"hidden deeper":         {`{}`, `{"m":{"Password":"x","l":[{"secret":1}]}}`, `{}`, `{"m":{"Password":"(hidden)","l":[{"secret":"(hidden)"}]}}`},
		"what is silent":        {`{"seen":1}`, `{"seen":2}`, ``, ``},
		"created":               {``, `{"a":1,"pin":2,"seen":3}`, ``, `{"a":1,"pin":"(hidden)"}`},
		"deleted":               {`{"a":1,"pin":2}`, ``, `{"a":1,"pin":"(hidden)"}`, ``},
		"created without more":  {``, `{"seen":3}`, ``, `{}`},
	} {
		bytesOf := func(s string) []byte {
			if s == "" {
				return nil
			}
			return []byte(s)
		}
		was, is, err := r.Differ(bytesOf(tt.before), bytesOf(tt.after))
		if err != nil || string(was) != tt.was || string(is) != tt.is {
			t.Errorf("%s: %s and %s, %v", name, was, is, err)
		}
	}
	if _, _, err := r.Differ([]byte(`[]`), nil); err == nil {
		t.Error("a list was taken for a record")
	}
}

// Whatever two records are, no hidden value is told, and there is a difference
// exactly when they differ.
func FuzzDiffer(f *testing.F) {
	f.Add([]byte(`{"a":1,"password":"hunter2"}`), []byte(`{"a":{"token":"hunter2"},"l":[{"secret":"hunter2"},"x"]}`))
	f.Add([]byte(`{"a":[1,null,{}]}`), []byte(`{"a":null}`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		was, is, err := Redaction{}.Differ(a, b)
		if err != nil {
			return
		}
		for _, doc := range [][]byte{was, is} {
			if doc != nil && !json.Valid(doc) {
				t.Errorf("not JSON: %s", doc)
			}
		}
		if w, i, err := (Redaction{}).Differ(b, b); err != nil || w != nil || i != nil {
			t.Errorf("%s differs from itself: %s and %s, %v", b, w, i, err)
		}
	})
}

// No value of a hidden field is told, wherever it is.
func TestDifferHides(t *testing.T) {
	var nest func(depth int) *rapid.Generator[any]
	nest = func(depth int) *rapid.Generator[any] {
		return rapid.Custom(func(t *rapid.T) any {
			if depth == 0 {
				return rapid.IntRange(0, 3).Draw(t, "number")
			}
			inner := nest(depth - 1)
			if rapid.Bool().Draw(t, "list") {
				return rapid.SliceOfN(inner, 0, 3).Draw(t, "items")
			}
			m := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), inner, 0, 3).Draw(t, "fields")
			if rapid.Bool().Draw(t, "secret") {
				m["pass"+"word"] = "hunter2"
			}
			return m
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		var docs [2][]byte
		for i := range docs {
			docs[i], _ = json.Marshal(map[string]any{"x": nest(3).Draw(t, strconv.Itoa(i))})
		}
		was, is, err := Redaction{}.Differ(docs[0], docs[1])
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(was)+string(is), "hunter2") {
			t.Fatalf("%s and %s tell the secret", was, is)
		}
	})
}
