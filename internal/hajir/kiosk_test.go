package hajir_test

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// The clock tower of Kathmandu, and places at known distances from it.
var tower = hajir.Geofence{Latitude: 27.7056, Longitude: 85.3146, Radius: 100}

func networks(t *testing.T, list ...string) []netip.Prefix {
	t.Helper()
	all, err := hajir.ParseNetworks(list)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestKioskAdmitsNetworks(t *testing.T) {
	k := hajir.Kiosk{Networks: networks(t, "192.168.1.0/24", "2001:db8::/48", "203.0.113.9")}
	for client, want := range map[string]bool{
		"192.168.1.1": true, "192.168.2.1": false, "::ffff:192.168.1.9": true, "203.0.113.9": true, "203.0.113.8": false,
		"2001:db8::1": true, "2001:db8:1::1": false, "127.0.0.1": false, "::1": false,
	} {
		err := k.Admit(netip.MustParseAddr(client), nil)
		if (err == nil) != want || err != nil && hajir.CodeOf(err) != hajir.KioskNetwork {
			t.Errorf("from %s: %v, want admitted %t", client, err, want)
		}
	}
	if err := k.Admit(netip.Addr{}, nil); hajir.CodeOf(err) != hajir.KioskNetwork {
		t.Errorf("from nowhere known: %v", err)
	}
	if err := (hajir.Kiosk{}).Admit(netip.Addr{}, nil); err != nil {
		t.Errorf("without limits: %v", err)
	}
}

func TestKioskAdmitsPlaces(t *testing.T) {
	nan := math.NaN()
	for name, tt := range map[string]struct {
		at   *hajir.Position
		want bool
	}{
		"there":                     {&hajir.Position{Latitude: 27.7056, Longitude: 85.3146, Accuracy: 5}, true},
		"90 m north":                {&hajir.Position{Latitude: 27.70641, Longitude: 85.3146, Accuracy: 5}, true},
		"110 m north":               {&hajir.Position{Latitude: 27.70659, Longitude: 85.3146, Accuracy: 5}, false},
		"90 m east":                 {&hajir.Position{Latitude: 27.7056, Longitude: 85.31551, Accuracy: 5}, true},
		"110 m east":                {&hajir.Position{Latitude: 27.7056, Longitude: 85.31572, Accuracy: 5}, false},
		"as accurate as the circle": {&hajir.Position{Latitude: 27.7056, Longitude: 85.3146, Accuracy: 100}, true},
		"less accurate":             {&hajir.Position{Latitude: 27.7056, Longitude: 85.3146, Accuracy: 100.1}, false},
		"accuracy unknown":          {&hajir.Position{Latitude: 27.7056, Longitude: 85.3146, Accuracy: nan}, false},
		"negative accuracy":         {&hajir.Position{Latitude: 27.7056, Longitude: 85.3146, Accuracy: -1}, false},
		"no number":                 {&hajir.Position{Latitude: nan, Longitude: 85.3146, Accuracy: 5}, false},
		"no place on earth":         {&hajir.Position{Latitude: 27.7056, Longitude: 445.3146, Accuracy: 5}, false},
		"on the other side":         {&hajir.Position{Latitude: -27.7056, Longitude: -94.6854, Accuracy: 5}, false},
		"unknown":                   {nil, false},
	} {
		err := hajir.Kiosk{Fence: &tower}.Admit(netip.Addr{}, tt.at)
		if (err == nil) != tt.want || err != nil && hajir.CodeOf(err) != hajir.KioskPlace {
			t.Errorf("%s: %v, want admitted %t", name, err, tt.want)
		}
	}
}

// Wherever the fence is, a degree of latitude is 111,195 m of this sphere; who
// stands inside by that measure is admitted, and nobody outside is.
func TestGeofenceAlongAMeridian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := hajir.Geofence{
			Latitude:  rapid.Float64Range(-89, 89).Draw(t, "latitude"),
			Longitude: rapid.Float64Range(-180, 180).Draw(t, "longitude"),
			Radius:    rapid.Float64Range(hajir.MinRadius, hajir.MaxRadius).Draw(t, "radius"),
		}
		metres := rapid.Float64Range(0, 2*f.Radius).Draw(t, "metres")
		if math.Abs(metres-f.Radius) < 0.01 {
			t.Skip("on the edge")
		}
		north := metres / 111_195.08
		if f.Latitude+north > 90 {
			t.Skip("beyond the pole")
		}
		p := hajir.Position{Latitude: f.Latitude + north, Longitude: f.Longitude}
		// Around the date line, one place has two longitudes.
		if p.Longitude > 0 {
			p.Longitude = max(-180, p.Longitude-360)
			if p.Longitude+360 != f.Longitude {
				p.Longitude = f.Longitude
			}
		}
		if got, want := (hajir.Kiosk{Fence: &f}).Admit(netip.Addr{}, &p) == nil, metres < f.Radius; got != want {
			t.Fatalf("%f m of %f m: admitted %t", metres, f.Radius, got)
		}
	})
}

func TestGeofenceAcrossTheDateLine(t *testing.T) {
	f := hajir.Geofence{Latitude: -16.8, Longitude: 179.9999, Radius: 50}
	if err := (hajir.Kiosk{Fence: &f}).Admit(netip.Addr{}, &hajir.Position{Latitude: -16.8, Longitude: -179.9999, Accuracy: 5}); err != nil {
		t.Errorf("21 m away: %v", err)
	}
}

func TestKioskValidate(t *testing.T) {
	for name, k := range map[string]hajir.Kiosk{
		"radius zero":  {Fence: &hajir.Geofence{}},
		"radius NaN":   {Fence: &hajir.Geofence{Radius: math.NaN()}},
		"huge radius":  {Fence: &hajir.Geofence{Radius: 1e6}},
		"latitude NaN": {Fence: &hajir.Geofence{Latitude: math.NaN(), Radius: 50}},
		"latitude 91":  {Fence: &hajir.Geofence{Latitude: 91, Radius: 50}},
		"for a crowd":  {Mode: "crowd"},
		"51 networks":  {Networks: slices.Repeat([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, 51)},
	} {
		if err := k.Validate(); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (hajir.Kiosk{Fence: &tower, Networks: networks(t, "::/0")}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestParseNetworks(t *testing.T) {
	got := fmt.Sprint(networks(t, " 192.168.1.77/24 ", "10.0.0.1", "2001:db8::5/48", "::1", "::ffff:192.0.2.128/121"))
	if want := "[192.168.1.0/24 10.0.0.1/32 2001:db8::/48 ::1/128 192.0.2.128/25]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, bad := range []string{"", "office", "192.168.1/24", "192.168.1.0/33", "fe80::1%eth0", "::ffff:0:0/90", "10.0.0.0/8,"} {
		if got, err := hajir.ParseNetworks([]string{bad}); hajir.CodeOf(err) != hajir.Invalid || got != nil {
			t.Errorf("%q: %v, %v", bad, got, err)
		}
	}
}

// What was read is written so that it is read again as the same.
func FuzzParseNetworks(f *testing.F) {
	for _, s := range []string{"192.168.1.0/24", "2001:db8::/48", "::ffff:1.2.3.4/100", "10.0.0.1", "x", "1.2.3.4/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, err := hajir.ParseNetworks([]string{s})
		if err != nil {
			if hajir.CodeOf(err) != hajir.Invalid {
				t.Fatal(err)
			}
			return
		}
		again, err := hajir.ParseNetworks([]string{first[0].String()})
		if err != nil || again[0] != first[0] {
			t.Fatalf("%q: %v, then %v, %v", s, first, again, err)
		}
		if first[0].Addr().Is4In6() {
			t.Fatalf("%q: %v never matches an address", s, first)
		}
	})
}

func TestParsePosition(t *testing.T) {
	p, err := hajir.ParsePosition("geo:27.7172,-85.324,1400;crs=wgs84;u=12.5")
	if err != nil || p != (hajir.Position{Latitude: 27.7172, Longitude: -85.324, Accuracy: 12.5}) {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err = hajir.ParsePosition("geo:0,0"); err != nil || !math.IsNaN(p.Accuracy) {
		t.Errorf("without accuracy: %+v, %v", p, err)
	}
	for _, bad := range []string{"", "27,85", "geo:", "geo:27", "geo:91,0", "geo:0,181", "geo:NaN,0", "geo:Inf,0", "geo:1e1,0", "geo:1,2;u=-1", "geo:1,2;u=x", "geo:1,2;u=NaN", "geo:1,2;crs=moon", "geo:1,2,3,4"} {
		if p, err := hajir.ParsePosition(bad); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%q: %+v, %v", bad, p, err)
		}
	}
}

func FuzzParsePosition(f *testing.F) {
	f.Add("geo:27.7172,85.324;u=12")
	f.Add("geo:-0,0.;u=")
	f.Fuzz(func(t *testing.T, uri string) {
		p, err := hajir.ParsePosition(uri)
		if err != nil {
			if hajir.CodeOf(err) != hajir.Invalid {
				t.Fatal(err)
			}
			return
		}
		if !(math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180) || p.Accuracy < 0 {
			t.Fatalf("%q: %+v", uri, p)
		}
	})
}
