// Package web carries the built site inside the program. `make site` builds it
// into dist/; without it the program builds all the same and has no pages.
package web

import (
	"embed"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// FS returns the built site.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // only an invalid path fails, and ours is a constant
		return dist
	}
	return sub
}
