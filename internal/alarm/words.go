package alarm

import (
	"fmt"
	"strings"

	"hajir/internal/hajir"
)

// words say what an alarm means and what to do, by its name up to a function's.
var words = map[string]string{
	"function.errors":    "Calls of the function fail through a fault of the program. The log has the cause of each by its request_id.",
	"function.throttles": "Calls of the function come too often and are refused. Find the client, or raise --client-rate or --company-rate.",
	"function.duration":  "Calls of the function take so long that a kiosk nearly gives up. Look at the queues and at the store's times.",
	"api.4xx":            "More than half of the requests are refused: a client is wrong, or somebody tries something.",
	"api.5xx":            "Requests fail through a fault of the program. The log has the causes.",
	"api.latency":        "The API answers slowly. Look at the queues and at the store's times.",
	"store.errors":       "The database fails. The disk may be full or read-only: run hajir doctor.",
	"store.throttles":    "Another process keeps the database locked: see which commands are running.",
	"store.latency":      "Saving takes more than a second: the disk is slow or busy.",
	"queue.refused":      "A queue is full: more comes than the machine can do. Kiosks are asked to come again, and do.",
	"mail.failed":        "Mails are not taken. Run hajir doctor.",
	"backup.lag":         "The backup is behind the data. Run hajir backup status.",
	"backup.drill":       "A restore was tried and failed. Run hajir backup status.",
	"disk.space":         "The disk is nearly full. When it is, no punch is recorded.",
}

// Words says what an alarm means and what to do.
func Words(name string) string {
	for begin, text := range words {
		if name == begin || strings.HasPrefix(name, begin+".") {
			return text
		}
	}
	return ""
}

// Describe says a rule in words.
func Describe(r hajir.AlarmRule) string {
	sign := map[hajir.Comparison]string{hajir.Above: ">", hajir.AtLeast: "≥", hajir.Below: "<", hajir.AtMost: "≤"}[r.Comparison]
	what := r.Metric
	if r.Over != nil {
		what += " / " + r.Over.Metric
	}
	return fmt.Sprintf("%s of %s %s %g, in %d of %d periods of %d min", r.Statistic, what, sign, r.Threshold, r.Datapoints, r.Periods, int(r.Period.Minutes()))
}
