// Package lambdaapi leads what AWS calls a Lambda function with to the program:
// requests through API Gateway to the http.Handler that serves the network, too,
// and the triggers of a Cognito pool, schedules and uploads to typed entry
// points. Read this file first; proxy.go makes a request of an event, answer.go
// an event of an answer, and lambdatest runs the binary as AWS does.
package lambdaapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"hajir/internal/hajir"
)

// MaxPayload is the most bytes of an event, and of what is answered to one, that
// Lambda carries.
const MaxPayload = 6 << 20

// Function is one Lambda function. What it has no entry point for is an error,
// which AWS shows and, where the event came by itself, tries again and keeps.
// It is a lambda.Handler.
type Function struct {
	// HTTP answers requests through API Gateway. It is what serves the network.
	HTTP http.Handler
	// BasePath is the path below which a domain of one's own maps to the API, such
	// as /hajir; "" for none. The name of the stage is cut off, too.
	BasePath string
	// Margin is how long before its time is over the function answers that it was
	// too slow; DefaultMargin if 0.
	Margin time.Duration

	Pool     Pool
	Schedule Schedule
	Uploaded Uploaded

	// Name is the function's. Meter, if set, is told by it of each event that HTTP
	// has not answered: there the API itself counts.
	Name  string
	Meter Meter
	Now   func() time.Time
	Log   *slog.Logger
}

var _ lambda.Handler = (*Function)(nil)

// Meter counts what becomes of events, as api.Meter does.
type Meter interface {
	Invoked(function string, failed bool)
	Took(function string, d time.Duration)
}

// DefaultMargin leaves an answer the time to travel.
const DefaultMargin = 500 * time.Millisecond

// probe has the fields by which the kinds of events differ.
type probe struct {
	HTTPMethod     string          `json:"httpMethod"`
	RequestContext json.RawMessage `json:"requestContext"`
	TriggerSource  string          `json:"triggerSource"`
	UserPoolID     string          `json:"userPoolId"`
	DetailType     string          `json:"detail-type"`
	Source         string          `json:"source"`
	Event          string          `json:"Event"` // of S3's test, when notifications are set up
	Records        []struct {
		EventSource string `json:"eventSource"`
	} `json:"Records"`
}

// Invoke answers one event. Its errors have a message that anybody may read: AWS
// shows them to who called, and keeps them beside an event that failed.
func (f *Function) Invoke(ctx context.Context, payload []byte) (answer []byte, err error) {
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("the event has %d bytes, and at most %d are taken", len(payload), MaxPayload)
	}
	var p probe
	if err := json.Unmarshal(payload, &p); err != nil {
		// The cause would repeat a part of the event.
		return nil, errors.New("the event is not JSON of a known form")
	}
	if p.HTTPMethod != "" && p.RequestContext != nil {
		return f.serve(ctx, payload)
	}
	kind, run := f.entry(p)
	if run == nil {
		return nil, fmt.Errorf("this function has no entry point for %s; look at which events it is subscribed to", kind)
	}
	start := f.Now()
	defer func() {
		if cause := recover(); cause != nil {
			f.Log.ErrorContext(ctx, "event handler panicked", "event", kind, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			answer, err = nil, errors.New(broken)
		}
		if f.Meter != nil {
			f.Meter.Invoked(f.Name, err != nil)
			f.Meter.Took(f.Name, f.Now().Sub(start))
		}
	}()
	answer, err = run(ctx, payload)
	if err != nil {
		f.Log.ErrorContext(ctx, "event failed", "event", kind, "error", err)
		return nil, errors.New(safe(err))
	}
	return answer, nil
}

// safe returns what anybody may read of an error.
func safe(err error) string {
	if e, ok := hajir.AsError(err); ok && e.Code != hajir.Internal {
		return e.Message
	}
	return broken
}

type entry func(ctx context.Context, payload []byte) ([]byte, error)

// entry returns what an event is called, and what answers it; nil for nothing.
func (f *Function) entry(p probe) (kind string, run entry) {
	switch {
	case p.TriggerSource != "" && p.UserPoolID != "":
		return "the trigger " + name(p.TriggerSource), f.Pool.entry(p.TriggerSource)
	case p.DetailType == scheduledEvent:
		return "a schedule", f.Schedule.entry()
	case p.Event == "s3:TestEvent":
		return "an upload", func(context.Context, []byte) ([]byte, error) { return null, nil }
	case len(p.Records) > 0 && p.Records[0].EventSource == "aws:s3":
		return "an upload", f.Uploaded.entry()
	}
	return "this event", nil
}

// null answers an event of which nobody waits for more.
var null = []byte("null")

// name returns s where it is a word of letters, digits and "_", as AWS's names
// are, so that no event writes into messages.
func name(s string) string {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return "of an unknown name"
		}
	}
	if len(s) > maxName {
		return "of an unknown name"
	}
	return s
}

const maxName = 64
