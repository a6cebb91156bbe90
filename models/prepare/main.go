// Command prepare turns the packages in models/node_modules into models/dist:
// it checks every file's SHA-256, makes the weights quick to run, and packs the
// runtime library of one platform. Run it from the repository's root:
//
//	go run ./models/prepare
//
// It is quick when there is nothing to do. Read run first; graph.go and
// rewrite.go hold what is done to a model.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	p := preparer{out: os.Stdout}
	flag.StringVar(&p.root, "models", "models", "the models folder")
	flag.StringVar(&p.platform, "platform", runtime.GOOS+"/"+runtime.GOARCH, "GOOS/GOARCH whose runtime library is wanted")
	flag.BoolVar(&p.learn, "learn", false, "print the hashes of the results instead of checking them, for who edits the catalogue")
	flag.Parse()
	if err := p.run(); err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
}
