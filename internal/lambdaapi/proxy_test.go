package lambdaapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/net/http/httpguts"

	"hajir/internal/lambdaapi"
	"hajir/internal/lambdaapi/lambdatest"
	"hajir/internal/telemetry"
)

func function(h http.HandlerFunc) *lambdaapi.Function {
	return &lambdaapi.Function{HTTP: h, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
}

// A request arrives as it would have by the network.
func TestRequest(t *testing.T) {
	picture := []byte("\xff\xd8\xff\x00\x80binary")
	for name, tt := range map[string]struct {
		event string
		want  func(*http.Request, string) bool
	}{
		"query, several values": {
			`{"httpMethod":"GET","path":"/api/v1/x","multiValueQueryStringParameters":{"a":["1","2 &="],"b":[""]},"requestContext":{}}`,
			func(r *http.Request, _ string) bool {
				return len(r.URL.Query()["a"]) == 2 && r.URL.Query()["a"][1] == "2 &=" && r.URL.Query().Has("b")
			},
		},
		"single values": {
			`{"httpMethod":"GET","path":"/x","queryStringParameters":{"a":"1"},"headers":{"x-a":"b"},"requestContext":{}}`,
			func(r *http.Request, _ string) bool {
				return r.URL.Query().Get("a") == "1" && r.Header.Get("X-A") == "b"
			},
		},
		"headers, several values": {
			`{"httpMethod":"GET","path":"/x","multiValueHeaders":{"cookie":["a=1"],"Accept":["a","b"],"Host":["hajir.example.com"]},"requestContext":{}}`,
			func(r *http.Request, _ string) bool {
				return len(r.Header.Values("Accept")) == 2 && r.Host == "hajir.example.com" && r.Header.Get("Host") == "" && r.Header.Get("Cookie") == "a=1"
			},
		},
		"headers that no server takes": {
			`{"httpMethod":"GET","path":"/x","multiValueHeaders":{"a b":["1"],"ok":["x\r\nEvil: 1","fine"],"Transfer-Encoding":["chunked"]},"requestContext":{}}`,
			func(r *http.Request, _ string) bool {
				return len(r.Header) == 1 && len(r.Header["Ok"]) == 1 && r.Header.Get("Ok") == "fine"
			},
		},
		"bytes": {
			`{"httpMethod":"POST","path":"/x","isBase64Encoded":true,"body":"/9j/AIBiaW5hcnk=","requestContext":{}}`,
			func(r *http.Request, body string) bool {
				return body == string(picture) && r.ContentLength == int64(len(picture))
			},
		},
		"letters": {
			`{"httpMethod":"POST","path":"/x","body":"हाजिर","requestContext":{}}`,
			func(_ *http.Request, body string) bool { return body == "हाजिर" },
		},
		"client and ID": {
			`{"httpMethod":"GET","path":"/x","requestContext":{"requestId":"c6af9ac6-7b61","identity":{"sourceIp":"203.0.113.9"}}}`,
			func(r *http.Request, _ string) bool {
				return r.RemoteAddr == "203.0.113.9" && telemetry.RequestID(r.Context()) == "c6af9ac6-7b61"
			},
		},
		"stage in the path": {
			`{"httpMethod":"GET","path":"/dev/api/v1/x","requestContext":{"stage":"dev"}}`,
			func(r *http.Request, _ string) bool { return r.URL.Path == "/api/v1/x" },
		},
		"a path like the stage": {
			`{"httpMethod":"GET","path":"/developers","requestContext":{"stage":"dev"}}`,
			func(r *http.Request, _ string) bool { return r.URL.Path == "/developers" },
		},
		"an encoded path": {
			`{"httpMethod":"GET","path":"/a%2Fb/%E0%A4%B9","requestContext":{}}`,
			func(r *http.Request, _ string) bool {
				return r.URL.Path == "/a/b/ह" && r.URL.EscapedPath() == "/a%2Fb/%E0%A4%B9"
			},
		},
		"a decoded path": {
			`{"httpMethod":"GET","path":"/100%","requestContext":{}}`,
			func(r *http.Request, _ string) bool { return r.URL.Path == "/100%" },
		},
	} {
		called := false
		f := function(func(_ http.ResponseWriter, r *http.Request) {
			called = true
			body, err := io.ReadAll(r.Body)
			if err != nil || !tt.want(r, string(body)) {
				t.Errorf("%s: %s %s, host %s, from %s, %v, %q, %v", name, r.Method, r.URL, r.Host, r.RemoteAddr, r.Header, body, err)
			}
		})
		if _, err := f.Invoke(t.Context(), []byte(tt.event)); err != nil || !called {
			t.Errorf("%s: called %v, %v", name, called, err)
		}
	}
}

func TestBasePath(t *testing.T) {
	f := function(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })
	f.BasePath = "/hajir"
	for path, want := range map[string]string{"/hajir/api": "/api", "/hajir": "/", "/hajirs": "/hajirs", "/api": "/api"} {
		got, err := f.Invoke(t.Context(), []byte(`{"httpMethod":"GET","path":"`+path+`","requestContext":{}}`))
		if err != nil || !strings.Contains(string(got), `"body":"`+want+`"`) {
			t.Errorf("%s: %s, %v", path, got, err)
		}
	}
}

// An answer arrives as it would have by the network, and what goes wrong is a
// problem that says what to do.
func TestAnswer(t *testing.T) {
	bytesOf := func(n int, contentType string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write(bytes.Repeat([]byte("a"), n))
		}
	}
	hour := make(chan struct{})
	defer close(hour)
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		status  int
		want    string // in the body
		base64  bool
	}{
		"nothing":        {func(http.ResponseWriter, *http.Request) {}, 200, "", false},
		"text, detected": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "हाजिर") }, 200, "हाजिर", false},
		"a picture":      {bytesOf(4<<20, "image/jpeg"), 200, "", true},
		"the first status": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(103)
			w.WriteHeader(404)
			w.WriteHeader(200)
		}, 404, "", false},
		"compressed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "x")
		}, 200, "", true},
		"no text though it says so": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte("\xff"))
		}, 200, "", true},
		"too large when encoded": {bytesOf(5<<20, "image/jpeg"), 413, "ask for less", false},
		"too large":              {bytesOf(7<<20, "text/plain"), 413, "ask for less", false},
		"a panic":                {func(http.ResponseWriter, *http.Request) { panic("secret") }, 500, "went wrong", false},
		"cut off by the handler": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}, 500, "went wrong", false},
		"slower than the function is": {func(http.ResponseWriter, *http.Request) { <-hour }, 504, "took too long", false},
		"events, of which the first ones are carried": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: 1\n\n")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, 200, "data: 1\n\n", false},
	} {
		f := function(tt.handler)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if tt.status == http.StatusGatewayTimeout {
			f.Margin = time.Hour // it is over at once
		}
		b, err := f.Invoke(ctx, []byte(`{"httpMethod":"GET","path":"/","requestContext":{}}`))
		cancel()
		var e events.APIGatewayProxyResponse
		if err != nil || json.Unmarshal(b, &e) != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e.StatusCode != tt.status || e.IsBase64Encoded != tt.base64 || !strings.Contains(e.Body, tt.want) || strings.Contains(e.Body, "secret") || strings.HasPrefix(e.Body, "half") {
			t.Errorf("%s: %d, base64 %v, %.200q", name, e.StatusCode, e.IsBase64Encoded, e.Body)
		}
		if mine := e.StatusCode >= 413; mine && e.MultiValueHeaders["Content-Type"][0] != "application/problem+json" {
			t.Errorf("%s: %v", name, e.MultiValueHeaders)
		}
	}
}

// By way of the event, a handler sees and sends what it does by the network.
func FuzzThroughTheEvent(f *testing.F) {
	f.Add("POST", "/api/v1/x", "a=1&a=2&b=%20", "X-A", "b", "image/jpeg", []byte("\xff\xd8\xff"))
	f.Add("GET", "/a%2Fb", "", "Cookie", "a=1; b=2", "", []byte(nil))
	f.Fuzz(func(t *testing.T, method, path, query, key, value, contentType string, body []byte) {
		if !httpguts.ValidHeaderFieldName(method) || !httpguts.ValidHeaderFieldName(key) || !httpguts.ValidHeaderFieldValue(value) || !httpguts.ValidHeaderFieldValue(contentType) {
			t.Skip()
		}
		u, err := http.NewRequest(http.MethodGet, "http://hajir.example.com/"+strings.TrimLeft(path, "/"), http.NoBody)
		if err != nil || u.URL.RawQuery != "" || u.URL.Fragment != "" {
			t.Skip()
		}
		u.URL.RawQuery = query
		key = http.CanonicalHeaderKey(key)
		switch key {
		case "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Te", "Trailer", "Host", "X-Forwarded-For", "Content-Type":
			t.Skip()
		}
		want := func(r *http.Request) string {
			b, _ := io.ReadAll(r.Body)
			return strings.Join([]string{r.Method, r.URL.Path, r.URL.Query().Encode(), r.Header.Get(key), r.Header.Get("Content-Type"), string(b)}, "\n")
		}
		got := ""
		g := &lambdatest.Gateway{Stage: "test-stage", Invoke: function(func(w http.ResponseWriter, r *http.Request) {
			got = want(r)
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write(body)
		}).Invoke}
		r := httptest.NewRequest("GET", "http://hajir.example.com/", bytes.NewReader(body))
		r.Method, r.URL = method, u.URL
		r.Header.Set(key, value)
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		plain := r.Clone(t.Context())
		plain.Body = io.NopCloser(bytes.NewReader(body))
		if expect := want(plain); got != expect {
			t.Errorf("got %q, want %q", got, expect)
		}
		if method != http.MethodHead && !bytes.Equal(w.Body.Bytes(), body) {
			t.Errorf("answered %q, want %q", w.Body, body)
		}
	})
}

// Whatever comes is answered, and never with more than Lambda carries.
func FuzzInvoke(f *testing.F) {
	for _, e := range samples {
		f.Add([]byte(e))
	}
	f.Add([]byte(`{"httpMethod":"G T","path":"%%%","requestContext":{"stage":"/"},"isBase64Encoded":true,"body":"?"}`))
	fn, _ := typed()
	fn.HTTP = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	f.Fuzz(func(t *testing.T, payload []byte) {
		answer, err := fn.Invoke(t.Context(), payload)
		if err == nil && (!json.Valid(answer) || len(answer) > lambdaapi.MaxPayload) {
			t.Errorf("%q", answer)
		}
		var e events.APIGatewayProxyResponse
		if err == nil && bytes.Contains(answer, []byte(`"statusCode"`)) && json.Unmarshal(answer, &e) == nil && (e.StatusCode < 200 || e.StatusCode > 599) && e.MultiValueHeaders != nil {
			t.Errorf("status %d", e.StatusCode)
		}
	})
}
