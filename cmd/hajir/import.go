package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

type importFileCmd struct {
	Kind    string `arg:"" enum:"employees,shifts,roster,leave,days,devices" help:"What the file tells: employees, shifts, roster, leave, days or devices."`
	File    string `arg:"" type:"existingfile" help:"The CSV file; docs/import.md tells of the columns."`
	Company string `required:"" help:"The company's username." env:"HAJIR_COMPANY"`
	DryRun  bool   `help:"Only say what would become of each line."`
	Dates   string `enum:",day,month" default:"" help:"What comes first in dates such as 03/04/2026: day or month. Without it, a file that has some is refused."`
	Zone    string `help:"Of devices: the time zone that their clock shows; without it, the company's." placeholder:"ZONE"`
}

// Run imports a file and reports what is worth a look, and counts.
func (cmd *importFileCmd) Run(ctx context.Context, c *config.Config) error {
	info, err := os.Stat(cmd.File)
	if err != nil {
		return fmt.Errorf("open CSV file: %w", err)
	}
	if info.Size() > company.MaxImport {
		return fmt.Errorf("%s has more than %d MB; split it", cmd.File, company.MaxImport>>20)
	}
	content, err := os.ReadFile(cmd.File)
	if err != nil {
		return fmt.Errorf("read CSV file: %w", err)
	}
	return withApp(ctx, c, func(a *app) error {
		r, err := a.company.Import(ctx, company.ImportFile{
			Company: cmd.Company, Kind: hajir.ImportKind(cmd.Kind), Name: filepath.Base(cmd.File), Content: content,
			Order: sheet.Order(cmd.Dates), Zone: cmd.Zone, DryRun: cmd.DryRun,
		})
		if err != nil {
			return err
		}
		for _, line := range r.Lines {
			switch {
			case line.Outcome == sheet.Refused:
				fmt.Printf("line %d: %s: refused: %s\n", line.Line, who(line), line.Problem)
			case line.Detail != "":
				fmt.Printf("line %d: %s: %s: %s\n", line.Line, who(line), line.Outcome, line.Detail)
			}
		}
		if r.Omitted > 0 {
			fmt.Printf("%d more lines are not listed\n", r.Omitted)
		}
		would := ""
		if cmd.DryRun {
			would = "would be: "
		}
		fmt.Printf("%s%d new, %d changed, %d the same, %d refused\n", would, r.New, r.Changed, r.Same, r.Refused)
		if r.Refused > 0 {
			return errors.New("some lines were refused")
		}
		return nil
	})
}

func who(line sheet.LineReport) string {
	if line.Username != "" {
		return line.Username
	}
	return line.Name
}
