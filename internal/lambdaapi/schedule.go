package lambdaapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"hajir/internal/hajir"
)

// scheduledEvent is what EventBridge calls an event of a schedule.
const scheduledEvent = "Scheduled Event"

// Schedule is what is done at certain times, by name. It must bear to be done
// twice: AWS delivers at least once.
type Schedule map[string]Job

// Job is something to do at a time, which is that of the schedule, also when the
// event was delivered late.
type Job func(ctx context.Context, at time.Time) error

// entry answers events of schedules: the rule's input says which job, as
// {"job": NAME} in the event's detail; without one the rule's own name does.
func (s Schedule) entry() entry {
	if len(s) == 0 {
		return nil
	}
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		var e events.EventBridgeEvent
		if err := json.Unmarshal(payload, &e); err != nil {
			return nil, errUnread(err)
		}
		which := jobOf(e)
		job, ok := s[which]
		if !ok {
			return nil, hajir.Errorf(hajir.NotFound, "there is no job %s; look at the rule of the schedule", name(strings.ReplaceAll(which, "-", "_")))
		}
		if e.Time.IsZero() {
			return nil, hajir.Errorf(hajir.Invalid, "the event has no time; have the rule's input hold $.time, too")
		}
		if err := job(ctx, e.Time); err != nil {
			return nil, fmt.Errorf("job %s: %w", which, err)
		}
		return null, nil
	}
}

func jobOf(e events.EventBridgeEvent) string {
	var detail struct {
		Job string `json:"job"`
	}
	if json.Unmarshal(e.Detail, &detail) == nil && detail.Job != "" {
		return detail.Job
	}
	if len(e.Resources) == 0 {
		return ""
	}
	return e.Resources[0][strings.LastIndexByte(e.Resources[0], '/')+1:]
}

// Upload is an object that was stored in a bucket, or taken out of it.
type Upload struct {
	Bucket, Key string
	Size        int64 // bytes
	// Sequencer orders what happened to one key: the longer one is later, and of
	// equally long ones the greater.
	Sequencer string
	Removed   bool
}

// Uploaded is told of objects. It must bear to be told twice, and late.
type Uploaded func(context.Context, Upload) error

// entry tells of each record of an event; what fails does not keep the others
// from being told.
func (u Uploaded) entry() entry {
	if u == nil {
		return nil
	}
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		var e events.S3Event
		if err := json.Unmarshal(payload, &e); err != nil {
			return nil, errUnread(err)
		}
		var errs []error
		for _, r := range e.Records {
			o := r.S3.Object
			created, removed := strings.HasPrefix(r.EventName, "ObjectCreated:"), strings.HasPrefix(r.EventName, "ObjectRemoved:")
			if !created && !removed {
				continue
			}
			err := u(ctx, Upload{Bucket: r.S3.Bucket.Name, Key: o.URLDecodedKey, Size: o.Size, Sequencer: o.Sequencer, Removed: removed})
			if err != nil {
				errs = append(errs, fmt.Errorf("object %s: %w", o.URLDecodedKey, err))
			}
		}
		return null, errors.Join(errs...)
	}
}
