package update

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newKey(t testing.TB) (minisign.PublicKey, minisign.PrivateKey) {
	t.Helper()
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return public, secret
}

func release(version string, security bool) Release {
	return Release{Version: version, Published: now, URL: "https://example.com/" + version, Security: security, Notes: "Mends things."}
}

func feed(issued time.Time, releases ...Release) Feed {
	return Feed{Kind: feedKind, Issued: issued, Expires: issued.Add(30 * 24 * time.Hour), Releases: releases}
}

func seal(t testing.TB, f Feed, key minisign.PrivateKey) []byte {
	t.Helper()
	b, err := Seal(f, key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// resign signs content as a publisher would who signs other things, too.
func resign(t testing.TB, content any, comment string, key minisign.PrivateKey) []byte {
	t.Helper()
	inner, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(envelope{inner, string(minisign.SignWithComments(key, inner, comment, ""))})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpen(t *testing.T) {
	public, secret := newKey(t)
	other, others := newKey(t)
	good := seal(t, feed(now, release("v1.2.0", false)), secret)
	f, err := Open(good, public, now)
	if err != nil || len(f.Releases) != 1 || f.Releases[0].Version != "v1.2.0" {
		t.Fatalf("%+v, %v", f, err)
	}
	var e envelope
	if err := json.Unmarshal(good, &e); err != nil {
		t.Fatal(err)
	}
	changed := func(edit func(*envelope)) []byte {
		c := e
		c.Feed = bytes.Clone(e.Feed)
		edit(&c)
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	long := feed(now, release("v1.2.0", false))
	long.Expires = now.Add(MaxLife + time.Hour)
	plain := feed(now, release("v1.2.0", false))
	plain.Releases[0].URL = "http://example.com"
	terminal := feed(now, release("v1.2.0", false))
	terminal.Releases[0].Notes = "\x1b[2Jall is well"
	another := feed(now, release("v1.2.0", false))
	another.Kind = "hajir-checksums/1"
	for name, tt := range map[string]struct {
		document []byte
		key      minisign.PublicKey
		at       time.Time
		want     error
	}{
		"tampered": {changed(func(e *envelope) { e.Feed = bytes.Replace(e.Feed, []byte("v1.2.0"), []byte("v1.2.9"), 1) }), public, now, ErrSignature},
		"tampered signature": {
			changed(func(e *envelope) { e.Signature = strings.Replace(e.Signature, feedKind, "hajir-releases/2", 1) }), public, now, ErrSignature,
		},
		"wrong key":         {good, other, now, ErrSignature},
		"signed by others":  {seal(t, feed(now, release("v1.2.0", false)), others), public, now, ErrSignature},
		"another document":  {resign(t, feed(now, release("v1.2.0", false)), "checksums of v1.2.0", secret), public, now, ErrSignature},
		"no signature":      {changed(func(e *envelope) { e.Signature = "" }), public, now, ErrForm},
		"no JSON":           {[]byte("<html>"), public, now, ErrForm},
		"nothing":           {nil, public, now, ErrForm},
		"too long":          {append(good, bytes.Repeat([]byte(" "), MaxBytes)...), public, now, ErrForm},
		"expired":           {good, public, now.Add(31 * 24 * time.Hour), ErrExpired},
		"of the future":     {good, public, now.Add(-time.Hour), ErrFuture},
		"lives too long":    {resign(t, long, feedKind, secret), public, now, ErrForm},
		"names nothing":     {resign(t, feed(now), feedKind, secret), public, now, ErrForm},
		"of no time":        {resign(t, Feed{Kind: feedKind, Releases: plain.Releases}, feedKind, secret), public, now, ErrForm},
		"no https":          {resign(t, plain, feedKind, secret), public, now, ErrForm},
		"for the terminal":  {resign(t, terminal, feedKind, secret), public, now, ErrForm},
		"of another kind":   {resign(t, another, feedKind, secret), public, now, ErrForm},
		"of another type":   {resign(t, []int{1}, feedKind, secret), public, now, ErrForm},
		"no version":        {resign(t, feed(now, release("1.2", false)), feedKind, secret), public, now, ErrForm},
		"not quite version": {resign(t, feed(now, release("v1", false)), feedKind, secret), public, now, ErrForm},
	} {
		if _, err := Open(tt.document, tt.key, tt.at); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	// Who makes a feed is told before it is out.
	for name, f := range map[string]Feed{"lives too long": long, "names nothing": feed(now), "no https": plain} {
		if _, err := Seal(f, secret); err == nil {
			t.Errorf("%s: it is signed", name)
		}
	}
}

func TestParseKey(t *testing.T) {
	public, _ := newKey(t)
	text, err := public.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{"line": public.String(), "file": string(text), "spaces": "\n" + public.String() + " \n"} {
		if got, err := ParseKey(s); err != nil || !got.Equal(public) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, s := range []string{"", "RW", public.String()[1:], "ssh-ed25519 AAAA", strings.Repeat("A", 56)} {
		if _, err := ParseKey(s); err == nil {
			t.Errorf("%q is taken for a key", s)
		}
	}
}

func TestNews(t *testing.T) {
	f := feed(now, release("v1.2.0", false), release("v1.3.0-rc.1", false), release("v1.1.1", true), release("v1.0.1", true))
	for current, want := range map[string]struct {
		newest string
		newer  bool
		mends  []string
	}{
		"v1.2.0":      {"v1.2.0", false, nil},
		"v1.1.0":      {"v1.2.0", true, []string{"v1.1.1"}},
		"v1.0.0":      {"v1.2.0", true, []string{"v1.0.1", "v1.1.1"}},
		"v1.3.0-rc.0": {"v1.3.0-rc.1", true, nil},
		"v2.0.0":      {"v1.2.0", false, nil},
		"v0.0.0-20260302090000-0123456789ab+dirty": {"v1.3.0-rc.1", true, []string{"v1.0.1", "v1.1.1"}},
		"(devel)": {"v1.2.0", false, nil},
	} {
		n := f.News(current)
		if n.Newest.Version != want.newest || n.Newer != want.newer || !slices.Equal(n.Mends, want.mends) || n.Known != (current != "(devel)") {
			t.Errorf("%s: %+v", current, n)
		}
	}
}

// Of whatever bytes are changed in a feed, none is believed.
func TestTampering(t *testing.T) {
	public, secret := newKey(t)
	good := seal(t, feed(now, release("v1.2.0", true)), secret)
	want, err := Open(good, public, now)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(good)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		got, err := Open(b, public, now)
		if err == nil && (got.Releases[0] != want.Releases[0] || !got.Issued.Equal(want.Issued) || !got.Expires.Equal(want.Expires)) {
			t.Fatalf("%+v is believed", got)
		}
	})
}

func FuzzOpen(f *testing.F) {
	public, secret := newKey(f)
	good := seal(f, feed(now, release("v1.2.0", true)), secret)
	f.Add(good)
	f.Add([]byte(`{"feed":"e30=","signature":"untrusted comment: x\nRUQ=\ntrusted comment: x\nAA=="}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		got, err := Open(document, public, now)
		if err == nil && got.Releases[0].Version != "v1.2.0" {
			t.Errorf("%+v is believed", got)
		}
	})
}

// What a publisher's key did sign is read without harm, whatever it is.
func FuzzSigned(f *testing.F) {
	public, secret := newKey(f)
	f.Add([]byte(`{"kind":"hajir-releases/1","issued":"2026-03-02T09:00:00Z","expires":"2026-03-09T09:00:00Z","releases":[{"version":"v1.0.0","url":"https://a.example"}]}`), "v0.9.0")
	f.Fuzz(func(t *testing.T, content []byte, current string) {
		b, err := json.Marshal(envelope{content, string(minisign.SignWithComments(secret, content, feedKind, ""))})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Open(b, public, now)
		if err != nil {
			return
		}
		if n := got.News(current); n.Newer && !n.Known {
			t.Errorf("%+v", n)
		}
	})
}
