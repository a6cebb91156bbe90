// Command hajir-release is for whoever publishes Hajir: it signs checksums and
// the feed of releases with a key that only they have, and checks that a program
// carries the models of its platform and that holes can be reported. It is no part of what is published.
// docs/releasing.md tells how they go together; read key.go and feed.go.
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

type cli struct {
	Key     keyCmd     `cmd:"" help:"Make a key, in the form of minisign, and print its public half."`
	Sign    signCmd    `cmd:"" help:"Sign files: FILE.minisig is written beside each."`
	Feed    feedCmd    `cmd:"" help:"Write the signed feed that hajir update --check reads."`
	Contact contactCmd `cmd:"" help:"Check that people can report a hole; sign and feed do so, too."`
	Carries carriesCmd `cmd:"" help:"Check that a program carries models and runtime of its platform, to the byte."`
	SBOM    sbomCmd    `cmd:"" name:"sbom" help:"Check that the lists of parts name everything that is published."`
}

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("hajir-release"), kong.Description("What publishing Hajir takes."), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(os.Stderr, "hajir-release:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if err != nil {
		parser.Errorf("%s", err)
		return 2
	}
	if err := command.Run(); err != nil {
		parser.Errorf("%s", err)
		return 1
	}
	return 0
}
