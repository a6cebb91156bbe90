package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// pair writes a certificate of this serial number and its key.
func pair(t *testing.T, dir string, serial int64, until time.Time) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: site}, DNSNames: []string{site},
		NotBefore: start.AddDate(-1, 0, 0), NotAfter: until,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		at := start.Add(time.Duration(serial) * time.Second) // written at another time, however fast the test is
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// A certificate that is renewed is used without a restart; one that cannot be
// read does not take away the old one.
func TestFiles(t *testing.T) {
	dir, now := t.TempDir(), start
	log := slog.New(slog.DiscardHandler)
	cert, key := pair(t, dir, 1, start.AddDate(0, 3, 0))
	f, err := OpenFiles(cert, key, func() time.Time { return now }, log)
	if err != nil {
		t.Fatal(err)
	}
	serial := func(want int64, when string) {
		t.Helper()
		c, err := f.TLS().GetCertificate(&tls.ClientHelloInfo{})
		if err != nil || c.Leaf.SerialNumber.Int64() != want {
			t.Errorf("%s: certificate %v, want %d: %v", when, c.Leaf.SerialNumber, want, err)
		}
	}
	serial(1, "at first")
	pair(t, dir, 2, start.AddDate(0, 6, 0))
	serial(1, "at once")
	now = now.Add(lookEvery)
	serial(2, "soon")
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(lookEvery)
	serial(2, "while it is written")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	now = now.Add(lookEvery)
	serial(2, "without its key")
	pair(t, dir, 3, start.AddDate(0, 9, 0))
	now = now.Add(lookEvery)
	serial(3, "when it is whole")
}

func TestFilesRefused(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	now := func() time.Time { return start }
	dir := t.TempDir()
	cert, key := pair(t, dir, 1, start.AddDate(0, 0, -1))
	if _, err := OpenFiles(cert, key, now, log); err == nil {
		t.Error("an expired certificate is served")
	}
	cert, _ = pair(t, dir, 2, start.AddDate(0, 0, 1))
	if _, err := OpenFiles(cert, filepath.Join(dir, "none"), now, log); err == nil {
		t.Error("there is no key")
	}
	_, other := pair(t, t.TempDir(), 3, start.AddDate(0, 0, 1))
	if _, err := OpenFiles(cert, other, now, log); err == nil {
		t.Error("another certificate's key is taken")
	}
}
