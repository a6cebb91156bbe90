package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"hajir/internal/config"
)

type closeCmd struct {
	Company string `required:"" help:"The company's username." env:"HAJIR_COMPANY"`
	From    string `required:"" help:"The first date, YYYY-MM-DD."`
	To      string `required:"" help:"The last date, YYYY-MM-DD; before today."`
}

// Run closes dates, or does so again, and prints a line a date.
func (cmd *closeCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		all, err := a.closing.Run(ctx, cmd.Company, cmd.From, cmd.To)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "DATE\tABSENT\tMISSING EXITS\tGUESSED EXITS\tNOT OVER\t")
		for _, d := range all {
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t\n", d.Date, len(d.Absent), named(d.MissingExits), named(d.AutoExits), named(d.Waiting))
		}
		return w.Flush()
	})
}

// named lists people.
func named(usernames []string) string {
	if len(usernames) == 0 {
		return "-"
	}
	return strings.Join(usernames, " ")
}
