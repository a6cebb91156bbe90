package awskms

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Scheme begins the address of a key.
const Scheme = "awskms://"

// Config says which key, and where its service is.
type Config struct {
	Key      string // an ID, an ARN, or an alias such as alias/hajir
	Region   string
	Endpoint string        // "" is the region's own
	Patience time.Duration // with a call, its repetitions included; zero is the default
}

const example = `awskms://alias/hajir?region=ap-south-1`

// Parse reads a key's address, such as awskms://alias/hajir?region=ap-south-1.
// The region may be left out of an ARN's, which tells it.
func Parse(address string) (Config, error) {
	rest, ok := strings.CutPrefix(address, Scheme)
	if !ok {
		return Config{}, fmt.Errorf("a KMS key is given as %s, not %q", example, address)
	}
	key, query, _ := strings.Cut(rest, "?")
	key = strings.TrimPrefix(key, "/") // addresses of ARNs are often written with three slashes
	options, err := url.ParseQuery(query)
	if err != nil {
		return Config{}, fmt.Errorf("the address of the KMS key is malformed; give it as %s", example)
	}
	c := Config{Key: key, Region: options.Get("region"), Endpoint: options.Get("endpoint")}
	for name := range options {
		if name != "region" && name != "endpoint" {
			return c, fmt.Errorf("a KMS key's address has a region and an endpoint, and no %q", name)
		}
	}
	if parts := strings.Split(key, ":"); parts[0] == "arn" {
		if len(parts) != 6 || parts[2] != "kms" {
			return c, fmt.Errorf("%q is not the ARN of a KMS key or alias", key)
		}
		if c.Region == "" {
			c.Region = parts[3]
		}
		if c.Region != parts[3] {
			return c, fmt.Errorf("the KMS key lies in %s, not in %s", parts[3], c.Region)
		}
	}
	if c.Key == "" || strings.ContainsAny(c.Key, " \t") {
		return c, fmt.Errorf("the address of the KMS key names none; give it as %s", example)
	}
	if c.Region == "" {
		return c, fmt.Errorf("the address of the KMS key needs a region; give it as %s", example)
	}
	return c, checkEndpoint(c.Endpoint)
}

// checkEndpoint refuses one to which the data keys would go in clear.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("the KMS endpoint %q is not the address of a server", endpoint)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	here := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	if u.Scheme == "http" && !here {
		return errors.New("the KMS endpoint must be https://: the data keys travel to it")
	}
	return nil
}
