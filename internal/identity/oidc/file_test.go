package oidc_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/identity/identitytest"
	"hajir/internal/identity/oidc"
)

func encode(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }

const example = `{"issuers": [{
	"issuer": "https://sso.example.com/realms/acme",
	"audience": "hajir",
	"company": "acme",
	"roles": {"staff": "employee"}
}]}`

func TestParse(t *testing.T) {
	all, err := oidc.Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	want := []oidc.Issuer{{
		URL: "https://sso.example.com/realms/acme", Audience: "hajir", Company: "acme",
		Claims: oidc.Claims{Username: "sub", Name: "name", Role: "roles"},
		Roles:  map[string]hajir.Role{"staff": hajir.RoleEmployee},
	}}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("%+v, want %+v", all, want)
	}
	for _, tt := range [][3]string{ // what is replaced, by what, and what the error says
		{`"audience": "hajir",`, `"client_ids": ["a", "b"],`, ""},
		{`https://sso`, `http://sso`, "https://"},
		{`https://sso.example.com`, `http://127.0.0.1:8085`, ""},
		{`https://sso.example.com`, `http://[::1]:8085`, ""},
		{`https://sso.example.com`, `http://localhost:8085`, ""},
		{`https://sso.example.com`, `http://127.0.0.1.example.com`, "https://"},
		{`https://sso.example.com/realms/acme`, ``, "no address"},
		{`https://sso.`, `https://user:pass@sso.`, "no address"},
		{`/realms/acme`, `/realms/acme?x=1`, "as its tokens name it"},
		{`/realms/acme`, `/.well-known/openid-configuration`, "as its tokens name it"},
		{`"audience": "hajir",`, ``, "audience or client_ids"},
		{`"audience": "hajir",`, `"client_ids": [""],`, "audience or client_ids"},
		{`"company": "acme",`, ``, "company must name"},
		{`"company": "acme",`, `"claims": {"company": "org"},`, ""},
		{`"company": "acme",`, `"company": "Acme Ltd",`, "username of one"},
		{`{"staff": "employee"}`, `{}`, "roles must say"},
		{`"staff": "employee"`, `"staff": "boss"`, `no role "boss"`},
		{`"staff": "employee"`, `"door": "kiosk"`, "pair the device"},
		{`"audience"`, `"audiance"`, "audiance"},
		{`"company": "acme"`, `"company": 7`, "not a list of issuers"},
		{`}]}`, `}]} x`, "something follows"},
		{`}]}`, `}]}{}`, "something follows"},
		{example, `{}`, "empty"},
		{example, ``, "not a list of issuers"},
		{`[{`, `[` + strings.TrimSuffix(strings.TrimPrefix(example, `{"issuers": [`), `]}`) + `,{`, "twice"},
	} {
		_, err := oidc.Parse([]byte(strings.Replace(example, tt[0], tt[1], 1)))
		if tt[2] == "" && err != nil || tt[2] != "" && (err == nil || !strings.Contains(err.Error(), tt[2])) {
			t.Errorf("with %s: %v, want %q", tt[1], err, tt[2])
		}
	}
}

// Whatever is in the file, the program says what is wrong with it, and what it
// takes is safe to use.
func FuzzParse(f *testing.F) {
	f.Add(example)
	f.Add(`{"issuers": [{"issuer": "http://[::1]", "client_ids": ["x"], "claims": {"company": "a.b"}, "roles": {"": "admin"}}]}`)
	f.Fuzz(func(t *testing.T, content string) {
		all, err := oidc.Parse([]byte(content))
		if err != nil {
			return
		}
		for _, i := range all {
			if i.Validate() != nil || len(i.Roles) == 0 || i.Claims.Username == "" {
				t.Errorf("took %+v", i)
			}
		}
	})
}

// Whatever is presented, it is refused without a panic.
func FuzzVerify(f *testing.F) {
	clock := start()
	w := newWorld(f, clock, nil)
	good := w.issuer.Sign(w.claims())
	for _, seed := range []string{good[:len(good)-1], "a.b.c", "eyJhbGciOiJub25lIn0.e30.", strings.Replace(good, ".", "..", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if token == good {
			return
		}
		if _, err := w.Verify(t.Context(), token); hajir.CodeOf(err) != hajir.Unauthorized {
			t.Errorf("%q: %v", token, err)
		}
	})
}

// Claims may have any form.
func FuzzClaims(f *testing.F) {
	w := newWorld(f, start(), nil)
	f.Add("realm_access", `{"roles": ["staff"]}`)
	f.Add("preferred_username", `["asha"]`)
	f.Add("aud", `{"x": [[[]]]}`)
	f.Add("exp", `1e400`)
	f.Fuzz(func(t *testing.T, name, value string) {
		var v any
		if json.Unmarshal([]byte(value), &v) != nil {
			return
		}
		claims := w.claims()
		claims[name] = v
		who, err := w.Verify(t.Context(), identitytest.Sign(t, w.issuer.Key(), nil, claims))
		if err == nil && (who.Company != "acme" || who.Issuer != w.issuer.URL || who.Role != hajir.RoleEmployee && who.Role != hajir.RoleAdmin) {
			t.Errorf("%s = %s: %+v", name, value, who)
		}
		if code := hajir.CodeOf(err); err != nil && code != hajir.Unauthorized && code != hajir.Forbidden {
			t.Errorf("%s = %s: %v", name, value, err)
		}
	})
}
