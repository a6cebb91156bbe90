package hajir

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func solve(text string) string {
	for n := 0; ; n++ {
		if s := strconv.Itoa(n); Solves(text, s) {
			return s
		}
	}
}

func TestProof(t *testing.T) {
	key := []byte("a key of the server")
	c := NewChallenge("acme", [16]byte{1}, asked)
	text := c.Sign(key)
	solution := solve(text)
	if got, err := CheckProof(key, "acme", text, solution, asked.Add(ProofLife-time.Second)); err != nil || got != c {
		t.Fatalf("%+v %v, want %+v", got, err, c)
	}
	parts := strings.Split(text, ".")
	later := fmt.Sprintf("%s.%d.%s", parts[0], c.ExpiresAt.Unix()+60, parts[2])
	foreign := c.Sign([]byte("another key"))
	for name, tt := range map[string]struct {
		company, text, solution string
		at                      time.Time
		want                    Code
	}{
		"late":               {"acme", text, solution, asked.Add(ProofLife), ProofExpired},
		"another company":    {"other", text, solution, asked, ProofWrong},
		"not solved":         {"acme", text, "0", asked, ProofWrong},
		"nothing":            {"acme", "", "", asked, ProofWrong},
		"no solution":        {"acme", text, "", asked, ProofWrong},
		"a negative one":     {"acme", text, "-" + solution, asked, ProofWrong},
		"a long one":         {"acme", text, strings.Repeat("0", 21), asked, ProofWrong},
		"a longer life":      {"acme", later, solve(later), asked, ProofWrong},
		"another key":        {"acme", foreign, solve(foreign), asked, ProofWrong},
		"parts too many":     {"acme", text + ".x", solution, asked, ProofWrong},
		"a broken signature": {"acme", parts[0] + "." + parts[1] + ".!", solution, asked, ProofWrong},
	} {
		if _, err := CheckProof(key, tt.company, tt.text, tt.solution, tt.at); CodeOf(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

func FuzzProof(f *testing.F) {
	key := []byte("key")
	f.Add(NewChallenge("acme", [16]byte{}, asked).Sign(key), "12")
	f.Add("..", "")
	f.Add("a.99999999999999999999.b", "1")
	f.Fuzz(func(t *testing.T, text, solution string) {
		if _, err := CheckProof(key, "acme", text, solution, asked); err == nil && !Solves(text, solution) {
			t.Fatal("taken without work")
		}
	})
}
