// Package kmstest is a server that speaks enough of AWS KMS for tests: it
// encrypts in earnest, and demands key and encryption context as KMS does.
package kmstest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Server holds keys. Set its fields before it is called.
type Server struct {
	// Fail, when it is not nil, may answer a call with an error's code.
	Fail func(operation string, call int) (code string, status int)
	// Hang, when it is not nil, is waited for before a call is answered.
	Hang <-chan struct{}

	url  string
	mu   sync.Mutex
	keys map[string]cipher.AEAD
	log  []string
	said []map[string]string
}

// Region is where the server's keys are.
const Region = "ap-south-1"

// New starts a server with the keys named, and gives this process credentials.
func New(t *testing.T, keys ...string) *Server {
	t.Helper()
	s := &Server{keys: map[string]cipher.AEAD{}}
	for _, name := range keys {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails
		block, err := aes.NewCipher(secret)
		if err != nil {
			t.Fatal(err)
		}
		if s.keys[name], err = cipher.NewGCM(block); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "a secret of nobody")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	return s
}

// URL is where the server listens.
func (s *Server) URL() string { return s.url }

// Address returns the address of a key.
func (s *Server) Address(key string) string {
	return "awskms://" + key + "?region=" + Region + "&endpoint=" + s.url
}

// Calls lists the operations that were called.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Contexts lists the encryption contexts of the calls.
func (s *Server) Contexts() []map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.said)
}

type request struct {
	KeyID             string            `json:"KeyId"`
	Plaintext         []byte            `json:"Plaintext"`
	CiphertextBlob    []byte            `json:"CiphertextBlob"`
	EncryptionContext map[string]string `json:"EncryptionContext"`
}

// ServeHTTP answers a call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "TrentService.")
	s.mu.Lock()
	s.log = append(s.log, operation)
	call := len(s.log)
	s.mu.Unlock()
	var in request
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, "SerializationException", http.StatusBadRequest)
		return
	}
	if s.Hang != nil { // the body was read, or nobody would see the client leave
		select {
		case <-s.Hang:
		case <-r.Context().Done():
			return
		}
	}
	signed := r.Header.Get("Authorization")
	if !strings.HasPrefix(signed, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") || !strings.Contains(signed, "/"+Region+"/kms/aws4_request") {
		refuse(w, "UnrecognizedClientException", http.StatusBadRequest)
		return
	}
	if s.Fail != nil {
		if code, status := s.Fail(operation, call); code != "" {
			refuse(w, code, status)
			return
		}
	}
	s.mu.Lock()
	s.said = append(s.said, in.EncryptionContext)
	s.mu.Unlock()
	s.answer(w, operation, in)
}

func (s *Server) answer(w http.ResponseWriter, operation string, in request) {
	key, ok := s.keys[in.KeyID]
	if !ok {
		refuse(w, "NotFoundException", http.StatusBadRequest)
		return
	}
	// A ciphertext names its key, and is bound to the encryption context.
	bound := []byte(fmt.Sprint(in.EncryptionContext)) // maps are printed in order
	out := map[string]any{"KeyId": in.KeyID, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
	switch operation {
	case "Encrypt":
		if len(in.Plaintext) == 0 || len(in.Plaintext) > 4096 {
			refuse(w, "ValidationException", http.StatusBadRequest)
			return
		}
		nonce := make([]byte, key.NonceSize())
		_, _ = rand.Read(nonce) // never fails
		head := append([]byte(in.KeyID+"\x00"), nonce...)
		out["CiphertextBlob"] = key.Seal(head, nonce, in.Plaintext, bound)
	case "Decrypt":
		name, sealed, _ := strings.Cut(string(in.CiphertextBlob), "\x00")
		if name != in.KeyID && s.keys[name] != nil {
			refuse(w, "IncorrectKeyException", http.StatusBadRequest)
			return
		}
		if len(sealed) < key.NonceSize() {
			refuse(w, "InvalidCiphertextException", http.StatusBadRequest)
			return
		}
		plaintext, err := key.Open(nil, []byte(sealed[:key.NonceSize()]), []byte(sealed[key.NonceSize():]), bound)
		if err != nil {
			refuse(w, "InvalidCiphertextException", http.StatusBadRequest)
			return
		}
		out["Plaintext"] = plaintext
	default:
		refuse(w, "UnknownOperationException", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(out) // the client may have left
}

func refuse(w http.ResponseWriter, code string, status int) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": "no"}) // likewise
}
