package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"hajir/internal/config"
	"hajir/internal/faces/bench"
	"hajir/models"
	"hajir/models/manifest"
)

// verifyModels lists what the program carries, and the operator's own model if
// one is set, each verified byte by byte.
func verifyModels(c *config.Config) error {
	rows, err := modelRows(c.Embedding)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STATUS\tJOB\tNAME\tFILE\tBYTES\tSHA-256\tLICENCE\tSOURCE")
	bad := 0
	for _, r := range rows {
		if r.Status != manifest.OK {
			bad++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", r.Status, r.Job, r.Name, r.File, r.Bytes, r.SHA256, r.Licence, r.Source)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d files are not as they should be: run `make models` and build again", bad, len(rows))
	}
	return nil
}

// modelRows verifies what the program carries, and the operator's own model if
// embedding is its directory.
func modelRows(embedding string) ([]manifest.Row, error) {
	rows, err := models.List()
	if err != nil || embedding == "" {
		return rows, err
	}
	own, err := manifest.Load(os.DirFS(embedding), ".")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", embedding, err)
	}
	own.Source = filepath.Join(embedding, own.File)
	return append(rows, manifest.Row{Manifest: own, Status: own.Verify(os.DirFS(embedding), ".")}), nil
}

type benchCmd struct {
	Faces    benchFacesCmd    `cmd:"" help:"Accuracy and speed on a folder in the form of Labeled Faces in the Wild."`
	Liveness benchLivenessCmd `cmd:"" help:"How many pictures of living people are refused, and of prints and screens accepted."`
}

type benchLivenessCmd struct {
	Dir   string  `arg:"" type:"existingdir" help:"A folder of pictures. Their names, or their folders', begin with what they show: real, live, true or original; fake, attack, spoof, paper, print, screen or replay."`
	Least float64 `default:"0.5" help:"From which liveness on a face counts as alive, 0 to 1; as the company's setting."`
	JSON  bool    `name:"json" help:"Print the report as JSON."`
}

// Run judges every picture and prints counts.
func (cmd *benchLivenessCmd) Run(ctx context.Context) error {
	out := os.Stdout
	if cmd.JSON {
		out = os.Stderr
	}
	report, err := bench.RunLiveness(ctx, bench.Config{Dir: cmd.Dir, Models: models.FS(), Now: time.Now, Progress: os.Stderr}, cmd.Least, out)
	if err != nil || !cmd.JSON {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report)
}

type benchFacesCmd struct {
	Dir  string `arg:"" type:"existingdir" help:"The folder with images/ and pairs.txt."`
	JSON bool   `name:"json" help:"Print the report as JSON."`
}

// Run measures on one core and prints the report.
func (cmd *benchFacesCmd) Run(ctx context.Context, c *config.Config) error {
	out := os.Stdout
	if cmd.JSON {
		out = os.Stderr
	}
	report, err := bench.Run(ctx, bench.Config{
		Dir: cmd.Dir, Models: models.FS(), EmbeddingDir: c.Embedding, Now: time.Now, Progress: os.Stderr,
	}, out)
	if err != nil || !cmd.JSON {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report)
}
