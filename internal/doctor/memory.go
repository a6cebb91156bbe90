package doctor

import (
	"context"
	"fmt"

	"hajir/internal/memory"
)

// enough is from how much memory on one picture of the largest size can be read
// while others are worked on.
const enough = 1 << 30

// Memory checks how much memory the program may take, and that it is enough.
func Memory(look func() memory.Bound, pictures func(memory.Bound) int) Check {
	return Check{"memory", func(_ context.Context, c *Chart) {
		const why = "When memory runs out, the system ends the program, and requests under way are lost."
		b := look()
		if b.Limit == 0 {
			c.Warn("memory.limit", "How much memory there is could not be found out, so that nothing bounds what the program takes.", why,
				"Start the server with GOMEMLIMIT in its environment, such as GOMEMLIMIT=750MiB where it may have 1 GB.")
			return
		}
		what := fmt.Sprintf("The heap keeps to %s, by %s; %d pictures are worked on at once.", size(uint64(b.Limit)), b.From, pictures(b)) //nolint:gosec // above 0
		all := b.All
		switch {
		case all > 0 && b.Limit > all-memory.Native/2:
			c.Warn("memory.limit", what+fmt.Sprintf(" There are %s in all, and the face engine takes its memory beside the heap.", size(uint64(all))), why,
				"Set GOMEMLIMIT to three quarters of the memory, or leave it out: then Hajir does so by itself.")
		case max(b.Limit, all) < enough:
			c.Warn("memory.limit", what, "A picture of 40 megapixels takes up to 320 MB while it is read. "+why, "Give the server 1 GB or more.")
		default:
			c.OK("memory.limit", "%s", what)
		}
	}}
}
