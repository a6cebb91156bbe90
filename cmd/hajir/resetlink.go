package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"hajir/internal/config"
)

type resetLinkCmd struct {
	Username  string `arg:"" help:"The account: a company's root account or an employee."`
	PublicURL string `help:"Where people reach the site, as for serve." env:"HAJIR_PUBLIC_URL" default:"http://127.0.0.1:8080" placeholder:"URL"`
}

// Run prints the link. Whoever has it chooses the password.
func (cmd *resetLinkCmd) Run(ctx context.Context, c *config.Config) error {
	site, err := config.Serve{PublicURL: cmd.PublicURL}.SiteURL(&net.TCPAddr{})
	if err != nil {
		return err
	}
	return withSite(ctx, c, site, func(a *app) error {
		u, err := a.pool.User(ctx, cmd.Username)
		if err != nil {
			return errors.New(reason(err))
		}
		link, expires, err := a.reset.Link(ctx, u)
		if err != nil {
			return errors.New(reason(err))
		}
		fmt.Printf("%s\nIt works once, until %s, and any link before it is dead. Hand it to %s alone.\n",
			link, expires.Format("2006-01-02 15:04 MST"), u.Name)
		return nil
	})
}
