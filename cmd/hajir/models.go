package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/remodel"
)

type modelsCmd struct {
	List     listModelsCmd    `cmd:"" default:"1" help:"List the face models, each verified, and in which versions the faces of every company are kept."`
	Switch   switchModelCmd   `cmd:"" help:"Compute the faces of companies anew with the model that the program is started with (see --embedding), and use it; serve does so by itself, but where somebody went back."`
	Finish   finishModelCmd   `cmd:"" help:"Use the new model although some faces could not be computed anew; their people have to be enrolled anew."`
	Rollback rollbackModelCmd `cmd:"" help:"Go back to the model before, at once, or end a change that is under way."`
}

type listModelsCmd struct{}

// Run lists models and, where there are data, who uses them.
func (listModelsCmd) Run(ctx context.Context, c *config.Config) error {
	verified := verifyModels(c)
	if c.New() {
		return verified
	}
	fmt.Println()
	return errors.Join(verified, withApp(ctx, c, func(a *app) error { return a.printModels(ctx, os.Stdout) }))
}

// printModels prints how far every company's change is.
func (a *app) printModels(ctx context.Context, out io.Writer) error {
	companies, err := a.db.Companies(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "COMPANY\tVERSION\tFACES\tAT HAND\tSTATE")
	var left []remodel.Left
	for _, x := range companies {
		s, err := a.remodel.Status(ctx, x.Username)
		if err != nil {
			return err
		}
		names := s.Kept()
		for name := range s.Versions {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		for _, name := range names {
			fmt.Fprintf(w, "%s\t%s\t%d of %d\t%s\t%s\n", x.Username, name, s.Versions[name], s.Faces, yes(a.faces.Has(name)), stateOf(s, name))
		}
		left = append(left, s.Left...)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i, f := range left {
		if i == 0 {
			fmt.Fprintln(out, "\nCould not be computed anew; enrol these people anew, or delete the face:")
		}
		fmt.Fprintf(out, "  %s of %s, face %s: %s; %d other faces of theirs are in %s\n", f.Username, f.Company, f.FaceID, f.Code, f.Others, f.Model)
	}
	return nil
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func stateOf(s remodel.Status, name string) string {
	switch name {
	case s.Current:
		return "decides"
	case s.Next:
		return "is being changed to since " + moment(s.StartedAt)
	case s.Before:
		return fmt.Sprintf("before; kept until %s to go back", moment(s.BeforeUntil))
	}
	return "not compared"
}

// someCompanies is which companies a command is about.
type someCompanies struct {
	Company string `help:"The company's username; without it, every company." env:"HAJIR_COMPANY"`
}

func (s someCompanies) each(ctx context.Context, a *app, do func(company string) error) error {
	if s.Company != "" {
		if _, err := a.db.Company(ctx, s.Company); err != nil {
			return err
		}
		return do(s.Company)
	}
	companies, err := a.db.Companies(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, x := range companies {
		if err := do(x.Username); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", x.Username, err))
		}
	}
	return errors.Join(errs...)
}

type switchModelCmd struct {
	someCompanies
}

// Run changes companies, or watches another process do it.
func (cmd *switchModelCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		if err := keepModel(*c); err != nil {
			return err
		}
		return cmd.each(ctx, a, func(company string) error { return a.switchModel(ctx, company) })
	})
}

// watchEvery is how often is looked at what another process does.
const watchEvery = time.Second

func (a *app) switchModel(ctx context.Context, company string) error {
	if err := a.remodel.Switch(ctx, company); err != nil {
		return err
	}
	bar := progress(0, company)
	defer finish(bar)
	for {
		mine, err := a.remodel.Run(ctx, company, true, func(done, all int) {
			bar.ChangeMax(all)
			_ = bar.Set(done) // it only draws
		})
		if err != nil {
			return err
		}
		s, err := a.remodel.Status(ctx, company)
		if err != nil {
			return err
		}
		bar.ChangeMax(s.Faces)
		_ = bar.Set(s.Done) // as above
		switch {
		case !s.Running():
			return nil
		case mine && len(s.Left) > 0 && s.Done+len(s.Left) >= s.Faces:
			return fmt.Errorf("%s: %d faces could not be computed anew: hajir models lists them; enrol the people anew, or use hajir models finish", company, len(s.Left))
		}
		select { // a server is at it
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(watchEvery):
		}
	}
}

type finishModelCmd struct {
	someCompanies
}

// Run finishes changes that are under way.
func (cmd *finishModelCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		return cmd.each(ctx, a, func(company string) error {
			s, err := a.remodel.Status(ctx, company)
			if err != nil || !s.Running() && cmd.Company == "" {
				return err
			}
			if err := a.remodel.Finish(ctx, company); err != nil {
				return err
			}
			fmt.Printf("%s: %s decides; %d faces are to be enrolled anew.\n", company, s.Next, len(s.Left))
			return nil
		})
	})
}

type rollbackModelCmd struct {
	someCompanies
}

// Run goes back.
func (cmd *rollbackModelCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		return cmd.each(ctx, a, func(company string) error {
			err := a.remodel.Rollback(ctx, company)
			if cmd.Company == "" && hajir.CodeOf(err) == hajir.Conflict {
				return nil // there is nothing to go back to
			}
			if err != nil {
				return err
			}
			s, err := a.remodel.Status(ctx, company)
			if err != nil {
				return err
			}
			fmt.Printf("%s: %s decides. Its faces stay in it until hajir models switch.\n", company, s.Current)
			return nil
		})
	})
}
