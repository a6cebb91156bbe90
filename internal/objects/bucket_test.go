package objects_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
	"hajir/internal/objects/objectstest"
)

func TestDirectory(t *testing.T) {
	objectstest.Run(t, func(t *testing.T) *objects.Bucket {
		b, err := objects.OpenDir(t.TempDir(), objectstest.Reverse{}, "/objects", []byte(secret), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Close() })
		return b
	})
	b := open(t, secret, time.Now)
	if _, err := b.Invite(t.Context(), "acme", "1", "image/jpeg", 100); hajir.CodeOf(err) != hajir.Unsupported {
		t.Errorf("an upload into a directory: %v", err)
	}
}

// gateway starts versitygw, which make standins-s3 brings, and returns the address
// of a bucket of its, which is made.
func gateway(t *testing.T) (address func(bucket string) string) {
	t.Helper()
	const binary = "../../bin/versitygw"
	if _, err := os.Stat(binary); err != nil {
		if os.Getenv("HAJIR_STANDINS") != "" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED: there is no versitygw to stand in for S3: make standins-s3 brings it")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	dir := t.TempDir()
	log := &bytes.Buffer{}
	cmd := exec.Command(binary, "--region", "ap-south-1", "--port", at, "posix", filepath.Join(dir, "data"))
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=AKIDEXAMPLE", "ROOT_SECRET_KEY=secretsecret")
	cmd.Stdout, cmd.Stderr = log, log
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secretsecret")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CA_BUNDLE", "")
	for up := false; !up; {
		select {
		case <-ended:
			t.Fatalf("versitygw has ended: %s", log)
		default:
		}
		conn, err := net.DialTimeout("tcp", at, time.Second)
		if up = err == nil; up {
			_ = conn.Close()
		}
	}
	return func(bucket string) string {
		if err := os.MkdirAll(filepath.Join(dir, "data", bucket), 0o700); err != nil { // a bucket is a folder
			t.Fatal(err)
		}
		return fmt.Sprintf("s3://%s/some/prefix?region=ap-south-1&endpoint=http://%s&use_path_style=true", bucket, at)
	}
}

func TestS3(t *testing.T) {
	address := gateway(t)
	var n atomic.Int64
	openS3 := func(t *testing.T, cdn *objects.CDN) *objects.Bucket {
		b, err := objects.OpenS3(t.Context(), address(fmt.Sprint("bucket-", n.Add(1))), objectstest.Reverse{}, "/objects", []byte(secret), cdn, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Close() })
		return b
	}
	objectstest.Run(t, func(t *testing.T) *objects.Bucket { return openS3(t, nil) })
	t.Run("uploads", func(t *testing.T) { testUploads(t, openS3(t, nil)) })
	t.Run("read by CloudFront", func(t *testing.T) {
		b := openS3(t, cdn(t))
		if err := b.Put(t.Context(), "a/1.jpg", []byte("picture")); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Get(t.Context(), "a/1.jpg"); err != nil || string(got) != "picture" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// An upload is taken as it was announced, once, and not otherwise.
func testUploads(t *testing.T, b *objects.Bucket) {
	picture := []byte("\xff\xd8\xff a picture")
	send := func(u objects.Upload, body []byte, change func(http.Header)) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), u.Method, u.URL, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = u.Header.Clone()
		if change != nil {
			change(r.Header)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	invite := func(id string) objects.Upload {
		t.Helper()
		u, err := b.Invite(t.Context(), "acme", id, "image/jpeg", int64(len(picture)))
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	u := invite("1")
	if status := send(u, append(picture, "and more"...), nil); status < 400 {
		t.Errorf("more bytes than announced: %d", status)
	}
	if status := send(u, picture, func(h http.Header) { h.Set("Content-Type", "text/html") }); status < 400 {
		t.Errorf("another type: %d", status)
	}
	elsewhere := u
	elsewhere.URL = strings.Replace(u.URL, "/acme/", "/other/", 1)
	if status := send(elsewhere, picture, nil); status < 400 {
		t.Errorf("another key: %d", status)
	}
	if _, err := b.TakeIn(t.Context(), u.Key); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("nothing was uploaded: %v", err)
	}
	if status := send(u, picture, nil); status != http.StatusOK {
		t.Errorf("as announced: %d", status)
	}
	if got, err := b.TakeIn(t.Context(), u.Key); err != nil || !bytes.Equal(got, picture) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := b.TakeIn(t.Context(), u.Key); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("taken in twice: %v", err)
	}
	for _, key := range []string{"faces/acme/asha/1/small.jpg", "uploads/../faces/x"} {
		if _, err := b.TakeIn(t.Context(), key); hajir.CodeOf(err) != hajir.NotFound {
			t.Errorf("%s: %v", key, err)
		}
	}
	for name, tt := range map[string]struct {
		contentType string
		size        int64
		want        hajir.Code
	}{
		"a page":       {"text/html", 10, hajir.Unsupported},
		"too large":    {"image/png", 21 << 20, hajir.TooLarge},
		"without size": {"image/png", 0, hajir.Invalid},
	} {
		if _, err := b.Invite(t.Context(), "acme", "2", tt.contentType, tt.size); hajir.CodeOf(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// keyFile writes a private key as CloudFront's are.
func keyFile(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func cdn(t *testing.T) *objects.CDN {
	t.Helper()
	c, err := objects.OpenCDN("https://images.example.com/", "K2JCJMDEHXQW5F", keyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCloudFront(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secretsecret")
	now := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	b, err := objects.OpenS3(t.Context(), "s3://pictures?region=ap-south-1", objectstest.Reverse{}, "/objects", []byte(secret), cdn(t), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	link, expires, err := b.Link(t.Context(), "daily/acme/asha/2026/03/02/1.jpg", "asha", identity.Principal{Username: "acme", Session: "s"})
	if err != nil || !expires.Equal(now.Add(objects.LinkLife)) {
		t.Fatalf("%v, %v", expires, err)
	}
	u, err := url.Parse(link)
	q := u.Query()
	if err != nil || u.Host != "images.example.com" || u.Path != "/daily/acme/asha/2026/03/02/1.jpg" ||
		q.Get("Expires") != strconv.FormatInt(expires.Unix(), 10) || q.Get("Key-Pair-Id") != "K2JCJMDEHXQW5F" || len(q.Get("Signature")) < 300 {
		t.Errorf("%s, %v", link, err)
	}
	for name, tt := range map[string][3]string{
		"no key":     {"https://images.example.com", "K", filepath.Join(t.TempDir(), "none")},
		"no ID":      {"https://images.example.com", "", keyFile(t)},
		"plain http": {"http://images.example.com", "K", keyFile(t)},
	} {
		if _, err := objects.OpenCDN(tt[0], tt[1], tt[2]); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, bad := range []string{"pictures", "s3://", "s3://user:secret@pictures", "gs://pictures", "s3://pictures?unknown=1"} {
		if _, err := objects.OpenS3(t.Context(), bad, objectstest.Reverse{}, "/objects", nil, nil, time.Now); err == nil || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
