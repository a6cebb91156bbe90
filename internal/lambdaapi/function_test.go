package lambdaapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"hajir/internal/hajir"
	"hajir/internal/lambdaapi"
	"hajir/internal/telemetry"
)

// samples are events as AWS's documents show them.
var samples = map[string]string{
	"pre sign-up":          `{"version":"1","triggerSource":"PreSignUp_AdminCreateUser","region":"ap-south-1","userPoolId":"ap-south-1_x","userName":"asha","callerContext":{"awsSdkVersion":"1","clientId":"c"},"request":{"userAttributes":{"email":"asha@example.com"},"validationData":null},"response":{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}}`,
	"pre sign-up, refused": `{"version":"1","triggerSource":"PreSignUp_SignUp","region":"ap-south-1","userPoolId":"ap-south-1_x","userName":"eve","request":{"userAttributes":{}},"response":{}}`,
	"post confirmation":    `{"version":"1","triggerSource":"PostConfirmation_ConfirmSignUp","region":"ap-south-1","userPoolId":"ap-south-1_x","userName":"asha","request":{"userAttributes":{"sub":"1"}},"response":{}}`,
	"token":                `{"version":"2","triggerSource":"TokenGeneration_Authentication","region":"ap-south-1","userPoolId":"ap-south-1_x","userName":"asha","request":{"userAttributes":{},"groupConfiguration":{"groupsToOverride":["acme"]},"scopes":["a"]},"response":{}}`,
	"no such trigger":      `{"triggerSource":"CustomMessage_SignUp","userPoolId":"ap-south-1_x"}`,
	"schedule":             `{"version":"0","id":"53dc4d37","detail-type":"Scheduled Event","source":"aws.events","account":"1","time":"2026-03-02T18:15:00Z","region":"ap-south-1","resources":["arn:aws:events:ap-south-1:1:rule/close-days"],"detail":{}}`,
	"schedule, named":      `{"detail-type":"Scheduled Event","source":"aws.events","time":"2026-03-02T18:15:00Z","resources":["arn:aws:events:ap-south-1:1:rule/hajir-dev-X1"],"detail":{"job":"close-days"}}`,
	"schedule, panics":     `{"detail-type":"Scheduled Event","time":"2026-03-02T18:15:00Z","detail":{"job":"panics"}}`,
	"schedule, no such":    `{"detail-type":"Scheduled Event","time":"2026-03-02T18:15:00Z","detail":{"job":"<script>"}}`,
	"schedule, timeless":   `{"detail-type":"Scheduled Event","detail":{"job":"close-days"}}`,
	"uploads":              `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2026-03-02T18:15:00.000Z","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"up/a+b%3D.jpg","size":1024,"sequencer":"0055AED6"}}},{"eventSource":"aws:s3","eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"bad"}}},{"eventSource":"aws:s3","eventName":"ObjectTagging:Put","s3":{"object":{"key":"up/c"}}},{"eventSource":"aws:s3","eventName":"ObjectCreated:Post","s3":{"bucket":{"name":"b"},"object":{"key":"last"}}}]}`,
	"S3's test":            `{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}`,
	"something else":       `{"hello":"secret"}`,
	"no JSON":              `secret`,
}

// typed returns a function, and what it was told.
func typed() (*lambdaapi.Function, *[]string) {
	var told []string
	tell := func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }
	return &lambdaapi.Function{
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Pool: lambdaapi.Pool{
			PreSignUp: func(_ context.Context, e *events.CognitoEventUserPoolsPreSignup) error {
				if e.UserName != "asha" {
					return hajir.Errorf(hajir.Forbidden, "you were not invited")
				}
				e.Response.AutoConfirmUser = true
				return nil
			},
			PostConfirmation: func(context.Context, *events.CognitoEventUserPoolsPostConfirmation) error {
				return errors.New("secret cause")
			},
			PreToken: func(_ context.Context, e *events.CognitoEventUserPoolsPreTokenGenV2_0) error {
				e.Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration.ClaimsToAddOrOverride = map[string]any{"company": "acme"}
				return nil
			},
		},
		Schedule: lambdaapi.Schedule{
			"close-days": func(_ context.Context, at time.Time) error { tell("close %s", at.Format(time.RFC3339)); return nil },
			"panics":     func(context.Context, time.Time) error { panic("secret") },
		},
		Uploaded: func(_ context.Context, u lambdaapi.Upload) error {
			tell("%s %s %d %v", u.Bucket, u.Key, u.Size, u.Removed)
			if u.Key == "bad" {
				return errors.New("secret cause")
			}
			return nil
		},
	}, &told
}

func TestEvents(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string // a part
		err    string // a part
		told   string
	}{
		"pre sign-up":          {`"autoConfirmUser":true`, "", ""},
		"pre sign-up, refused": {"", "you were not invited", ""},
		"post confirmation":    {"", "went wrong on our side", ""},
		"token":                {`"claimsToAddOrOverride":{"company":"acme"}`, "", ""},
		"no such trigger":      {"", "no entry point for the trigger CustomMessage_SignUp", ""},
		"schedule":             {"null", "", "close 2026-03-02T18:15:00Z"},
		"schedule, named":      {"null", "", "close 2026-03-02T18:15:00Z"},
		"schedule, panics":     {"", "went wrong on our side", ""},
		"schedule, no such":    {"", "no job of an unknown name", ""},
		"schedule, timeless":   {"", "has no time", ""},
		"uploads":              {"", "went wrong on our side", "b up/a b=.jpg 1024 false; b bad 0 true; b last 0 false"},
		"S3's test":            {"null", "", ""},
		"something else":       {"", "no entry point for this event", ""},
		"no JSON":              {"", "not JSON", ""},
	} {
		f, told := typed()
		answer, err := f.Invoke(t.Context(), []byte(samples[name]))
		if tt.err == "" && (err != nil || !json.Valid(answer) || !strings.Contains(string(answer), tt.answer)) {
			t.Errorf("%s: %s, %v", name, answer, err)
		}
		if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v, want %q", name, err, tt.err)
		}
		if got := strings.Join(*told, "; "); got != tt.told {
			t.Errorf("%s: told %q, want %q", name, got, tt.told)
		}
	}
	var lines bytes.Buffer
	f, _ := typed()
	f.Name, f.Meter = "CompanyRequestHandler", telemetry.NewEMF(&lines, "Hajir/test", time.Now)
	for _, name := range []string{"schedule", "schedule, panics"} {
		_, _ = f.Invoke(t.Context(), []byte(samples[name]))
	}
	if got := lines.String(); strings.Count(got, `"Invocations":1`) != 2 || strings.Count(got, `"Errors":1`) != 1 || strings.Count(got, `"Duration":`) != 2 || strings.Contains(got, "secret") {
		t.Errorf("counted %s", got)
	}
	if len(samples) < 14 {
		t.Error("a sample is missing")
	}
	bare := &lambdaapi.Function{Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	for name, e := range samples {
		if _, err := bare.Invoke(t.Context(), []byte(e)); err == nil && name != "S3's test" {
			t.Errorf("%s: a function without entry points took it", name)
		}
	}
}
