package api

import (
	"net/netip"
	"testing"
)

func TestClientOf(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, tt := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"a direct client", "192.0.2.7:5000", nil, "192.0.2.7"},
		{"an IPv6 client with a zone", "[fe80::1%eth0]:5000", nil, "fe80::1"},
		{"an IPv4 client on an IPv6 socket", "[::ffff:192.0.2.7]:5000", nil, "192.0.2.7"},
		{"a direct client that claims to be another", "192.0.2.7:5000", []string{"192.168.1.5"}, "192.0.2.7"},
		{"behind a proxy", "127.0.0.1:5000", []string{"192.0.2.7"}, "192.0.2.7"},
		{"behind two proxies", "127.0.0.1:5000", []string{"192.0.2.7, 10.0.0.3"}, "192.0.2.7"},
		{"behind two proxies that write a header each", "127.0.0.1:5000", []string{"192.0.2.7", "10.0.0.3"}, "192.0.2.7"},
		{"a claim behind a proxy", "127.0.0.1:5000", []string{"192.168.1.5, 192.0.2.7"}, "192.0.2.7"},
		{"with a port", "[::1]:5000", []string{"192.0.2.7:4711"}, "192.0.2.7"},
		{"IPv6 with a port", "[::1]:5000", []string{"[2001:db8::7]:4711"}, "2001:db8::7"},
		{"a client in the proxies' own network", "127.0.0.1:5000", []string{"10.1.2.3"}, "10.1.2.3"},
		{"a proxy that tells nothing", "127.0.0.1:5000", nil, ""},
		{"a proxy that tells nonsense", "127.0.0.1:5000", []string{"192.0.2.7, unknown"}, ""},
		{"no address", "@", nil, ""},
	} {
		got := clientOf(tt.remote, tt.forwarded, proxies)
		if want, _ := netip.ParseAddr(tt.want); got != want {
			t.Errorf("%s: %s, want %q", tt.name, got, tt.want)
		}
	}
}

// Whatever a stranger sends, their own address is what counts.
func FuzzClientOf(f *testing.F) {
	f.Add("192.168.1.5, 10.0.0.1")
	f.Add("[::1]:80,,")
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, forwarded string) {
		if got := clientOf("192.0.2.7:1", []string{forwarded}, proxies); got.String() != "192.0.2.7" {
			t.Errorf("%q made a stranger %s", forwarded, got)
		}
		if got := clientOf("10.0.0.1:1", []string{forwarded, "192.0.2.9"}, proxies); got.String() != "192.0.2.9" {
			t.Errorf("%q before the proxy's own word made the client %s", forwarded, got)
		}
	})
}
