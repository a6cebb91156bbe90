package certs

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
	"golang.org/x/crypto/acme"
)

const site = "hajir.example.com"

// authority is Pebble, Let's Encrypt's own ACME server for tests, with a name
// server by which every name leads to this machine.
type authority struct {
	*httptest.Server
	from  Authority
	roots *x509.CertPool // that its certificates end in
}

func port(t *testing.T, l net.Listener) int {
	t.Helper()
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatal("no TCP address")
	}
	return a.Port
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func newAuthority(t *testing.T, plain, secured net.Listener) *authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	asked := listen(t)
	names := &dns.Server{Listener: asked, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		answer := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			answer.Answer = append(answer.Answer, &dns.A{
				Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET},
				A:   net.IPv4(127, 0, 0, 1),
			})
		}
		_ = w.WriteMsg(answer)
	})}
	go func() { _ = names.ActivateAndServe() }()
	t.Cleanup(func() { _ = names.Shutdown() })

	quiet := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	validator := va.New(quiet, port(t, plain), port(t, secured), true, asked.Addr().String(), store)
	front := wfe.New(quiet, store, validator, issuer, []string{"pebble.test"}, true, false, 1, 1)
	s := httptest.NewUnstartedServer(front.Handler())
	s.Config.ErrorLog = quiet
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	file := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &authority{s, Authority{URL: s.URL + wfe.DirectoryPath, Email: "admin@example.com", Roots: file}, roots}
}

// serveTLS answers on l as the server does.
func serveTLS(t *testing.T, l net.Listener, c *tls.Config) {
	t.Helper()
	srv := &http.Server{TLSConfig: c, ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	})}
	go func() { _ = srv.ServeTLS(l, "", "") }()
	t.Cleanup(func() { _ = srv.Close() })
}

func handshake(l net.Listener, name string, roots *x509.CertPool, more ...string) (*x509.Certificate, error) {
	c, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{ServerName: name, RootCAs: roots, NextProtos: more})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0], nil
}

// private fails if others than the owner can read below dir.
func private(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %s", name, info.Mode())
		}
		if !d.IsDir() {
			files++
		}
		return err
	})
	if err != nil || files < 2 { // the account's key and a certificate
		t.Errorf("%d files in %s, %v", files, dir, err)
	}
}

func open(t *testing.T, from Authority, dir string) *ACME {
	t.Helper()
	a, err := NewACME(from, dir, []string{site}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The authority connects to the server itself, by TLS-ALPN-01.
func TestCertificateByTLS(t *testing.T) {
	plain, secured := listen(t), listen(t)
	_ = plain.Close() // nobody answers there
	who := newAuthority(t, plain, secured)
	dir := filepath.Join(t.TempDir(), "acme")
	a := open(t, who.from, dir)
	serveTLS(t, secured, a.TLS())
	if _, err := handshake(secured, site, who.roots); err == nil {
		t.Error("there is a certificate before one was asked for")
	}
	if !a.obtain(t.Context()) {
		t.Fatal("no certificate")
	}
	cert, err := handshake(secured, site, who.roots)
	if err != nil || cert.VerifyHostname(site) != nil {
		t.Errorf("%v: %v", cert.DNSNames, err)
	}
	if _, err := handshake(secured, "HAJIR.example.com", who.roots); err != nil {
		t.Errorf("in capitals: %v", err)
	}
	for _, name := range []string{"other.example.com", "127.0.0.1"} {
		if _, err := handshake(secured, name, who.roots); err == nil {
			t.Errorf("%s has a certificate, too", name)
		}
	}
	if _, err := handshake(secured, site, who.roots, acme.ALPNProto); err == nil {
		t.Error("a challenge is answered that nobody made")
	}
	private(t, dir)

	// After a restart it is there, whether the authority is or not.
	who.Close()
	again := open(t, who.from, dir)
	if !again.obtain(t.Context()) {
		t.Fatal("the certificate was not kept")
	}
	kept, err := again.certificate(&tls.ClientHelloInfo{ServerName: site})
	if err != nil || !kept.Leaf.Equal(cert) {
		t.Errorf("another certificate: %v", err)
	}
}

// Where port 443 leads elsewhere, the authority is answered by HTTP-01.
func TestCertificateByHTTP(t *testing.T) {
	plain, secured := listen(t), listen(t)
	_ = secured.Close()
	who := newAuthority(t, plain, secured)
	a := open(t, who.from, t.TempDir())
	answer := a.HTTP(http.NotFoundHandler())
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host, _, _ = net.SplitHostPort(r.Host) // port 80, which the authority asks, is not named
		answer.ServeHTTP(w, r)
	})}
	go func() { _ = srv.Serve(plain) }()
	t.Cleanup(func() { _ = srv.Close() })
	if !a.obtain(t.Context()) {
		t.Fatal("no certificate")
	}
}

// An authority that cannot be reached, or that does not reach us, leaves no
// certificate and says so.
func TestNoCertificate(t *testing.T) {
	plain, secured := listen(t), listen(t)
	_, _ = plain.Close(), secured.Close()
	who := newAuthority(t, plain, secured)
	var said strings.Builder
	a, err := NewACME(who.from, t.TempDir(), []string{site}, slog.New(slog.NewTextHandler(&said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if a.obtain(t.Context()) || !strings.Contains(said.String(), "port 443 or 80") {
		t.Errorf("it said: %s", &said)
	}
	from := who.from
	from.Roots = filepath.Join(t.TempDir(), "none")
	if _, err := NewACME(from, t.TempDir(), []string{site}, a.log); err == nil {
		t.Error("roots that do not exist are taken")
	}
	from.Roots = "" // Pebble's certificate is not one that machines know
	if open(t, from, t.TempDir()).obtain(t.Context()) {
		t.Error("whoever is there is taken for the authority")
	}
}
