package company

import (
	"testing"
	"time"

	"hajir/internal/objects"
)

// An open board is sent anew before its links to pictures expire, and one without
// any is not.
func TestFading(t *testing.T) {
	at := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	linked := Board{LinkedAt: at}
	if linked.fading(at.Add(pingEvery)) {
		t.Error("fresh links fade")
	}
	// The ping after half of their life comes while they work.
	if late := at.Add(objects.LinkLife/2 + pingEvery); !linked.fading(late) || !late.Before(at.Add(objects.LinkLife)) {
		t.Error("old links do not fade in time")
	}
	if (Board{}).fading(at) {
		t.Error("a board without pictures fades")
	}
}
