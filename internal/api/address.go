package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

type clientKey struct{}

// Client returns the address that a request came from. It is not valid when
// that is not known: what depends on it must refuse then.
func Client(ctx context.Context) netip.Addr {
	a, _ := ctx.Value(clientKey{}).(netip.Addr)
	return a
}

// WithClient notes every request's client address. The header X-Forwarded-For
// counts only when a trusted proxy brings it; everybody else may write into it
// what they like.
func WithClient(next http.Handler, trusted []netip.Prefix) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := clientOf(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), trusted)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, a)))
	})
}

// Trusted says whether a request was brought by a trusted proxy.
func Trusted(r *http.Request, proxies []netip.Prefix) bool {
	a := parseAddr(r.RemoteAddr)
	return a.IsValid() && slices.ContainsFunc(proxies, func(n netip.Prefix) bool { return n.Contains(a) })
}

// clientOf walks from the connection towards the client for as long as it is
// told by somebody trusted. A trusted proxy that tells nothing, or nonsense,
// leaves the client unknown.
func clientOf(remote string, forwarded []string, trusted []netip.Prefix) netip.Addr {
	isTrusted := func(a netip.Addr) bool {
		return slices.ContainsFunc(trusted, func(n netip.Prefix) bool { return n.Contains(a) })
	}
	client := parseAddr(remote)
	if !client.IsValid() || !isTrusted(client) {
		return client
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for _, hop := range slices.Backward(hops) {
		client = parseAddr(strings.TrimSpace(hop))
		if !client.IsValid() || !isTrusted(client) {
			return client
		}
	}
	return client
}

// parseAddr reads an address with or without a port.
func parseAddr(s string) netip.Addr {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}
