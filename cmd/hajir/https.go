package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"hajir/internal/certs"
	"hajir/internal/config"
	"hajir/internal/server"
)

// secure returns how the server speaks HTTPS itself, or nil when it does not. It
// begins to get certificates, into dir, and to lead browsers from http to site.
func (a *app) secure(ctx context.Context, at config.Address, dir string, site *url.URL) (*tls.Config, error) {
	if !at.Secure() {
		return nil, nil
	}
	plain := server.Redirect(site)
	var secured *tls.Config
	begin := func() {}
	if at.TLSCert != "" {
		files, err := certs.OpenFiles(at.TLSCert, at.TLSKey, a.now, a.log)
		if err != nil {
			return nil, err
		}
		secured = files.TLS()
	} else {
		authority := certs.Authority{URL: at.ACMEURL, Email: at.ACMEEmail, Roots: at.ACMERoots}
		issued, err := certs.NewACME(authority, dir, at.Domains, a.log)
		if err != nil {
			return nil, err
		}
		secured, begin = issued.TLS(), func() { issued.Run(ctx) }
		if at.HTTPListenAt() != "" { // else the authority is not to look there
			plain = issued.HTTP(plain)
		}
	}
	if err := a.servePlain(ctx, at.HTTPListenAt(), plain); err != nil {
		return nil, err
	}
	go begin()
	return secured, nil
}

// servePlain answers at addr by http, unless it is "".
func (a *app) servePlain(ctx context.Context, addr string, handler http.Handler) error {
	if addr == "" {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("--http-listen: %w", err)
	}
	go func() {
		if err := server.ServePlain(ctx, l, handler, a.log); err != nil {
			a.log.ErrorContext(ctx, "http no longer leads to https", "error", err)
		}
	}()
	return nil
}
