package main

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
)

// contact is where people are told how to report a hole. Nothing is signed while
// it names nobody: a hole that cannot be reported in private is reported in
// public, or not at all.
type contact struct {
	Security string `help:"The file that says how a hole is reported in private." type:"path" default:"SECURITY.md" placeholder:"FILE"`
}

// ways finds the lines of the file that name a way, such as "- Mail: <ADDRESS>".
var ways = regexp.MustCompile(`(?m)^- (Mail|Form): <([^>\n]*)>`)

// check says what is missing before anything may be published.
func (c contact) check() error {
	b, err := os.ReadFile(c.Security)
	if err != nil {
		return fmt.Errorf("how a hole is reported: %w", err)
	}
	mails := 0
	for _, m := range ways.FindAllStringSubmatch(string(b), -1) {
		kind, value := m[1], m[2]
		host := ""
		switch kind {
		case "Mail":
			mails++
			a, err := mail.ParseAddress(value)
			if err != nil || a.Address != value {
				return fmt.Errorf("%s: %q is no mail address", c.Security, value)
			}
			host = a.Address[strings.LastIndexByte(a.Address, '@')+1:]
		case "Form":
			u, err := url.Parse(value)
			if err != nil || u.Scheme != "https" || u.Hostname() == "" {
				return fmt.Errorf("%s: %q is no https address", c.Security, value)
			}
			host = u.Hostname()
		}
		if !reaches(host) {
			return fmt.Errorf("%s: nobody is reached at %s: put in whom people report a hole to, and delete the way that you do not offer", c.Security, value)
		}
	}
	if mails == 0 {
		return errors.New(c.Security + ` has no line "- Mail: <ADDRESS>" that says to whom a hole is reported`)
	}
	return nil
}

// reaches says whether a host may be somebody's: not one of those that RFC 2606
// reserves for examples.
func reaches(host string) bool {
	labels := strings.Split(strings.ToLower(host), ".")
	last := len(labels) - 1
	reserved := []string{"invalid", "example", "test", "localhost"}
	return last > 0 && !slices.Contains(reserved, labels[last]) && labels[last-1] != "example" && !slices.Contains(labels, "")
}

type contactCmd struct{ contact }

// Run says nothing when all is well.
func (cmd contactCmd) Run() error { return cmd.check() }
