package hajir

// Leave is kept in four records. A LeaveType says what people are given. A
// LeaveRequest is what somebody asks for, with who decided. LeaveEntry is a line
// of a person's ledger, which is only ever added to: a balance is the sum of
// lines and is stored nowhere. A LeaveAccount says what a person has booked, so
// that two requests at one moment do not both get the last day. Read
// leave_type.go, then leave_request.go and leave_due.go.

import (
	"fmt"
	"math"
	"strings"
)

// Why leave cannot be had.
const (
	LeaveOverlap Code = "leave_overlap" // there is leave on these dates already
	LeaveBalance Code = "leave_balance" // more than is left
)

// LeaveDays is an amount of leave in hundredths of a working day. It is exact:
// half a day is 50, and parts are made so that they add up.
type LeaveDays int

// The amounts that a date can cost.
const (
	OneDay  LeaveDays = 100
	HalfDay LeaveDays = 50
)

// String writes an amount as days: 1.5, 0.58 or -2.
func (d LeaveDays) String() string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	s := fmt.Sprintf("%s%d.%02d", sign, d/OneDay, d%OneDay)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Float returns the amount in days.
func (d LeaveDays) Float() float64 { return float64(d) / float64(OneDay) }

// maxLeaveDays bounds every amount that somebody types: ten years.
const maxLeaveDays = 3660 * OneDay

// LeaveDaysOf reads an amount of days, which has at most two decimals.
func LeaveDaysOf(days float64) (LeaveDays, error) {
	n := math.Round(days * float64(OneDay))
	if math.IsNaN(days) || math.Abs(n) > float64(maxLeaveDays) {
		return 0, Errorf(Invalid, "an amount of leave lies between -%s and %s days", maxLeaveDays, maxLeaveDays)
	}
	if math.Abs(n-days*float64(OneDay)) > 1e-6 {
		return 0, Errorf(Invalid, "an amount of leave has at most two decimals, such as 1.5 or 0.25")
	}
	return LeaveDays(n), nil
}
