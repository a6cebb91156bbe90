package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"hajir/internal/config"
	"hajir/internal/hajir"
)

type demoCmd struct {
	Remove       bool   `help:"Remove the example company with everything that belongs to it."`
	Username     string `help:"The example company's username." default:"demo"`
	TimeZone     string `help:"Its time zone." default:"Asia/Kathmandu"`
	PasswordFile string `help:"File with the password of its root account; - is standard input. Without it, one is made up and printed." placeholder:"FILE"`
}

// Run fills or removes the example company.
func (cmd *demoCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		if cmd.Remove {
			if err := a.company.RemoveDemo(ctx, cmd.Username); err != nil {
				return err
			}
			fmt.Println("Removed the example company.")
			return nil
		}
		return cmd.fill(ctx, a)
	})
}

func (cmd *demoCmd) fill(ctx context.Context, a *app) error {
	needed, err := a.company.SetupNeeded(ctx)
	if err != nil {
		return err
	}
	if !needed {
		return errors.New("the data directory has a company already; give an empty one with --data, or remove an example company with --remove")
	}
	password := rand.Text()
	if cmd.PasswordFile != "" {
		if password, err = readPassword(cmd.PasswordFile); err != nil {
			return err
		}
	}
	example := hajir.NewCompany(cmd.Username, "Himal Example Pvt. Ltd.", "admin@example.com", cmd.TimeZone, time.Now().UTC())
	example.Demo = true
	if _, err := a.company.Create(ctx, example, password); err != nil {
		return fmt.Errorf("fill example company: %w", err)
	}
	fmt.Printf("Made %s: 25 people and two months of days.\nSign in as %s", example.Name, example.Username)
	if cmd.PasswordFile == "" {
		fmt.Printf(" with the password %s", password)
	}
	fmt.Println(".")
	return nil
}
