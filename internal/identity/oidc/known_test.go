package oidc

import (
	"strconv"
	"testing"
	"time"
)

// A token that was verified is known until it expires, and no longer; another
// one never is; and they do not fill the memory.
func TestKnownTokens(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var k known
	k.add("a.b.c", claims{expires: now.Add(time.Minute)})
	if c, ok := k.claims("a.b.c", now); !ok || !c.expires.Equal(now.Add(time.Minute)) {
		t.Errorf("it is not known: %+v", c)
	}
	if has(&k, "a.b.d", now) {
		t.Error("another signature is known")
	}
	if has(&k, "a.b.c", now.Add(time.Minute)) || len(k.tokens) != 0 {
		t.Error("it is known when it has expired")
	}
	for i := range 2 * maxKnown {
		k.add(strconv.Itoa(i), claims{expires: now.Add(time.Minute)})
		if len(k.tokens) > maxKnown {
			t.Fatalf("%d are kept", len(k.tokens))
		}
	}
}

func has(k *known, token string, now time.Time) bool {
	_, ok := k.claims(token, now)
	return ok
}
