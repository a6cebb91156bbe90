// Package update tells of newer releases by a feed that the operator names and
// whose signature they can check. Read Feed first, then Check; feed.go reads and
// signs feeds, check.go asks for one, seen.go remembers what was told before.
package update

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"aead.dev/minisign"
	"golang.org/x/mod/semver"
)

// Feed is what a publisher says of its releases.
type Feed struct {
	Kind string `json:"kind"` // feedKind
	// Issued is when this was said; a later feed takes its place. Until Expires
	// it is believed: whoever holds back newer ones can do so for that long.
	Issued   time.Time `json:"issued"`
	Expires  time.Time `json:"expires"`
	Releases []Release `json:"releases"`
}

// Release is one version.
type Release struct {
	Version   string    `json:"version"` // such as v1.2.3
	Published time.Time `json:"published"`
	URL       string    `json:"url"` // where to read of it and to get it; https
	// Security says that it mends a hole in versions before it.
	Security bool   `json:"security"`
	Notes    string `json:"notes,omitempty"` // a line or two
}

// envelope is how a feed travels: what was signed, to the letter, and the
// signature of it, in one document, so that the two always fit.
type envelope struct {
	Feed      []byte `json:"feed"`
	Signature string `json:"signature"` // minisign's form
}

// feedKind keeps other documents of the same publisher from being taken for a
// feed. It is in the signature's comment, too.
const feedKind = "hajir-releases/1"

// The bounds of a feed.
const (
	MaxBytes    = 256 << 10
	MaxLife     = 92 * 24 * time.Hour // from Issued to Expires
	maxReleases = 500
	maxNotes    = 500
	// leeway is how far the clocks of publisher and operator may differ.
	leeway = 10 * time.Minute
)

// What is wrong with a feed. Each says what to do.
var (
	ErrForm      = errors.New("that is no feed of releases")
	ErrSignature = errors.New("the feed's signature is not by the key that you trust: do not believe it, and ask the publisher by another way")
	ErrExpired   = errors.New("the feed is out of date: its publisher stopped, or somebody holds newer ones back; look at the publisher's site")
	ErrFuture    = errors.New("the feed was issued in the future: is this machine's clock right?")
	ErrOlder     = errors.New("the feed is older than the one seen before: somebody hands out an old one; look at the publisher's site")
)

// ParseKey reads a public key as minisign prints it: RW and 54 more characters,
// or the whole file.
func ParseKey(text string) (minisign.PublicKey, error) {
	var key minisign.PublicKey
	if err := key.UnmarshalText([]byte(strings.TrimSpace(text))); err != nil {
		return key, errors.New("the public key must be one of minisign: it begins with RW and has 56 characters")
	}
	return key, nil
}

// Open returns the feed in document if key signed it and it holds at now.
func Open(document []byte, key minisign.PublicKey, now time.Time) (Feed, error) {
	var e envelope
	if len(document) > MaxBytes || json.Unmarshal(document, &e) != nil {
		return Feed{}, ErrForm
	}
	var signature minisign.Signature
	if signature.UnmarshalText([]byte(e.Signature)) != nil {
		return Feed{}, ErrForm
	}
	// What is not signed is not looked at.
	if !minisign.Verify(key, e.Feed, []byte(e.Signature)) || signature.TrustedComment != feedKind {
		return Feed{}, ErrSignature
	}
	var f Feed
	if err := json.Unmarshal(e.Feed, &f); err != nil {
		return Feed{}, ErrForm
	}
	if err := f.check(); err != nil {
		return Feed{}, err
	}
	switch {
	case f.Issued.After(now.Add(leeway)):
		return Feed{}, ErrFuture
	case f.Expires.Before(now):
		return Feed{}, ErrExpired
	}
	return f, nil
}

// Seal signs f.
func Seal(f Feed, key minisign.PrivateKey) ([]byte, error) {
	f.Kind = feedKind
	if err := f.check(); err != nil {
		return nil, err
	}
	content, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	signature := minisign.SignWithComments(key, content, feedKind, "feed of releases of Hajir")
	document, err := json.MarshalIndent(envelope{content, string(signature)}, "", "  ")
	if err == nil && len(document) > MaxBytes {
		err = fmt.Errorf("the feed has %d bytes, more than %d: drop old releases", len(document), MaxBytes)
	}
	return append(document, '\n'), err
}

// check refuses what no publisher should say.
func (f Feed) check() error {
	switch {
	case f.Kind != feedKind:
		return fmt.Errorf("%w: its kind is %q", ErrForm, f.Kind)
	case f.Issued.IsZero() || !f.Expires.After(f.Issued) || f.Expires.Sub(f.Issued) > MaxLife:
		return fmt.Errorf("%w: it must hold for a while, and for %d days at most", ErrForm, int(MaxLife.Hours()/24))
	case len(f.Releases) == 0 || len(f.Releases) > maxReleases:
		return fmt.Errorf("%w: it must name 1 to %d releases", ErrForm, maxReleases)
	}
	for _, r := range f.Releases {
		u, err := url.Parse(r.URL)
		switch {
		case !semver.IsValid(r.Version) || strings.Count(r.Version, ".") < 2:
			return fmt.Errorf("%w: %q is no version such as v1.2.3", ErrForm, r.Version)
		case err != nil || u.Scheme != "https" || u.Host == "":
			return fmt.Errorf("%w: %s is not to be had by https", ErrForm, r.Version)
		case len(r.Notes) > maxNotes || strings.ContainsFunc(r.Notes+r.URL, func(c rune) bool { return c < ' ' || c == 0x7f }):
			return fmt.Errorf("%w: what it says of %s is too long, or has control characters", ErrForm, r.Version)
		}
	}
	return nil
}

// News is what the releases mean for a version.
type News struct {
	Current string   `json:"current"`
	Known   bool     `json:"known"`  // whether Current can be compared
	Newest  Release  `json:"newest"` // pre-releases count only for who runs one
	Newer   bool     `json:"newer"`
	Mends   []string `json:"mends"` // newer versions that mend holes
}

// News compares current, a version, with the releases. All else, such as a
// commit, is not known.
func (f Feed) News(current string) News {
	n := News{Current: current, Known: semver.IsValid(current), Mends: []string{}}
	for _, r := range f.Releases {
		if semver.Prerelease(r.Version) != "" && (!n.Known || semver.Prerelease(current) == "") {
			continue
		}
		if n.Newest.Version == "" || semver.Compare(r.Version, n.Newest.Version) > 0 {
			n.Newest = r
		}
		if r.Security && n.Known && semver.Compare(r.Version, current) > 0 {
			n.Mends = append(n.Mends, r.Version)
		}
	}
	n.Newer = n.Known && semver.Compare(n.Newest.Version, current) > 0
	semver.Sort(n.Mends)
	return n
}
