package objects

import (
	"crypto"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign"
)

// CDN is a CloudFront distribution before the bucket, which shows an object to
// whoever brings a link that a key of its key group signed. Such a link does not
// end with its viewer's session, but only when it expires.
type CDN struct {
	base   *url.URL
	signer *sign.URLSigner
}

// OpenCDN returns the distribution at base, such as https://images.example.com,
// to which the private key in a PEM file signs; keyID is what CloudFront calls
// its public key.
func OpenCDN(base, keyID, keyFile string) (*CDN, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" {
		return nil, fmt.Errorf("%q is not the address of a CloudFront distribution, such as https://images.example.com", base)
	}
	if keyID == "" {
		return nil, fmt.Errorf("the links to %s need the ID of the public key in CloudFront's key group", base)
	}
	key, err := readKey(keyFile)
	if err != nil {
		return nil, fmt.Errorf("read the key that signs links to %s: %w", base, err)
	}
	return &CDN{base: u, signer: sign.NewURLSigner(keyID, key)}, nil
}

func readKey(file string) (crypto.Signer, error) {
	f, err := os.Open(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was read only
	return sign.LoadPEMPrivKeyPKCS8AsSigner(f)
}

// link returns a link to an object until expires.
func (c *CDN) link(key string, expires time.Time) (string, error) {
	signed, err := c.signer.Sign(c.base.JoinPath(key).String(), expires)
	if err != nil {
		return "", fmt.Errorf("sign link: %w", err)
	}
	return signed, nil
}
