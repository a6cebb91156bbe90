package letter

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// UnsubscribePath is where one request ends letters (RFC 8058); the token stands
// behind it. Requests are logged without the token: it names somebody.
const UnsubscribePath = api.UnsubscribePath

// token returns what ends the letters of a topic. It works for good, since a
// letter may be read years later, and for that topic alone.
func (d *Desk) token(t told) string {
	return base64.RawURLEncoding.EncodeToString([]byte(t.target())) + "." + base64.RawURLEncoding.EncodeToString(d.sign(t.target()))
}

// Page returns the page that asks whether a token's letters shall end. The token
// stands behind the #, which browsers keep to themselves.
func (d *Desk) Page(token string) string {
	return d.SiteURL + "/unsubscribe#token=" + url.QueryEscape(token)
}

func (d *Desk) sign(s string) []byte {
	h := hmac.New(sha256.New, d.Key)
	h.Write([]byte("unsubscribe\x00" + s))
	return h.Sum(nil)[:16]
}

// Subscription is what a link ends.
type Subscription struct {
	Company string // its name
	Topic   hajir.Topic
	On      bool // letters still come
	told    told
	company string
}

// errLink tells who has a link no more than that it is none.
var errLink = hajir.Errorf(hajir.NotFound, "this link does not work; sign in and choose what you are told on the page Notifications")

// Find returns what a token ends.
func (d *Desk) Find(ctx context.Context, token string) (Subscription, error) {
	head, tail, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	mac, bad := base64.RawURLEncoding.DecodeString(tail)
	if err != nil || bad != nil || subtle.ConstantTimeCompare(mac, d.sign(string(text))) != 1 {
		return Subscription{}, errLink
	}
	s := Subscription{told: toldOf(string(text))}
	s.Topic = s.told.topic
	c, err := d.Store.Company(ctx, s.told.username) // the root account has the company's name
	if gone(err) {
		e, err := d.Store.Employee(ctx, s.told.username)
		if gone(err) {
			return s, errLink
		}
		if err != nil {
			return s, err
		}
		if c, err = d.Store.Company(ctx, e.Company); err != nil {
			return s, err
		}
	} else if err != nil {
		return s, err
	}
	s.Company, s.company = c.Name, c.Username
	choices, err := d.Choices(ctx, s.company, s.told.username)
	s.On = len(ended(choices, s.Topic)) > 0
	return s, err
}

// Unsubscribe ends the letters that a token's letter was one of. It may be done
// again.
func (d *Desk) Unsubscribe(ctx context.Context, token string) (Subscription, error) {
	s, err := d.Find(ctx, token)
	if err != nil || !s.On {
		return s, err
	}
	choices, err := d.Choices(ctx, s.company, s.told.username)
	if err != nil {
		return s, err
	}
	_, err = d.Choose(ctx, s.company, s.told.username, ended(choices, s.Topic))
	s.On = err != nil
	return s, err
}

// ended returns what has to be chosen so that no letters of a topic come. The
// daily letter ends with all that it tells.
func ended(c Choices, t hajir.Topic) map[hajir.Topic]hajir.Manner {
	manners := map[hajir.Topic]hajir.Manner{}
	for _, d := range hajir.TopicsOf(c.Role) {
		is := c.Of(c.Role, d.Topic)
		if is != hajir.Never && (d.Topic == t || t == hajir.Topic(hajir.Daily) && is == hajir.Daily) {
			manners[d.Topic] = hajir.Never
		}
	}
	return manners
}
