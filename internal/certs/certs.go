// Package certs has the certificates with which the server speaks HTTPS itself:
// acme.go gets and renews them from an ACME authority, files.go reads those
// that the operator brings. Read ACME first.
package certs

import "crypto/tls"

// config is what both have in common: TLS 1.2 or newer, with the ciphers that
// Go chooses.
func config(get func(*tls.ClientHelloInfo) (*tls.Certificate, error), protocols ...string) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: get,
		NextProtos:     append([]string{"h2", "http/1.1"}, protocols...),
	}
}
