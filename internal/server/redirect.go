package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
)

// Redirect leads browsers to the same page of the site, by HTTPS. The address
// is the configured one, never what the client calls us. Requests that carry
// something are refused: they have told everybody on the way already.
func Redirect(site *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "use "+site.String(), http.StatusForbidden)
			return
		}
		to := *site
		to.Path, to.RawPath, to.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
		http.Redirect(w, r, to.String(), http.StatusPermanentRedirect) //nolint:gosec // host and scheme are the site's
	})
}

// ServePlain answers connections of l by handler until ctx ends.
func ServePlain(ctx context.Context, l net.Listener, handler http.Handler, log *slog.Logger) error {
	srv := bounded(ctx, handler, log)
	return untilDone(ctx, srv, func() error { return srv.Serve(l) }, log)
}
