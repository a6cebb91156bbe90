package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME gets the certificates of a site's names from an authority (RFC 8555),
// which looks by TLS-ALPN-01 and HTTP-01 whether the names lead here, and renews
// them in time. Handshakes ask for nothing: strangers could use up what the
// authority grants in an hour.
type ACME struct {
	names   []string
	manager *autocert.Manager
	log     *slog.Logger

	mu    sync.RWMutex
	ready map[string]bool // names that have a certificate
}

// Authority is who issues certificates.
type Authority struct {
	URL   string // of its directory
	Email string // that it may write to; may be ""
	// Roots is a file of root certificates (PEM) that it is known by; "" for
	// those of the machine.
	Roots string
}

// askTimeout bounds each request to the authority.
const askTimeout = 30 * time.Second

// The waits between tries to get a first certificate. Let's Encrypt grants five
// failures an hour.
const (
	firstWait = time.Minute
	lastWait  = time.Hour
)

// NewACME keeps certificates and the account's key in dir, readable by this user
// alone. The operator has agreed to the authority's terms.
func NewACME(from Authority, dir string, names []string, log *slog.Logger) (*ACME, error) {
	client := &http.Client{Timeout: askTimeout}
	if from.Roots != "" {
		pem, err := os.ReadFile(from.Roots)
		if err != nil {
			return nil, fmt.Errorf("certs: the authority's roots: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("certs: %s has no certificate (PEM) in it", from.Roots)
		}
		transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck // the standard library's is one
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
		client.Transport = transport
	}
	return &ACME{
		names: names, log: log, ready: map[string]bool{},
		manager: &autocert.Manager{
			Prompt:     autocert.AcceptTOS,
			Cache:      autocert.DirCache(dir),
			HostPolicy: autocert.HostWhitelist(names...),
			Email:      from.Email,
			Client:     &acme.Client{DirectoryURL: from.URL, HTTPClient: client, UserAgent: "hajir"},
		},
	}, nil
}

// TLS returns the configuration of a server.
func (a *ACME) TLS() *tls.Config { return config(a.certificate, acme.ALPNProto) }

// HTTP answers the authority's HTTP-01 challenges and leaves the rest to next.
func (a *ACME) HTTP(next http.Handler) http.Handler { return a.manager.HTTPHandler(next) }

// Run gets certificates for the names that have none, until each has one or ctx
// ends; the server must listen already. They are renewed by themselves.
func (a *ACME) Run(ctx context.Context) {
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		if a.obtain(ctx) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// obtain says whether all names have certificates.
func (a *ACME) obtain(ctx context.Context) bool {
	all := true
	for _, name := range a.names {
		if a.has(name) {
			continue
		}
		cert, err := a.manager.GetCertificate(modern(name))
		if err != nil {
			all = false
			a.log.ErrorContext(ctx, "no certificate: the authority must reach this machine by the name, at port 443 or 80; it is tried again", "domain", name, "error", err)
			continue
		}
		a.mu.Lock()
		a.ready[name] = true
		a.mu.Unlock()
		a.log.InfoContext(ctx, "there is a certificate", "domain", name, "until", cert.Leaf.NotAfter)
	}
	return all
}

func (a *ACME) has(name string) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.ready[name]
}

// errNoCertificate goes to the log of handshakes alone.
var errNoCertificate = errors.New("certs: no certificate for this name")

// certificate answers a handshake: of the authority, which has its own protocol,
// or of a client.
func (a *ACME) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) {
		return a.manager.GetCertificate(hello)
	}
	name := strings.TrimSuffix(strings.ToLower(hello.ServerName), ".")
	if !a.has(name) {
		return nil, errNoCertificate
	}
	return a.manager.GetCertificate(modern(name))
}

// modern is what a client says that knows ECDSA, which all do: so there is one
// certificate a name, whoever asks.
func modern(name string) *tls.ClientHelloInfo {
	return &tls.ClientHelloInfo{
		ServerName:       name,
		SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256},
		SupportedCurves:  []tls.CurveID{tls.CurveP256},
		CipherSuites:     []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
	}
}
