package config

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
)

// Address is where the server listens, and how it proves to be the site: by
// certificates that an ACME authority issues, by files, or, behind a proxy that
// speaks HTTPS, not at all.
type Address struct {
	Listen     string   `help:"Address to listen on. Default: 127.0.0.1:8080, and :443 with --domain." env:"HAJIR_LISTEN" placeholder:"ADDR"`
	HTTPListen string   `name:"http-listen" help:"Address that leads browsers from http to https, and answers an ACME authority. off: none. Default: :80 with --domain, else off." env:"HAJIR_HTTP_LISTEN" placeholder:"ADDR"`
	Domains    []string `name:"domain" help:"Names of the site, such as hajir.example.com: Hajir then speaks HTTPS itself, with certificates of an ACME authority." env:"HAJIR_DOMAIN" placeholder:"NAME"`
	AcceptACME bool     `name:"acme-accept-terms" help:"Say that you agree to the terms of the ACME authority. Without it none is asked." env:"HAJIR_ACME_ACCEPT_TERMS"`
	ACMEEmail  string   `name:"acme-email" help:"Where the authority may write to." env:"HAJIR_ACME_EMAIL" placeholder:"ADDRESS"`
	ACMEURL    string   `name:"acme-directory" help:"Directory of the ACME authority." default:"https://acme-v02.api.letsencrypt.org/directory" env:"HAJIR_ACME_DIRECTORY" placeholder:"URL"`
	ACMERoots  string   `name:"acme-roots" help:"File with the root certificates (PEM) of an authority within the company." type:"path" env:"HAJIR_ACME_ROOTS_FILE" placeholder:"FILE"`
	TLSCert    string   `name:"tls-cert" help:"File with a certificate and its chain (PEM), to speak HTTPS without an authority. Read again when it changes." type:"path" env:"HAJIR_TLS_CERT_FILE" placeholder:"FILE"`
	TLSKey     string   `name:"tls-key" help:"File with its private key (PEM)." type:"path" env:"HAJIR_TLS_KEY_FILE" placeholder:"FILE"`
}

// httpOff as an address says that nothing listens there.
const httpOff = "off"

// httpsPort need not be named in an address.
const httpsPort = "443"

// A name that a certificate is issued for (RFC 1123), of at least two labels.
var domainName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)

// Validate refuses what no server can be told. Kong calls it.
func (a Address) Validate() error {
	if (a.TLSCert == "") != (a.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key belong together: give both, or neither")
	}
	if len(a.Domains) == 0 {
		return nil
	}
	if a.TLSCert != "" {
		return errors.New("give --domain, for certificates of an authority, or --tls-cert, not both")
	}
	for _, name := range a.Domains {
		if !domainName.MatchString(name) || len(name) > 253 {
			return fmt.Errorf("--domain: %q is not the name of a site, such as hajir.example.com: lower case, no scheme, no port, no IP address, no *", name)
		}
	}
	if u, err := url.Parse(a.ACMEURL); err != nil || u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("--acme-directory must be an https:// URL: %q", a.ACMEURL)
	}
	if !a.AcceptACME {
		return fmt.Errorf("--domain asks %s for a certificate, who has terms: read them (the document there leads to them) and add --acme-accept-terms if you agree", a.ACMEURL)
	}
	return nil
}

// Secure says whether the server speaks HTTPS itself.
func (a Address) Secure() bool { return len(a.Domains) > 0 || a.TLSCert != "" }

// ListenAt returns the address to listen on.
func (a Address) ListenAt() string {
	if len(a.Domains) > 0 {
		return cmp.Or(a.Listen, ":"+httpsPort)
	}
	return cmp.Or(a.Listen, "127.0.0.1:8080")
}

// HTTPListenAt returns the address from which http leads to https; "" when none
// does.
func (a Address) HTTPListenAt() string {
	switch {
	case a.HTTPListen == httpOff || !a.Secure():
		return ""
	case len(a.Domains) > 0:
		return cmp.Or(a.HTTPListen, ":80")
	}
	return a.HTTPListen
}

// SelfURL returns where the server is reached from its own machine.
func (a Address) SelfURL() (*url.URL, error) {
	host, port, err := net.SplitHostPort(a.ListenAt())
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	u := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	if a.Secure() {
		u.Scheme = "https"
	}
	return u, nil
}

// site returns the URL of a site that is served at port by HTTPS; name is used
// where no domain is configured.
func (a Address) site(name, port string) *url.URL {
	if len(a.Domains) > 0 {
		name = a.Domains[0]
	}
	if port == httpsPort {
		if strings.Contains(name, ":") { // an IPv6 address
			name = "[" + name + "]"
		}
		return &url.URL{Scheme: "https", Host: name}
	}
	return &url.URL{Scheme: "https", Host: net.JoinHostPort(name, port)}
}

// checkSite refuses a public URL that contradicts what certificates say.
func (a Address) checkSite(u *url.URL) error {
	if !a.Secure() {
		return nil
	}
	if u.Scheme != "https" {
		return fmt.Errorf("--public-url must begin with https://, since Hajir speaks HTTPS: %q", u)
	}
	for _, name := range a.Domains {
		if u.Hostname() == name {
			return nil
		}
	}
	if len(a.Domains) > 0 {
		return fmt.Errorf("--public-url must be at one of --domain: %q", u)
	}
	return nil
}

// Certificates returns where certificates and keys of the ACME account lie.
func (c Config) Certificates() string { return filepath.Join(c.Data, "acme") }
