package hajir

import (
	"strings"
	"time"
)

// PIN is how a person checks in without a face.
type PIN struct {
	Username string
	Company  string
	Hash     string // never the PIN itself
	SetAt    time.Time
	Version  int // grows by one with every stored change; zero means never stored
}

// The bounds of a PIN's length.
const (
	MinPIN = 4
	MaxPIN = 8
)

// ValidatePIN refuses what is no PIN, and the PINs that are guessed first.
func ValidatePIN(pin string) error {
	if len(pin) < MinPIN || len(pin) > MaxPIN || strings.Trim(pin, "0123456789") != "" {
		return Errorf(WeakPIN, "a PIN has %d to %d digits", MinPIN, MaxPIN)
	}
	if trivialPIN(pin) {
		return Errorf(WeakPIN, "this PIN is too easy to guess; choose digits that neither repeat nor follow one another")
	}
	return nil
}

// trivialPIN says whether pin is one digit or one block repeated (0000, 1212,
// 123123) or a run up or down, also past nine (1234, 8901, 4321).
func trivialPIN(pin string) bool {
	for block := 1; block <= len(pin)/2; block++ {
		if len(pin)%block == 0 && strings.Repeat(pin[:block], len(pin)/block) == pin {
			return true
		}
	}
	up, down := true, true
	for i := 1; i < len(pin); i++ {
		step := (int(pin[i]) - int(pin[i-1]) + 10) % 10
		up, down = up && step == 1, down && step == 9
	}
	return up || down
}
