package hajir

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Hidden stands in the audit log for a value that it does not tell.
const Hidden = "(hidden)"

// hiddenWords are parts of the names of fields whose values the audit log never
// tells, whatever a record's own list says.
var hiddenWords = []string{"hash", "secret", "password", "token", "vector", "sealed"}

// Redaction says which fields of a record the audit log does not tell.
type Redaction struct {
	Hidden []string // it tells that they changed, and not what they are
	Silent []string // it does not tell that they changed
}

func (r Redaction) hides(field string) bool {
	for _, word := range hiddenWords {
		if strings.Contains(strings.ToLower(field), word) {
			return true
		}
	}
	return slices.Contains(r.Hidden, field)
}

// Differ returns the fields in which two JSON objects differ, as JSON objects
// for Before and After of an Event; both nil when they do not. One that is not
// there is nil. Objects within them are compared in the same way, and of lists
// those items are told that the other one does not have.
func (r Redaction) Differ(before, after []byte) (was, is json.RawMessage, err error) {
	var a, b map[string]json.RawMessage
	if before != nil {
		if err := json.Unmarshal(before, &a); err != nil {
			return nil, nil, fmt.Errorf("read what was before: %w", err)
		}
	}
	if after != nil {
		if err := json.Unmarshal(after, &b); err != nil {
			return nil, nil, fmt.Errorf("read what is after: %w", err)
		}
	}
	oldFields, newFields := r.differ(a, b)
	if before != nil && after != nil && len(oldFields)+len(newFields) == 0 {
		return nil, nil, nil
	}
	if before != nil {
		if was, err = json.Marshal(oldFields); err != nil {
			return nil, nil, fmt.Errorf("write what was before: %w", err)
		}
	}
	if after != nil {
		if is, err = json.Marshal(newFields); err != nil {
			return nil, nil, fmt.Errorf("write what is after: %w", err)
		}
	}
	return was, is, nil
}

func (r Redaction) differ(a, b map[string]json.RawMessage) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	for field := range union(a, b) {
		if slices.Contains(r.Silent, field) {
			continue
		}
		x, inA := a[field]
		y, inB := b[field]
		if inA && inB && same(x, y) {
			continue
		}
		show := r.show
		if r.hides(field) {
			show = func(json.RawMessage) any { return Hidden }
		}
		inner, others := object(x), object(y)
		if inA && inB && inner != nil && others != nil && !r.hides(field) {
			if w, i := r.differ(inner, others); len(w)+len(i) > 0 {
				was[field], is[field] = w, i
			}
			continue
		}
		if inA && inB {
			x, y = onlyIn(x, y), onlyIn(y, x)
		}
		if inA {
			was[field] = show(x)
		}
		if inB {
			is[field] = show(y)
		}
	}
	return was, is
}

// show returns a value that stands alone, without what is hidden inside it.
func (r Redaction) show(v json.RawMessage) any {
	if inner := object(v); inner != nil {
		_, shown := r.differ(nil, inner)
		return shown
	}
	var items []json.RawMessage
	if json.Unmarshal(v, &items) != nil || items == nil {
		return v
	}
	shown := make([]any, len(items))
	for i, item := range items {
		shown[i] = r.show(item)
	}
	return shown
}

// onlyIn returns the items of list v that are not in other; v itself when it is
// no list, or when only the order differs.
func onlyIn(v, other json.RawMessage) json.RawMessage {
	var items, others []json.RawMessage
	if json.Unmarshal(v, &items) != nil || json.Unmarshal(other, &others) != nil {
		return v
	}
	left := make([]json.RawMessage, 0, len(items))
	for _, item := range items {
		i := slices.IndexFunc(others, func(o json.RawMessage) bool { return same(item, o) })
		if i < 0 {
			left = append(left, item)
			continue
		}
		others = slices.Delete(others, i, i+1)
	}
	if len(left)+len(others) == 0 {
		return v
	}
	b, err := json.Marshal(left)
	if err != nil {
		return v
	}
	return b
}

func object(v json.RawMessage) map[string]json.RawMessage {
	var o map[string]json.RawMessage
	if json.Unmarshal(v, &o) != nil {
		return nil
	}
	return o
}

func union(a, b map[string]json.RawMessage) map[string]bool {
	all := make(map[string]bool, len(a)+len(b))
	for field := range a {
		all[field] = true
	}
	for field := range b {
		all[field] = true
	}
	return all
}

// same compares two values whatever the spaces between their parts.
func same(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, a) != nil || json.Compact(&y, b) != nil {
		return bytes.Equal(a, b)
	}
	return bytes.Equal(x.Bytes(), y.Bytes())
}
