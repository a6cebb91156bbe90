package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/faces/bench"
	"hajir/internal/hajir"
	"hajir/models"
)

type calibrateCmd struct {
	Company string  `help:"Compare the faces enrolled in this company." env:"HAJIR_COMPANY"`
	Dir     string  `arg:"" optional:"" type:"existingdir" help:"Compare pictures instead: a folder for each person, named by them. Nothing is kept."`
	Rate    float64 `default:"0.01" help:"The share of strangers who may be taken for somebody."`
	People  int     `help:"For so many enrolled people; 0 takes those that are."`
	JSON    bool    `name:"json" help:"Print the report as JSON, as the API gives it."`
}

// Run compares everybody with everybody and prints what that tells.
func (cmd *calibrateCmd) Run(ctx context.Context, c *config.Config) error {
	switch {
	case cmd.Dir == "" && cmd.Company == "":
		return errors.New("say whose faces: give --company, or a directory of pictures")
	case !(cmd.Rate > 0 && cmd.Rate < 1):
		return errors.New("--rate is a share between 0 and 1, such as 0.01 for one stranger in a hundred")
	case cmd.People < 0:
		return errors.New("--people is a number of people")
	}
	if cmd.Dir != "" {
		return cmd.directory(ctx, c)
	}
	return withApp(ctx, c, func(a *app) error {
		found, err := a.company.Calibrate(ctx, cmd.Company, cmd.People)
		if err != nil {
			return err
		}
		return cmd.print(os.Stdout, found)
	})
}

func (cmd *calibrateCmd) directory(ctx context.Context, c *config.Config) error {
	found, model, faceless, err := bench.Calibrate(ctx, bench.Config{
		Dir: cmd.Dir, Models: models.FS(), EmbeddingDir: c.Embedding, Now: time.Now, Progress: os.Stderr,
	})
	if err != nil {
		return err
	}
	for _, path := range faceless {
		fmt.Fprintln(os.Stderr, "no face:", path)
	}
	report := company.Calibration{
		Calibration: found, Model: model.Name, InForce: model.Threshold, Margin: hajir.DefaultMatchPolicy().Margin, HeadCount: cmd.People,
	}
	if report.HeadCount == 0 {
		report.HeadCount = found.People()
	}
	return cmd.print(os.Stdout, report)
}

func (cmd *calibrateCmd) print(out io.Writer, c company.Calibration) error {
	r := c.Report(cmd.Rate)
	if cmd.JSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	fmt.Fprintf(out, "%d faces of %d people, by %s; %d comparisons of a face with another person\n\n", r.Faces, r.People, r.Model, r.Comparisons)
	plot(out, c.Calibration)
	fmt.Fprintf(out, "\nOf %d enrolled people:\n", r.HeadCount)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\tTHRESHOLD\tSTRANGERS TAKEN FOR SOMEBODY\tFACES FOUND\tRESTS ON")
	row := func(what string, p company.OperatingPoint) {
		strangers, genuine := "not known", "not known"
		if p.Rate != nil {
			strangers = fmt.Sprintf("%.3g %%", 100**p.Rate)
		}
		if p.Genuine != nil {
			genuine = fmt.Sprintf("%.1f %%", 100**p.Genuine)
		}
		fmt.Fprintf(w, "%s\t%.3f\t%s\t%s\t%s\n", what, p.Threshold, strangers, genuine, p.Basis)
	}
	row("now", r.InForce)
	if r.Found != nil {
		row(fmt.Sprintf("for %.3g %%", 100*cmd.Rate), *r.Found)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Found == nil {
		fmt.Fprintf(out, "\nIt takes %d comparisons to find a threshold: enrol more people, or more pictures of each.\n", r.Needed)
	} else {
		fmt.Fprintf(out, "\nThe threshold for %.3g %% lies between %.3f and %.3f with a probability of about 95 %%.\n", 100*cmd.Rate, *r.Found.Low, *r.Found.High)
	}
	if len(r.LookAlikes) > 0 {
		fmt.Fprintf(out, "\nNearer to each other than %.3f (the threshold less the margin):\n", r.InForce.Threshold-r.Margin)
		for _, l := range r.LookAlikes {
			fmt.Fprintf(out, "  %.3f  %s and %s\n", l.Score, l.A.Username, l.B.Username)
		}
	}
	if len(r.Weak) > 0 {
		fmt.Fprintf(out, "\nWith a picture that is not as near as %.3f to any other of theirs:\n", r.InForce.Threshold)
		for _, weak := range r.Weak {
			fmt.Fprintf(out, "  %.3f  %s\n", weak.Score, weak.Username)
		}
	}
	return nil
}

// plot draws both distributions, each to its own largest bar.
func plot(out io.Writer, c *hajir.Calibration) {
	const width, height = 0.05, 30
	bars := map[int][2]int{}
	first, last := math.MaxInt, math.MinInt
	var most [2]int
	for i, s := range []*hajir.Scores{&c.Impostor, &c.Genuine} {
		for _, b := range s.Bars(width) {
			at := int(math.Round(b.From / width))
			pair := bars[at]
			pair[i] = b.Count
			bars[at] = pair
			first, last, most[i] = min(first, at), max(last, at), max(most[i], b.Count)
		}
	}
	fmt.Fprintf(out, "%6s  %-*s  %s\n", "score", height, "two people", "one person")
	for at := first; at <= last; at++ {
		draw := func(i int) string {
			n := bars[at][i]
			if n == 0 {
				return ""
			}
			return strings.Repeat("█", max(1, n*(height-10)/most[i])) + fmt.Sprint(" ", n)
		}
		fmt.Fprintf(out, "%6.2f  %-*s  %s\n", float64(at)*width, height, draw(0), draw(1))
	}
}
