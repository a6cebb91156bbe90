package main

import (
	"context"
	"errors"
	"fmt"

	"hajir/internal/config"
)

type resetTwoFactorCmd struct {
	Username string `arg:"" help:"The account: a company's root account or an employee."`
}

// Run lets an account in without a code again.
func (cmd *resetTwoFactorCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		if _, err := a.pool.User(ctx, cmd.Username); err != nil {
			return errors.New(reason(err))
		}
		before, err := a.pool.TwoFactor(ctx, cmd.Username)
		if err == nil {
			err = a.pool.ResetTwoFactor(ctx, cmd.Username)
		}
		if err != nil {
			return errors.New(reason(err))
		}
		if !before.Enabled {
			fmt.Printf("%s did not use two-factor sign-in.\n", cmd.Username)
			return nil
		}
		fmt.Printf("%s signs in with the password alone now, and can set two-factor sign-in up again.\n", cmd.Username)
		return nil
	})
}
