package config_test

import (
	"net"
	"strings"
	"testing"

	"hajir/internal/config"
)

const acme = "https://acme.example/directory"

func TestAddress(t *testing.T) {
	issued := config.Address{Domains: []string{"hajir.example.com", "in.example.com"}, AcceptACME: true, ACMEURL: acme}
	files := config.Address{TLSCert: "cert.pem", TLSKey: "key.pem"}
	with := func(a config.Address, listen, plain string) config.Address {
		a.Listen, a.HTTPListen = listen, plain
		return a
	}
	for name, tt := range map[string]struct {
		address            config.Address
		listen, http, self string
	}{
		"plain":            {config.Address{}, "127.0.0.1:8080", "", "http://127.0.0.1:8080"},
		"plain, asked":     {with(config.Address{}, ":8080", ":80"), ":8080", "", "http://127.0.0.1:8080"},
		"domain":           {issued, ":443", ":80", "https://127.0.0.1:443"},
		"domain, moved":    {with(issued, "[::]:8443", "off"), "[::]:8443", "", "https://127.0.0.1:8443"},
		"files":            {files, "127.0.0.1:8080", "", "https://127.0.0.1:8080"},
		"files, redirects": {with(files, "10.0.0.1:443", ":80"), "10.0.0.1:443", ":80", "https://10.0.0.1:443"},
	} {
		if err := tt.address.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		self, err := tt.address.SelfURL()
		if err != nil {
			t.Fatal(err)
		}
		if l, h := tt.address.ListenAt(), tt.address.HTTPListenAt(); l != tt.listen || h != tt.http || self.String() != tt.self {
			t.Errorf("%s: listens at %q and %q, asks %s", name, l, h, self)
		}
	}
}

func TestAddressRefused(t *testing.T) {
	domain := func(name string) config.Address {
		return config.Address{Domains: []string{name}, AcceptACME: true, ACMEURL: acme}
	}
	for name, tt := range map[string]struct {
		address config.Address
		says    string
	}{
		"terms":     {config.Address{Domains: []string{"a.example"}, ACMEURL: acme}, "--acme-accept-terms"},
		"key":       {config.Address{TLSCert: "cert.pem"}, "--tls-key"},
		"both":      {config.Address{Domains: []string{"a.example"}, AcceptACME: true, ACMEURL: acme, TLSCert: "c", TLSKey: "k"}, "not both"},
		"address":   {domain("127.0.0.1"), "--domain"},
		"wildcard":  {domain("*.a.example"), "--domain"},
		"scheme":    {domain("https://a.example"), "--domain"},
		"port":      {domain("a.example:443"), "--domain"},
		"one label": {domain("localhost"), "--domain"},
		"capitals":  {domain("A.example"), "--domain"},
		"plain":     {config.Address{Domains: []string{"a.example"}, AcceptACME: true, ACMEURL: "http://acme.example/"}, "--acme-directory"},
	} {
		if err := (config.Serve{Address: tt.address}).Validate(); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Where the site is follows from what the server speaks, and cannot contradict it.
func TestSiteURL(t *testing.T) {
	issued := config.Address{Domains: []string{"hajir.example.com"}, AcceptACME: true, ACMEURL: acme}
	files := config.Address{TLSCert: "cert.pem", TLSKey: "key.pem"}
	for name, tt := range map[string]struct {
		address      config.Address
		public, addr string
		want         string // "" is refused
	}{
		"plain":           {config.Address{}, "", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		"everywhere":      {config.Address{}, "", "[::]:8080", "http://localhost:8080"},
		"proxy":           {config.Address{}, "https://a.example/", "127.0.0.1:8080", "https://a.example"},
		"domain":          {issued, "", "[::]:443", "https://hajir.example.com"},
		"domain and port": {issued, "", "[::]:8443", "https://hajir.example.com:8443"},
		"domain, moved":   {issued, "https://hajir.example.com", "[::]:8443", "https://hajir.example.com"},
		"not the domain":  {issued, "https://a.example", "[::]:443", ""},
		"not secure":      {issued, "http://hajir.example.com", "[::]:443", ""},
		"files":           {files, "", "[::1]:443", "https://[::1]"},
		"files and port":  {files, "", "0.0.0.0:8443", "https://localhost:8443"},
		"files, named":    {files, "https://a.example", "0.0.0.0:8443", "https://a.example"},
		"files, not so":   {files, "http://a.example", "0.0.0.0:8443", ""},
	} {
		addr, err := net.ResolveTCPAddr("tcp", tt.addr)
		if err != nil {
			t.Fatal(err)
		}
		u, err := config.Serve{Address: tt.address, PublicURL: tt.public}.SiteURL(addr)
		got := ""
		if err == nil {
			got = u.String()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q: %v", name, got, tt.want, err)
		}
	}
}
