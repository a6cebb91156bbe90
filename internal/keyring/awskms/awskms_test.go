package awskms_test

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hajir/internal/keyring"
	"hajir/internal/keyring/awskms"
	"hajir/internal/keyring/kmstest"
)

func key(t *testing.T, s *kmstest.Server, name string) *awskms.Key {
	t.Helper()
	c, err := awskms.Parse(s.Address(name))
	if err != nil {
		t.Fatal(err)
	}
	k, err := awskms.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The data keys go to KMS once at a start, and data never does.
func TestRingOpensWithKMS(t *testing.T) {
	s := kmstest.New(t, "alias/hajir")
	dir := t.TempDir()
	ring, err := keyring.OpenWith(t.Context(), dir, key(t, s, "alias/hajir"), true)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := ring.Seal([]byte("face"), "row/1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := keyring.OpenWith(t.Context(), dir, key(t, s, "alias/hajir"), false)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if got, err := again.Open(sealed, "row/1"); err != nil || string(got) != "face" {
			t.Fatalf("Open = %q, %v", got, err)
		}
	}
	if got := s.Calls(); !slices.Equal(got, []string{"Encrypt", "Decrypt"}) {
		t.Errorf("KMS was asked for %v", got)
	}
}

func TestRotationAndRewrapping(t *testing.T) {
	s := kmstest.New(t, "alias/hajir")
	dir := t.TempDir()
	master := bytes.Repeat([]byte{7}, keyring.MasterKeyBytes)
	old, err := keyring.MasterKEK(master)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(dir, master, true)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := ring.Seal([]byte("face"), "row/1")
	if err != nil {
		t.Fatal(err)
	}
	inKMS := key(t, s, "alias/hajir")
	if err := keyring.Rewrap(t.Context(), dir, old, inKMS); err != nil {
		t.Fatal(err)
	}
	// Cut off after that, one begins anew.
	if err := keyring.Rewrap(t.Context(), dir, old, inKMS); !errors.Is(err, keyring.ErrRewrapped) {
		t.Fatalf("rewrapping twice: %v", err)
	}
	if _, err := keyring.Open(dir, master, false); err == nil || !strings.Contains(err.Error(), "KMS key to be given") {
		t.Fatalf("the master key: %v", err)
	}
	ring, err = keyring.OpenWith(t.Context(), dir, inKMS, false)
	if err != nil {
		t.Fatal(err)
	}
	if ring, err = ring.AddKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	fresh, err := ring.Seal([]byte("face"), "row/1")
	if err != nil {
		t.Fatal(err)
	}
	if err := keyring.Rewrap(t.Context(), dir, inKMS, old); err != nil {
		t.Fatal(err)
	}
	back, err := keyring.Open(dir, master, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{sealed, fresh} {
		if got, err := back.Open(b, "row/1"); err != nil || string(got) != "face" {
			t.Fatalf("Open = %q, %v", got, err)
		}
	}
}

// A key that encrypts and does not decrypt would lose everything.
func TestRewrapTriesTheKeyFirst(t *testing.T) {
	s := kmstest.New(t, "alias/hajir")
	s.Fail = func(operation string, _ int) (string, int) {
		if operation == "Decrypt" {
			return "AccessDeniedException", http.StatusBadRequest
		}
		return "", 0
	}
	dir := t.TempDir()
	master := make([]byte, keyring.MasterKeyBytes)
	old, _ := keyring.MasterKEK(master)
	if _, err := keyring.Open(dir, master, true); err != nil {
		t.Fatal(err)
	}
	if err := keyring.Rewrap(t.Context(), dir, old, key(t, s, "alias/hajir")); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Fatalf("Rewrap: %v", err)
	}
	if _, err := keyring.Open(dir, master, false); err != nil {
		t.Fatalf("the data keys were lost: %v", err)
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	always := func(code string, status int) func(string, int) (string, int) {
		return func(string, int) (string, int) { return code, status }
	}
	for name, tt := range map[string]struct {
		key  string
		fail func(string, int) (string, int)
		want string // in the message; "" for success
	}{
		"access denied":       {"alias/hajir", always("AccessDeniedException", http.StatusBadRequest), "kms:Decrypt"},
		"disabled":            {"alias/hajir", always("DisabledException", http.StatusBadRequest), "enable it"},
		"about to be deleted": {"alias/hajir", always("KMSInvalidStateException", http.StatusBadRequest), "take the deletion back"},
		"another key":         {"alias/other", nil, "with another key"},
		"no such key":         {"alias/nothing", nil, "no such key"},
		"expired credentials": {"alias/hajir", always("ExpiredTokenException", http.StatusBadRequest), "expired"},
		"a throttled call, then an answer": {"alias/hajir", func(_ string, call int) (string, int) {
			if call == 2 { // the first was the making
				return "ThrottlingException", http.StatusBadRequest
			}
			return "", 0
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := kmstest.New(t, "alias/hajir", "alias/other")
			dir := t.TempDir()
			if _, err := keyring.OpenWith(t.Context(), dir, key(t, s, "alias/hajir"), true); err != nil {
				t.Fatal(err)
			}
			s.Fail = tt.fail
			_, err := keyring.OpenWith(t.Context(), dir, key(t, s, tt.key), false)
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.key) {
				t.Fatalf("%v; want %q of %q", err, tt.want, tt.key)
			}
		})
	}
}

func TestChangedDataKeysAreRefused(t *testing.T) {
	s := kmstest.New(t, "alias/hajir")
	dir := t.TempDir()
	if _, err := keyring.OpenWith(t.Context(), dir, key(t, s, "alias/hajir"), true); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "data.keyset")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte(`"encryptedKeyset":"`)) + 60
	b[at] ^= 1 // another letter of the same alphabet, or one that is none
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.OpenWith(t.Context(), dir, key(t, s, "alias/hajir"), false); err == nil {
		t.Fatal("changed data keys were opened")
	}
}

// What was encrypted for something else is not the data keys.
func TestEncryptionContextIsDemanded(t *testing.T) {
	s := kmstest.New(t, "alias/hajir")
	k := key(t, s, "alias/hajir")
	sealed, err := k.EncryptWithContext(t.Context(), []byte("keys"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.DecryptWithContext(t.Context(), sealed, nil); err != nil || string(got) != "keys" {
		t.Fatalf("Decrypt = %q, %v", got, err)
	}
	if got := s.Contexts(); len(got) != 2 || got[0]["application"] != "hajir" || got[1]["purpose"] != "data-keys" {
		t.Errorf("encryption contexts %v", got)
	}
}

func TestUnreachableAndSilentServers(t *testing.T) {
	s := kmstest.New(t, "alias/hajir")
	s.Hang = make(chan struct{})
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for name, endpoint := range map[string]string{"silent": s.URL(), "closed": closed} {
		k, err := awskms.Open(t.Context(), awskms.Config{
			Key: "alias/hajir", Region: kmstest.Region, Endpoint: endpoint, Patience: 300 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.EncryptWithContext(t.Context(), []byte("keys"), nil); err == nil || !strings.Contains(err.Error(), "does not answer") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoCredentials(t *testing.T) {
	s := kmstest.New(t, "alias/hajir")
	none := filepath.Join(t.TempDir(), "none")
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", none)
	t.Setenv("AWS_CONFIG_FILE", none)
	c, err := awskms.Parse(s.Address("alias/hajir"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := awskms.Open(t.Context(), c); err == nil || !strings.Contains(err.Error(), "no AWS credentials") {
		t.Fatalf("Open: %v", err)
	}
}

func TestParse(t *testing.T) {
	arn := "arn:aws:kms:ap-south-1:111122223333:key/1234abcd"
	for address, want := range map[string]awskms.Config{
		"awskms://alias/hajir?region=ap-south-1":                                   {Key: "alias/hajir", Region: "ap-south-1"},
		"awskms://1234abcd?region=ap-south-1":                                      {Key: "1234abcd", Region: "ap-south-1"},
		"awskms://" + arn:                                                          {Key: arn, Region: "ap-south-1"},
		"awskms:///" + arn + "?region=ap-south-1":                                  {Key: arn, Region: "ap-south-1"},
		"awskms://alias/hajir?region=ap-south-1&endpoint=http://127.0.0.1:9":       {Key: "alias/hajir", Region: "ap-south-1", Endpoint: "http://127.0.0.1:9"},
		"awskms://alias/hajir?region=ap-south-1&endpoint=https://kms.example.test": {Key: "alias/hajir", Region: "ap-south-1", Endpoint: "https://kms.example.test"},
	} {
		if got, err := awskms.Parse(address); err != nil || got != want {
			t.Errorf("Parse(%q) = %+v, %v", address, got, err)
		}
	}
	for _, bad := range []string{
		"", "alias/hajir", "gcpkms://x", "awskms://", "awskms://?region=ap-south-1", "awskms://alias/hajir",
		"awskms://alias/hajir?region=ap-south-1&secret=x", "awskms://alias/hajir?%zz", "awskms://arn:aws:s3:::bucket",
		"awskms://" + arn + "?region=eu-west-1", "awskms://alias/hajir?region=ap-south-1&endpoint=http://kms.example.test",
		"awskms://alias/hajir?region=ap-south-1&endpoint=nowhere",
	} {
		if c, err := awskms.Parse(bad); err == nil {
			t.Errorf("Parse(%q) = %+v", bad, c)
		}
	}
}
