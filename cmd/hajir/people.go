package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/presignup"
)

// withApp runs f on the wired program and closes it.
func withApp(ctx context.Context, c *config.Config, f func(*app) error) error {
	return withSite(ctx, c, &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}, f)
}

// withSite is withApp for what names the site's address.
func withSite(ctx context.Context, c *config.Config, siteURL *url.URL, f func(*app) error) error {
	a, err := open(ctx, *c, siteURL)
	if err != nil {
		return err
	}
	return errors.Join(f(a), a.Close()) //nolint:contextcheck // closing goes on when ctx has ended
}

type companyCmd struct {
	Create createCompanyCmd `cmd:"" help:"Make a company and its root account."`
	List   listCompaniesCmd `cmd:"" help:"List the companies."`
}

type createCompanyCmd struct {
	Username     string `arg:"" help:"The company's key and its root account's username."`
	Name         string `required:"" help:"The company's name."`
	Email        string `required:"" help:"The administrator's mail address."`
	TimeZone     string `required:"" help:"An IANA time zone, such as Asia/Kathmandu."`
	PasswordFile string `help:"File with the password; - is standard input. Without it, the terminal asks." placeholder:"FILE"`
}

// Run makes the company.
func (cmd *createCompanyCmd) Run(ctx context.Context, c *config.Config) error {
	password, err := readPassword(cmd.PasswordFile)
	if err != nil {
		return err
	}
	return withApp(ctx, c, func(a *app) error {
		made, err := a.company.Create(ctx, hajir.NewCompany(cmd.Username, cmd.Name, cmd.Email, cmd.TimeZone, time.Now().UTC()), password)
		if err != nil {
			return err
		}
		fmt.Printf("Made %s. Sign in as %s.\n", made.Name, made.Username)
		return nil
	})
}

type listCompaniesCmd struct{}

// Run prints a line a company.
func (listCompaniesCmd) Run(ctx context.Context, c *config.Config) error {
	return withApp(ctx, c, func(a *app) error {
		all, err := a.db.Companies(ctx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			fmt.Println("There is no company yet. Make one with hajir company create, or with the link that hajir serve prints.")
			return nil
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "USERNAME\tNAME\tE-MAIL\tTIME ZONE\tSINCE\t")
		for _, c := range all {
			note := ""
			if c.Demo {
				note = "example data"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Username, c.Name, c.Email, c.TimeZone, c.CreatedAt.Format(time.DateOnly), note)
		}
		return w.Flush()
	})
}

type accountCmd struct {
	SetPassword    setPasswordCmd    `cmd:"" help:"Replace an account's password and end its sessions."`
	ResetLink      resetLinkCmd      `cmd:"" help:"Print a link by which an account's owner chooses a new password, when no mail reaches them."`
	ResetTwoFactor resetTwoFactorCmd `cmd:"" help:"Let an account sign in without a code, when its device and recovery codes are lost."`
}

type setPasswordCmd struct {
	Username     string `arg:"" help:"The account: a company's root account or an employee."`
	PasswordFile string `help:"File with the new password; - is standard input. Without it, the terminal asks." placeholder:"FILE"`
}

// Run replaces the password.
func (cmd *setPasswordCmd) Run(ctx context.Context, c *config.Config) error {
	password, err := readPassword(cmd.PasswordFile)
	if err != nil {
		return err
	}
	return withApp(ctx, c, func(a *app) error {
		u, err := a.pool.User(ctx, cmd.Username)
		if err != nil {
			return err
		}
		if u.Role == hajir.RoleKiosk {
			return errors.New("a kiosk has no password; pair it again on the site")
		}
		if err := a.pool.SetPassword(ctx, cmd.Username, password); err != nil {
			return err
		}
		fmt.Printf("%s has a new password, and every session of it has ended.\n", cmd.Username)
		return nil
	})
}

// readPassword reads a password from a file or, typed twice, from the
// terminal. It is never an argument: those show in process lists.
func readPassword(file string) (string, error) {
	switch {
	case file == "-":
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	case file != "":
		b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
		if err != nil {
			return "", fmt.Errorf("read password: %w", err)
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	case !term.IsTerminal(int(os.Stdin.Fd())):
		return "", errors.New("there is no terminal to ask for the password; give --password-file")
	}
	first, err := askPassword("Password: ")
	if err != nil {
		return "", err
	}
	second, err := askPassword("Again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ")
	}
	return first, nil
}

func askPassword(prompt string) (string, error) {
	fmt.Fprint(os.Stderr, prompt)
	b, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	return string(b), nil
}

type employeeCmd struct {
	Import importCmd `cmd:"" help:"Add the people of a CSV file with a header: username, name, and optionally email, code, department, phone, role, manager."`
}

type importCmd struct {
	Company string `required:"" help:"The company's username." env:"HAJIR_COMPANY"`
	File    string `arg:"" type:"existingfile" help:"The CSV file."`
}

// Run adds people line by line and reports each that was refused.
func (cmd *importCmd) Run(ctx context.Context, c *config.Config) error {
	f, err := os.Open(cmd.File)
	if err != nil {
		return fmt.Errorf("open CSV file: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	people, err := presignup.ReadPeople(f)
	if err != nil {
		return fmt.Errorf("%s: %s", cmd.File, reason(err))
	}
	return withApp(ctx, c, func(a *app) error {
		if _, err := a.db.Company(ctx, cmd.Company); err != nil {
			return err
		}
		refused := 0
		for _, n := range presignup.ManagersFirst(people) {
			p := people[n]
			p.Person.Company = cmd.Company
			err := p.Err
			if err == nil {
				_, err = a.company.Add(ctx, p.Person, "")
			}
			if err != nil {
				refused++
				fmt.Printf("line %d: %s: %s\n", p.Line, p.Person.Username, reason(err))
			}
		}
		fmt.Printf("%d added, %d refused\n", len(people)-refused, refused)
		if refused > 0 {
			return fmt.Errorf("%d of %d lines were refused", refused, len(people))
		}
		return nil
	})
}

// reason returns what may be shown of err: its safe message if it has one.
func reason(err error) string {
	if e, ok := errors.AsType[*hajir.Error](err); ok {
		return fmt.Sprintf("%s (%s)", e.Message, e.Code)
	}
	return err.Error()
}
