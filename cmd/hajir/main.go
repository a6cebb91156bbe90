// Command hajir is the self-hosted program: serve answers the site and the
// API, and the other commands are an operator's tools. main.go lists them,
// app.go wires the program.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	_ "time/tzdata" // time zones, on machines that have none

	"github.com/alecthomas/kong"

	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/keyring"
)

// cli is the command line: every command, with what all of them share.
type cli struct {
	config.Config

	Serve     serveCmd      `cmd:"" help:"Serve the site and the API."`
	Health    healthCmd     `cmd:"" help:"Ask the server on this machine whether it is well; for containers."`
	Update    updateCmd     `cmd:"" help:"Say whether there is a newer release, by a signed feed that you name."`
	Company   companyCmd    `cmd:"" help:"Make and list companies."`
	Account   accountCmd    `cmd:"" help:"Help people who cannot sign in."`
	Employee  employeeCmd   `cmd:"" help:"Add employees."`
	Import    importFileCmd `cmd:"" help:"Bring in a CSV file of shifts, leave balances, past days, punches of devices, or changes of employees."`
	Enroll    enrollCmd     `cmd:"" help:"Enrol faces from a directory of pictures."`
	Erase     eraseCmd      `cmd:"" help:"Erase the pictures of people who withdrew their consent or left, where they have had their time; serve does so by itself."`
	Close     closeCmd      `cmd:"" help:"Close days: guess missing exits as the company wants it, and note who was absent; serve does so by itself."`
	Backup    backupCmd     `cmd:"" help:"Look after the backup that serve makes."`
	Restore   restoreCmd    `cmd:"" help:"Restore the data as it was at a moment, into a new directory."`
	CheckIn   checkInCmd    `cmd:"" help:"Record who a picture shows."`
	Demo      demoCmd       `cmd:"" help:"Fill an empty data directory with an example company, or remove it again."`
	Doctor    doctorCmd     `cmd:"" help:"Examine the installation: configuration, disk, clock, keys, models, mail, backup, database; say how to mend what is wrong. Changes nothing, beside a running server too."`
	Audit     auditCmd      `cmd:"" help:"Check and export the audit logs: who did what to whom."`
	Keys      keysCmd       `cmd:"" help:"Look after the keys that encrypt what is kept."`
	Models    modelsCmd     `cmd:"" help:"List the face models and verify them; change companies from one to another."`
	Bench     benchCmd      `cmd:"" help:"Measure face recognition."`
	Calibrate calibrateCmd  `cmd:"" help:"Compare the faces of a company, or of a directory, with each other: which threshold for which rate of false matches."`
	OpenAPI   openAPICmd    `cmd:"" name:"openapi" help:"Print the API's OpenAPI document."`

	VersionCmd versionCmd       `cmd:"" name:"version" help:"Say what this program is made of: version, commit, Go, models."`
	Version    kong.VersionFlag `help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("hajir"),
		kong.Description("Attendance that recognises people at the door."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": version(), "master_key_bytes": strconv.Itoa(keyring.MasterKeyBytes)},
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hajir:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if err != nil {
		parser.Errorf("%s", err)
		return 2
	}
	command.BindTo(identity.WithAct(ctx, act(command.Command())), (*context.Context)(nil))
	if err := command.Run(&c.Config); err != nil {
		parser.Errorf("%s", reason(err))
		return 1
	}
	return 0
}

// act is how the audit log tells who uses a command: a user of the machine. The
// server acts by itself until a request says who sent it.
func act(command string) identity.Act {
	command, _, _ = strings.Cut(command, " <") // its arguments
	if command == "serve" {
		return identity.Act{Actor: hajir.Actor{Kind: hajir.ActorProgram}, Operation: command}
	}
	a := identity.Act{Actor: hajir.Actor{Kind: hajir.ActorOperator}, Operation: command}
	if u, err := user.Current(); err == nil { // there is none in some containers
		a.Actor.Name = u.Username
	}
	return a
}
