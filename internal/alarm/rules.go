package alarm

import (
	"time"

	"hajir/internal/hajir"
)

// The thresholds of the rules. Where AWS runs the functions, its alarms have the
// same.
const (
	// patience is how long a kiosk waits for an answer, in seconds; an alarm is
	// raised at four fifths of it.
	patience = 10
	lag      = 15 * 60 // seconds that the backup may be behind
	space    = 1 << 30 // bytes that should be free
	late     = 10 * 60 // seconds that what is due to be told may wait
)

// Rules returns the rules for functions of these names.
func Rules(functions []string) []hajir.AlarmRule {
	var all []hajir.AlarmRule
	for _, f := range functions {
		of := map[string]string{"function": f}
		all = append(all,
			grows("function.errors."+f, series("hajir_function_errors_total", of), 1, 5*time.Minute),
			grows("function.throttles."+f, series("hajir_function_throttles_total", of), 100, 5*time.Minute),
			slow("function.duration."+f, series("hajir_function_duration_seconds", of), 0.8*patience),
		)
	}
	requests := series("hajir_api_requests_total", nil)
	return append(all,
		hajir.AlarmRule{
			Name: "api.4xx", Series: series("hajir_api_requests_total", map[string]string{"class": "4xx"}), Over: &requests, Least: 100,
			Statistic: hajir.Sum, Period: 5 * time.Minute, Periods: 2, Datapoints: 2,
			Comparison: hajir.Above, Threshold: 0.5, Missing: hajir.MissingNotBreaching,
		},
		grows("api.5xx", series("hajir_api_requests_total", map[string]string{"class": "5xx"}), 5, 5*time.Minute),
		slow("api.latency", series("hajir_api_duration_seconds", nil), 2.5),
		grows("store.errors", series("hajir_store_errors_total", nil), 1, 5*time.Minute),
		grows("store.throttles", series("hajir_store_throttles_total", nil), 1, 5*time.Minute),
		slow("store.latency", series("hajir_store_duration_seconds", map[string]string{"kind": "write"}), 1),
		grows("queue.refused", series("hajir_queue_refused_total", nil), 10, 5*time.Minute),
		grows("mail.failed", series("hajir_mails_total", map[string]string{"result": "failed"}), 3, 15*time.Minute),
		grows("deliveries.dead", series("hajir_deliveries_total", map[string]string{"result": "dead", "of": "company"}), 1, 15*time.Minute),
		stands("deliveries.late", series("hajir_delivery_late_seconds", nil), hajir.Maximum, hajir.Above, late, 3),
		stands("backup.lag", series("hajir_backup_lag_seconds", nil), hajir.Maximum, hajir.Above, lag, 5),
		stands("backup.drill", series("hajir_backup_drill_success", nil), hajir.Minimum, hajir.Below, 1, 1),
		stands("disk.space", series("hajir_disk_free_bytes", nil), hajir.Minimum, hajir.Below, space, 3),
	)
}

func series(metric string, labels map[string]string) hajir.Series {
	return hajir.Series{Metric: metric, Labels: labels}
}

// grows is raised when a counter grew by most within a period.
func grows(name string, s hajir.Series, most float64, within time.Duration) hajir.AlarmRule {
	return hajir.AlarmRule{
		Name: name, Series: s, Statistic: hajir.Sum, Period: within, Periods: 1, Datapoints: 1,
		Comparison: hajir.AtLeast, Threshold: most, Missing: hajir.MissingNotBreaching,
	}
}

// slow is raised when one in twenty took longer, three minutes one after the
// other.
func slow(name string, s hajir.Series, seconds float64) hajir.AlarmRule {
	return hajir.AlarmRule{
		Name: name, Series: s, Statistic: hajir.P95, Period: time.Minute, Periods: 3, Datapoints: 3,
		Comparison: hajir.Above, Threshold: seconds, Missing: hajir.MissingNotBreaching,
	}
}

// stands is raised when a gauge stands on the wrong side for so many minutes.
func stands(name string, s hajir.Series, statistic hajir.Statistic, c hajir.Comparison, threshold float64, minutes int) hajir.AlarmRule {
	return hajir.AlarmRule{
		Name: name, Series: s, Statistic: statistic, Period: time.Minute, Periods: minutes, Datapoints: minutes,
		Comparison: c, Threshold: threshold, Missing: hajir.MissingMissing,
	}
}
