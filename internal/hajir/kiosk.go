package hajir

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// Kiosk is what a company asks of a device at a door beyond its token. One
// that was never stored asks nothing.
type Kiosk struct {
	Username string // of the device's account
	Company  string
	Networks []netip.Prefix // where it may check people in from; none: anywhere
	Fence    *Geofence      // where it may stand; nil: anywhere
	Mode     KioskMode      // how many people it records at a time
	Version  int            // grows by one with every stored change; zero means never stored
}

// KioskMode says how many people a kiosk records at a time.
type KioskMode string

// The modes. One that was never stored is single.
const (
	KioskSingle KioskMode = "single" // one; two before the camera are asked to come one by one
	KioskGroup  KioskMode = "group"  // everybody whom the picture shows
)

// Group says whether the kiosk records several people at a time.
func (k Kiosk) Group() bool { return k.Mode == KioskGroup }

// Geofence is a circle on the ground.
type Geofence struct {
	Latitude  float64 // degrees, north positive
	Longitude float64 // degrees, east positive
	Radius    float64 // metres
}

// Position is where a device says that it is.
type Position struct {
	Latitude  float64
	Longitude float64
	Accuracy  float64 // metres, of a 95% circle; NaN when the device did not say
}

// The bounds of a kiosk's limits. Below 10 m no phone knows where it is.
const (
	MaxNetworks = 50
	MinRadius   = 10
	MaxRadius   = 100_000
)

// Validate returns an Invalid error that names the first thing wrong with k.
func (k Kiosk) Validate() error {
	if len(k.Networks) > MaxNetworks {
		return Errorf(Invalid, "a kiosk may have at most %d networks", MaxNetworks)
	}
	if k.Mode != "" && k.Mode != KioskSingle && k.Mode != KioskGroup {
		return Errorf(Invalid, "a kiosk's mode is single or group")
	}
	f := k.Fence
	switch {
	case f == nil:
		return nil
	case !onEarth(f.Latitude, f.Longitude):
		return Errorf(Invalid, "the geofence needs a latitude between -90 and 90 and a longitude between -180 and 180")
	case !(f.Radius >= MinRadius && f.Radius <= MaxRadius):
		return Errorf(Invalid, "the geofence needs a radius between %d and %d metres", MinRadius, MaxRadius)
	}
	return nil
}

// Admit refuses a check-in from elsewhere than the kiosk's limits allow. What
// is not known is refused too: an address that is not Valid, a position that
// is nil or less accurate than the circle is wide.
func (k Kiosk) Admit(client netip.Addr, at *Position) error {
	if !k.admitsFrom(client) {
		return Errorf(KioskNetwork, "this kiosk may not check people in from this network; connect it to the one that its administrator allowed")
	}
	if k.Fence == nil {
		return nil
	}
	switch {
	case at == nil:
		return Errorf(KioskPlace, "this kiosk is bound to a place, and its position is not known; let the browser use the device's location")
	case !onEarth(at.Latitude, at.Longitude) || !(at.Accuracy >= 0 && at.Accuracy <= k.Fence.Radius):
		return Errorf(KioskPlace, "this kiosk is bound to a place, and its position is not known accurately enough; turn on the device's precise location")
	case !(k.Fence.distance(*at) <= k.Fence.Radius):
		return Errorf(KioskPlace, "this kiosk is not where it belongs; bring it back, or ask the administrator to change its place")
	}
	return nil
}

func (k Kiosk) admitsFrom(client netip.Addr) bool {
	if len(k.Networks) == 0 {
		return true
	}
	client = client.Unmap().WithZone("")
	for _, n := range k.Networks {
		if n.Contains(client) {
			return true
		}
	}
	return false
}

// onEarth is false for NaN, as every comparison with it is.
func onEarth(latitude, longitude float64) bool {
	return math.Abs(latitude) <= 90 && math.Abs(longitude) <= 180
}

// earthRadius is the mean radius R1 of the International Union of Geodesy and
// Geophysics, in metres. A sphere is off by at most 0.6% from the ellipsoid.
const earthRadius = 6_371_008.8

// distance is the great-circle distance by the haversine formula, which stays
// exact at the short distances that matter here (R. W. Sinnott, "Virtues of
// the Haversine", Sky & Telescope 68(2), 1984, p. 159).
func (f Geofence) distance(p Position) float64 {
	const radian = math.Pi / 180
	north := math.Sin((p.Latitude - f.Latitude) * radian / 2)
	east := math.Sin((p.Longitude - f.Longitude) * radian / 2)
	h := north*north + math.Cos(p.Latitude*radian)*math.Cos(f.Latitude*radian)*east*east
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// ParseNetworks reads networks such as 192.168.1.0/24 or 2001:db8::/48, or
// single addresses, one in each string.
func ParseNetworks(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range list {
		s = strings.TrimSpace(s)
		n, err := netip.ParsePrefix(s)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(s); err == nil && a.Zone() == "" {
				n = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if err != nil || !n.IsValid() {
			return nil, &Error{Code: Invalid, Message: strconv.Quote(clip(s)) + " is not a network; write one such as 192.168.1.0/24 or 2001:db8::/48", Cause: err}
		}
		// ::ffff:192.0.2.0/120 is 192.0.2.0/24, and addresses are compared so.
		if a := n.Addr(); a.Is4In6() {
			if n.Bits() < 96 {
				return nil, Errorf(Invalid, "%s mixes IPv4 and IPv6; write IPv4 networks as 192.168.1.0/24", n)
			}
			n = netip.PrefixFrom(a.Unmap(), n.Bits()-96)
		}
		all = append(all, n.Masked())
	}
	return all, nil
}

// clip keeps a message about something pasted readable.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// ParsePosition reads a geo URI (RFC 5870) in WGS 84, such as
// geo:27.7172,85.324;u=12 with the accuracy in metres as u.
func ParsePosition(uri string) (Position, error) {
	p := Position{Accuracy: math.NaN()}
	bad := Errorf(Invalid, "a position is a geo URI such as geo:27.7172,85.324;u=12, with the accuracy in metres as u")
	rest, ok := strings.CutPrefix(strings.TrimSpace(uri), "geo:")
	place, params, _ := strings.Cut(rest, ";")
	numbers := strings.Split(place, ",")
	if !ok || len(numbers) < 2 || len(numbers) > 3 { // the third is a height
		return p, bad
	}
	var err1, err2 error
	p.Latitude, err1 = decimal(numbers[0])
	p.Longitude, err2 = decimal(numbers[1])
	if err1 != nil || err2 != nil || !onEarth(p.Latitude, p.Longitude) {
		return p, bad
	}
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		switch strings.ToLower(name) {
		case "u":
			if p.Accuracy, err1 = decimal(value); err1 != nil || p.Accuracy < 0 {
				return p, bad
			}
		case "crs":
			if !strings.EqualFold(value, "wgs84") {
				return p, bad
			}
		}
	}
	return p, nil
}

// decimal reads a number as RFC 5870 writes it: digits, a point, a sign.
func decimal(s string) (float64, error) {
	if strings.Trim(s, "0123456789.-") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(s, 64)
}
