package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"hajir/models/manifest"
)

type carriesCmd struct {
	Platform string `required:"" help:"GOOS/GOARCH that the program was built for."`
	Dist     string `default:"models/dist" type:"existingdir" help:"What models/prepare made."`
	Program  string `arg:"" type:"existingfile"`
}

// Run looks for every file in the program. Programs for several platforms are
// built one after another from one models/dist; this is what notices when one
// got the runtime of another.
func (cmd carriesCmd) Run() error {
	program, err := os.ReadFile(cmd.Program)
	if err != nil {
		return err
	}
	dist := os.DirFS(cmd.Dist)
	rows, err := manifest.List(dist, cmd.Platform)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Status != manifest.OK {
			return fmt.Errorf("%s in %s is %s", r.Name, cmd.Dist, r.Status)
		}
		b, err := os.ReadFile(filepath.Join(cmd.Dist, string(r.Job), r.File))
		if err != nil {
			return err
		}
		if !bytes.Contains(program, b) {
			return fmt.Errorf("%s does not carry %s for %s: was it built while models/dist held another platform's?", cmd.Program, r.Name, cmd.Platform)
		}
	}
	_, err = fmt.Printf("%s carries %d files for %s\n", cmd.Program, len(rows), cmd.Platform)
	return err
}
