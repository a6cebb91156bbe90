package certs

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Files is a certificate and its key in files, which are read again when they
// change: whoever renews them need not tell.
type Files struct {
	cert, key string
	now       func() time.Time
	log       *slog.Logger

	mu     sync.Mutex
	loaded *tls.Certificate
	seen   [2]stamp  // of the files, when they were last tried
	looked time.Time // when that was last compared
}

// stamp tells whether a file was written anew.
type stamp struct {
	at    time.Time
	bytes int64
}

// lookEvery is how often handshakes look whether the files changed.
const lookEvery = 10 * time.Second

// OpenFiles reads the files (PEM), or says what is wrong with them.
func OpenFiles(cert, key string, now func() time.Time, log *slog.Logger) (*Files, error) {
	f := &Files{cert: cert, key: key, now: now, log: log, looked: now()}
	var err error
	if f.seen, err = f.stamps(); err != nil {
		return nil, fmt.Errorf("certs: %w", err)
	}
	if f.loaded, err = f.read(); err != nil {
		return nil, err
	}
	return f, nil
}

// TLS returns the configuration of a server.
func (f *Files) TLS() *tls.Config { return config(f.certificate) }

// certificate answers a handshake. Files that cannot be read, of which one may
// just be written, leave the certificate that there is.
func (f *Files) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now().Sub(f.looked) < lookEvery {
		return f.loaded, nil
	}
	f.looked = f.now()
	seen, err := f.stamps()
	if err == nil && seen == f.seen {
		return f.loaded, nil
	}
	if err == nil {
		var fresh *tls.Certificate
		if fresh, err = f.read(); err == nil {
			f.loaded, f.seen = fresh, seen
			f.log.Info("read a new certificate", "file", f.cert, "until", fresh.Leaf.NotAfter)
		}
	}
	if err != nil {
		f.log.Error("the new certificate cannot be read; the old one stays", "error", err)
	}
	return f.loaded, nil
}

func (f *Files) read() (*tls.Certificate, error) {
	c, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return nil, fmt.Errorf("certs: %s and %s: %w", f.cert, f.key, err)
	}
	if left := c.Leaf.NotAfter.Sub(f.now()); left < 0 {
		return nil, fmt.Errorf("certs: %s expired at %s", f.cert, c.Leaf.NotAfter)
	}
	return &c, nil
}

func (f *Files) stamps() (both [2]stamp, err error) {
	for i, name := range []string{f.cert, f.key} {
		info, err := os.Stat(name)
		if err != nil {
			return both, err
		}
		both[i] = stamp{info.ModTime(), info.Size()}
	}
	return both, nil
}
