package memory

import (
	"testing"

	"pgregory.net/rapid"
)

const gb = 1 << 30

func TestOf(t *testing.T) {
	for name, c := range map[string]struct {
		environment, container, machine int64
		want                            Bound
	}{
		"a machine":                         {0, 0, 8 * gb, Bound{6 * gb, 8 * gb, FromMachine}},
		"a container":                       {0, 2 * gb, 8 * gb, Bound{2 * gb / 4 * 3, 2 * gb, FromCgroup}},
		"a container of more than there is": {0, 16 * gb, 8 * gb, Bound{6 * gb, 8 * gb, FromMachine}},
		"room for the face engine":          {0, gb / 2, 8 * gb, Bound{gb / 4, gb / 2, FromCgroup}},
		"hardly anything":                   {0, gb / 4, 8 * gb, Bound{least, gb / 4, FromCgroup}},
		"the environment goes before":       {gb, 2 * gb, 8 * gb, Bound{gb, 2 * gb, FromEnvironment}},
		"nothing is known":                  {0, 0, 0, Bound{From: Unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Of(c.environment, c.container, c.machine); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	const received, size = 512 << 20, 21 << 20
	for name, c := range map[string]struct {
		limit  int64
		atOnce int
		bytes  int64
	}{
		"no limit":   {0, 8, received},
		"plenty":     {16 * gb, 8, received},
		"one GB":     {gb, 3, gb / 4},
		"too little": {64 << 20, 1, size},
	} {
		t.Run(name, func(t *testing.T) {
			atOnce, bytes := Bound{Limit: c.limit}.Pictures(8, received, size)
			if atOnce != c.atOnce || bytes != c.bytes {
				t.Errorf("%d at once and %d bytes, want %d and %d", atOnce, bytes, c.atOnce, c.bytes)
			}
		})
	}
}

// Whatever the machine, there is room for one picture, for the face engine
// where that is possible, and no more than there is.
func TestBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Int64Range(1, 1<<50).Draw(t, "all")
		b := Of(0, 0, all)
		if b.Limit < least || b.Limit > max(least, all-Native) {
			t.Fatalf("a limit of %d for %d", b.Limit, all)
		}
		if n, bytes := b.Pictures(4, 512<<20, 21<<20); n < 1 || n > 4 || bytes < 21<<20 {
			t.Fatalf("%d pictures, %d bytes", n, bytes)
		}
	})
}

// The process tells of a machine or a container.
func TestLook(t *testing.T) {
	if b := Look(); b.All <= 0 || b.Limit <= 0 {
		t.Errorf("%+v", b)
	}
}
