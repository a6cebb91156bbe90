package hajir

import "time"

// Guesses are the failures at guessing a PIN or a pairing code.
type Guesses struct {
	Company string
	Subject string // who or what is slowed: a person, a kiosk, a company's pairing
	Failures
	Version int // grows by one with every stored change; zero means never stored
}

// GuessesOf names the failures of a person, whoever tried to be them and
// wherever.
func GuessesOf(e Employee) Guesses {
	return Guesses{Company: e.Company, Subject: "person/" + e.Username}
}

// How guessing at the door is slowed. Four digits are 10,000 PINs, of which 24
// guesses a day try half in seven months. A kiosk serves many people, so it
// waits less; it is there for whoever tries one PIN with every name.
var (
	SlowPerson  = Slowdown{Free: 3, First: 15 * time.Second, Max: time.Hour, Decay: 2 * time.Hour}
	SlowKiosk   = Slowdown{Free: 10, First: 5 * time.Second, Max: 2 * time.Minute, Decay: 3 * time.Minute}
	SlowPairing = Slowdown{Free: 5, First: 10 * time.Second, Max: 10 * time.Minute, Decay: 20 * time.Minute}
)
