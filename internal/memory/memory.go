// Package memory says how much memory the program may take, and has Go's
// collector keep to it. Read Of first.
package memory

import (
	"math"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Where a bound comes from.
const (
	FromEnvironment = "GOMEMLIMIT"
	FromCgroup      = "the container's bound"
	FromMachine     = "the machine's memory"
	Unknown         = "unknown"
)

// Bound is what the program may take of memory, in bytes.
type Bound struct {
	// Limit is what Go's heap keeps to: its soft limit. 0 is none.
	Limit int64
	// All is what there is: of the container or of the machine; 0 when that
	// is not known.
	All  int64
	From string
}

// Native is what the face engine takes beside Go's heap, which Go's limit does
// not see: models, and what ONNX Runtime computes in.
const Native = 256 << 20

// least is what the heap is left, however little there is: with less the
// program would do nothing but collect.
const least = 128 << 20

// Of returns the bound for a limit in the environment (0: none), what the
// container and what the machine has (0: not known).
func Of(environment, container, machine int64) Bound {
	b := Bound{All: machine, From: FromMachine}
	if container > 0 && (machine == 0 || container < machine) {
		b.All, b.From = container, FromCgroup
	}
	switch {
	case environment > 0:
		b.Limit, b.From = environment, FromEnvironment
	case b.All > 0:
		// A quarter is left to the face engine, the disk's cache and others.
		b.Limit = max(least, min(b.All/4*3, b.All-Native))
	default:
		b.From = Unknown
	}
	return b
}

// Look returns the bound of this process without setting it.
func Look() Bound {
	environment := debug.SetMemoryLimit(-1) // asks, and sets nothing
	if environment == math.MaxInt64 {
		environment = 0
	}
	return Of(environment, ask(memlimit.FromCgroup), ask(memlimit.FromSystem))
}

// Set has Go's collector keep to the bound, unless the environment says
// another.
func Set() Bound {
	b := Look()
	if b.Limit > 0 && b.From != FromEnvironment {
		debug.SetMemoryLimit(b.Limit)
	}
	return b
}

// ask returns what is told, or 0: that there is no bound, and that there is none
// to be found, come to the same.
func ask(from func() (uint64, error)) int64 {
	n, err := from()
	if err != nil || n > math.MaxInt64 {
		return 0
	}
	return int64(n)
}

// Pictures returns how many pictures may be worked on at once, at most most,
// and how many bytes those that are being received may take: a quarter of the
// heap each. One picture of the largest size is always taken, of size bytes.
func (b Bound) Pictures(most int, received, size int64) (atOnce int, bytes int64) {
	if b.Limit <= 0 {
		return most, received
	}
	atOnce = int(min(int64(most), max(1, b.Limit/4/picture)))
	return atOnce, min(received, max(size, b.Limit/4))
}

// picture is what a picture below 9 megapixels takes at most while it is worked
// on, decoded.
const picture = 72 << 20
