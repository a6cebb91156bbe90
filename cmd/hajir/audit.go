package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"

	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/hajir"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Compute the hash of every entry anew and say which is not as it was written. Ends with an error when one is not."`
	Export auditExportCmd `cmd:"" help:"Print a log, the oldest entry first."`
}

// chain names one audit log.
type chain struct {
	Company      string `help:"The company's username." env:"HAJIR_COMPANY" xor:"chain"`
	Installation bool   `help:"The installation's own log: keys, and companies that were removed." xor:"chain"`
}

type auditVerifyCmd struct {
	chain
	Head string `help:"A head of the log that was written down, to find out whether its end is missing." placeholder:"SEQ:HASH"`
}

// Run checks one log, or all of them.
func (cmd *auditVerifyCmd) Run(ctx context.Context, c *config.Config) error {
	var known hajir.AuditHead
	if cmd.Head != "" {
		if cmd.Company == "" && !cmd.Installation {
			return errors.New("say whose head that is: give --company or --installation with it")
		}
		var err error
		if known, err = hajir.ParseAuditHead(cmd.Head); err != nil {
			return err
		}
	}
	return withApp(ctx, c, func(a *app) error {
		chains := []string{cmd.Company}
		if cmd.Company == "" && !cmd.Installation {
			var err error
			if chains, err = a.db.AuditChains(ctx); err != nil {
				return err
			}
		}
		broken := 0
		for _, name := range chains {
			report, err := a.company.VerifyAudit(ctx, name, known)
			if err != nil {
				return err
			}
			if _, err := a.db.Company(ctx, name); err != nil && name != "" && report.Head.Seq == 0 {
				return err
			}
			if name == "" {
				name = "the installation"
			}
			if report.Fault != nil {
				broken++
				fmt.Printf("%s: BROKEN at entry %d: %s; the %d before are right\n", name, report.Fault.Seq, report.Fault.Reason, report.Head.Seq)
				continue
			}
			fmt.Printf("%s: %d entries, all right; head %s\n", name, report.Head.Seq, report.Head)
		}
		if broken > 0 {
			return fmt.Errorf("%d of %d audit logs are broken", broken, len(chains))
		}
		return nil
	})
}

type auditExportCmd struct {
	chain
	Format company.AuditFormat `help:"csv or jsonl; jsonl has all that is hashed." enum:"csv,jsonl" default:"jsonl"`
}

// Run prints one log.
func (cmd *auditExportCmd) Run(ctx context.Context, c *config.Config) error {
	if cmd.Company == "" && !cmd.Installation {
		return errors.New("say whose log: give --company or --installation")
	}
	return withApp(ctx, c, func(a *app) error {
		out := bufio.NewWriter(os.Stdout)
		err := a.company.ExportAudit(ctx, cmd.Company, hajir.AuditQuery{}, cmd.Format, out)
		return errors.Join(err, out.Flush())
	})
}
