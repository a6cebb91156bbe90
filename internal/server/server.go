// Package server listens, serves the API and the site, and shuts down without
// losing a request. Read server.go first.
package server

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"

	"hajir/internal/api"
	"hajir/internal/telemetry"
)

// Server is the HTTP side of the program.
type Server struct {
	API    *api.API
	Pages  fs.FS
	Issuer string  // in the tokens
	Keys   jwk.Set // that verify them
	Ready  func(context.Context) error
	// EndStreams ends open event streams, which would keep a shutdown waiting.
	EndStreams func()
	Proxies    []netip.Prefix // that X-Forwarded-For is believed from
	// CORSOrigins are the origins of other sites that may call the API.
	CORSOrigins []string
	Metrics     http.Handler // at /metrics
	// Watch, if set, wraps the mux: it measures what is answered, and learns which
	// route answered from the request.
	Watch func(http.Handler) http.Handler
	TLS   *tls.Config // nil: a proxy before us speaks HTTPS, or nobody does
	Now   func() time.Time
	Log   *slog.Logger
}

// The bounds on a connection. A picture of 20 MB takes 80 s at 2 Mbit/s.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 2 * time.Minute
	writeTimeout    = 2 * time.Minute
	idleTimeout     = 2 * time.Minute
	maxHeaderBytes  = 64 << 10
	shutdownTimeout = 20 * time.Second
)

// contentSecurityPolicy lets pages load what the program serves and nothing
// else. The site's component library makes style elements, which carry the
// page's nonce; without a page there is none.
func contentSecurityPolicy(nonce string) string {
	style, script := "'self'", "'self'"
	if nonce != "" {
		style += " 'nonce-" + nonce + "'"
		script += " 'wasm-unsafe-eval'" // it finds faces on a kiosk, and is no door for scripts
	}
	return "default-src 'self'; script-src " + script + "; img-src 'self' blob: data:; media-src 'self' blob:; " +
		"style-src " + style + "; worker-src 'self'; object-src 'none'; base-uri 'none'; " +
		"form-action 'self'; frame-ancestors 'none'"
}

// Handler returns everything that is served.
func (s *Server) Handler() http.Handler {
	mux := s.API.Mux
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		s.json(w, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("GET /.well-known/jwks.json", func(w http.ResponseWriter, _ *http.Request) {
		s.json(w, s.Keys)
	})
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		s.json(w, map[string]any{
			"issuer":                                s.Issuer,
			"jwks_uri":                              s.Issuer + "/.well-known/jwks.json",
			"id_token_signing_alg_values_supported": []string{"RS256"},
			"response_types_supported":              []string{"token"},
			"subject_types_supported":               []string{"public"},
		})
	})
	if s.Metrics != nil {
		mux.Handle("GET /metrics", s.Metrics)
	}
	mux.Handle("/", site(s.Pages))
	var routed http.Handler = mux
	if s.Watch != nil {
		routed = s.Watch(mux)
	}
	return s.named(s.recover(s.headers(s.logged(s.cors(api.WithClient(routed, s.Proxies))))))
}

// requestID is the header that names a request in the log.
const requestID = "X-Request-Id"

// named gives each request an ID, that of a trusted proxy if it brings one, and
// answers with it: so what somebody reports is found in the log. On Lambda the
// request has one already.
func (s *Server) named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := telemetry.RequestID(r.Context())
		if proxy := r.Header.Get(requestID); id == "" && telemetry.ValidRequestID(proxy) && api.Trusted(r, s.Proxies) {
			id = proxy
		}
		if id == "" {
			id = telemetry.NewRequestID()
		}
		w.Header().Set(requestID, id)
		next.ServeHTTP(w, r.WithContext(telemetry.WithRequestID(r.Context(), id)))
	})
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.Ready(r.Context()); err != nil {
		s.Log.WarnContext(r.Context(), "not ready", "error", err)
		api.WriteProblem(w, http.StatusServiceUnavailable, "not ready; the log says why")
		return
	}
	s.json(w, map[string]string{"status": "ready"})
}

func (s *Server) json(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // the client may have left
}

// headers sets what every answer carries.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy(""))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin") // CORS, where it is allowed, goes before it
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store") // pictures say otherwise themselves
		}
		if strings.HasPrefix(s.Issuer, "https://") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// recover answers a request whose handler panicked, and keeps the trace.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { //nolint:contextcheck // it takes the request's
			cause := recover()
			if cause == nil {
				return
			}
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause)
			}
			s.Log.ErrorContext(r.Context(), "handler panicked", "path", api.LogPath(r.URL.Path), "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			api.WriteProblem(w, http.StatusInternalServerError, "something went wrong on our side; it is in the log")
		}()
		next.ServeHTTP(w, r)
	})
}

// logged writes one line a request. Queries are left out: a signed link's
// signature is one. So is the secret in the path of a calendar link.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		level := slog.LevelDebug
		if rec.status >= http.StatusInternalServerError && r.Context().Err() == nil { // else the client left
			level = slog.LevelError
		}
		s.Log.Log(r.Context(), level, "request", "method", r.Method, "path", api.LogPath(r.URL.Path),
			"status", rec.status, "bytes", rec.bytes, "duration", s.Now().Sub(start))
	})
}

// recorder remembers what a handler answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Serve answers connections of l until ctx ends; requests under way may finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := bounded(ctx, s.Handler(), s.Log)
	srv.RegisterOnShutdown(s.EndStreams)
	listen := func() error { return srv.Serve(l) }
	if s.TLS != nil {
		srv.TLSConfig = s.TLS
		listen = func() error { return srv.ServeTLS(l, "", "") }
	}
	return untilDone(ctx, srv, listen, s.Log)
}

// bounded is a server that no client keeps busy for ever.
func bounded(ctx context.Context, handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		// Requests outlive ctx: shutting down lets them finish.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// untilDone lets srv listen until ctx ends, and then finish.
func untilDone(ctx context.Context, srv *http.Server, listen func() error, log *slog.Logger) error {
	done := make(chan error, 1)
	go func() { done <- listen() }()
	select {
	case err := <-done:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := srv.Shutdown(limited); err != nil {
		log.WarnContext(ctx, "closing requests that did not end in time", "after", shutdownTimeout)
		if err := srv.Close(); err != nil {
			return fmt.Errorf("shut down: %w", err)
		}
	}
	return nil
}
