package telemetry_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"hajir/internal/api"
	"hajir/internal/telemetry"
)

var _ api.Meter = (*telemetry.EMF)(nil)

// Every line is what CloudWatch asks of the format: the metrics that it names are
// there as numbers, the dimensions as words.
func TestEMF(t *testing.T) {
	var out bytes.Buffer
	at := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	e := telemetry.NewEMF(&out, "Hajir/dev", func() time.Time { return at })
	e.Declare("InternAttendance")
	e.Invoked("InternAttendance", false)
	e.Invoked("InternAttendance", true)
	e.Took("InternAttendance", 1500*time.Microsecond)
	e.Throttled("UploadPicture")
	e.Attended("recorded", "kiosk")
	e.Attended("refused", "face_unknown")
	e.Attended("doubted", "margin")
	e.Attended("something else", "x")
	var got []string
	for line := range bytes.Lines(out.Bytes()) {
		var values map[string]any
		var head struct {
			AWS struct {
				Timestamp         int64
				CloudWatchMetrics []struct {
					Namespace  string
					Dimensions [][]string
					Metrics    []struct{ Name, Unit string }
				}
			} `json:"_aws"`
		}
		if err := json.Unmarshal(line, &values); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(line, &head); err != nil || len(head.AWS.CloudWatchMetrics) != 1 || head.AWS.Timestamp != at.UnixMilli() {
			t.Fatalf("%s: %v", line, err)
		}
		m := head.AWS.CloudWatchMetrics[0]
		if m.Namespace != "Hajir/dev" || len(m.Dimensions) != 2 || len(m.Dimensions[0]) != 0 || len(m.Dimensions[1]) != 1 {
			t.Errorf("%s", line)
		}
		word, _ := values[m.Dimensions[1][0]].(string)
		for _, each := range m.Metrics {
			v, ok := values[each.Name].(float64)
			if !ok || each.Unit != "Count" && each.Unit != "Milliseconds" {
				t.Errorf("%s", line)
			}
			b, _ := json.Marshal(v)
			got = append(got, each.Name+" of "+word+" "+string(b))
		}
	}
	want := []string{
		"Invocations of InternAttendance 1", "Errors of InternAttendance 0", "Invocations of InternAttendance 1", "Errors of InternAttendance 1",
		"Duration of InternAttendance 1.5", "Throttles of UploadPicture 1", "CheckIns of kiosk 1", "Refusals of face_unknown 1", "DoubtfulMatches of margin 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
