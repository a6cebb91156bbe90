package local

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// relyingParty returns who asks for passkeys on a site, and its origin; neither
// where browsers allow none. They ask for HTTPS or the machine itself, and for a
// host that has a name: on a loopback address, the same site is reached as
// localhost.
func relyingParty(site string) (*webauthn.WebAuthn, string, error) {
	u, err := url.Parse(site)
	if err != nil {
		return nil, "", fmt.Errorf("parse the site's address: %w", err)
	}
	host := strings.ToLower(u.Hostname())
	if ip, _ := netip.ParseAddr(host); ip.IsValid() {
		if !ip.Unmap().IsLoopback() {
			return nil, "", nil
		}
		host = "localhost"
	}
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	secure, domain := u.Scheme == "https" || u.Scheme == "http" && local, protocol.ValidateRPID(host) == nil
	if !secure || !domain {
		return nil, "", nil
	}
	origin := u.Scheme + "://" + host
	if port := u.Port(); port != "" && (u.Scheme != "https" || port != "443") && (u.Scheme != "http" || port != "80") {
		origin = u.Scheme + "://" + net.JoinHostPort(host, port)
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Hajir", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		// Found without a username, and sure of its owner: two factors in one.
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification:   protocol.VerificationRequired,
		},
		// Password managers add outputs of extensions that nobody asked for.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, "", fmt.Errorf("set passkeys up: %w", err)
	}
	return party, origin, nil
}
