// Bootstrap is a small function for the tests of lambdatest: what it answers is
// what it is asked to.
package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"hajir/internal/hajir"
	"hajir/internal/lambdaapi"
)

func main() {
	calls := 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		_, _ = io.Copy(w, r.Body)
	})
	mux.HandleFunc("GET /calls", func(w http.ResponseWriter, _ *http.Request) {
		calls++
		_, _ = io.WriteString(w, strconv.Itoa(calls))
	})
	mux.HandleFunc("GET /crash", func(http.ResponseWriter, *http.Request) { os.Exit(3) })
	mux.HandleFunc("GET /slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("it was asked to") })
	mux.HandleFunc("GET /large", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("bytes"))
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(make([]byte, n))
	})
	lambda.Start(&lambdaapi.Function{
		HTTP: mux, Now: time.Now, Log: slog.New(slog.NewJSONHandler(os.Stderr, nil)),
		Pool: lambdaapi.Pool{PreSignUp: func(_ context.Context, e *events.CognitoEventUserPoolsPreSignup) error {
			if e.UserName != "asha" {
				return hajir.Errorf(hajir.Forbidden, "you were not invited; ask your company's admin")
			}
			e.Response.AutoConfirmUser = true
			return nil
		}},
		Schedule: lambdaapi.Schedule{"hang": func(ctx context.Context, _ time.Time) error {
			time.Sleep(time.Hour) // whatever ctx says
			return errors.New("unreachable")
		}},
	})
}
