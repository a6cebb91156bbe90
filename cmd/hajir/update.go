package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hajir/internal/config"
	"hajir/internal/update"
)

type updateCmd struct {
	config.Update

	Check bool `help:"Ask the feed whether there is a newer release."`
	JSON  bool `name:"json" help:"Print the answer as JSON."`
}

// errNoFeed is the state of who has not asked for more.
var errNoFeed = errors.New("no feed of releases is configured, so nobody was asked: name one with --feed and --key, or HAJIR_UPDATE_FEED and HAJIR_UPDATE_KEY; the publisher's site has both")

// Run tells of a newer release. The program does not replace itself: what is
// installed is the machine's package manager's, or the operator's, to change.
func (cmd updateCmd) Run(ctx context.Context, c *config.Config) error {
	switch {
	case !cmd.Check:
		return errors.New("hajir does not replace itself: see whether there is a newer release with hajir update --check, and install it as you installed this one")
	case cmd.Feed == "" && cmd.Key == "":
		return errNoFeed
	case cmd.Feed == "" || cmd.Key == "":
		return errors.New("--feed and --key belong together: a feed that nobody signed is worth nothing")
	}
	key, err := update.ParseKey(cmd.Key)
	if err != nil {
		return err
	}
	check := update.Check{URL: cmd.Feed, Key: key}
	if _, err := os.Stat(filepath.Dir(c.FeedSeen())); err == nil {
		check.Seen = update.Seen(c.FeedSeen())
	}
	feed, err := check.Run(ctx, time.Now())
	if err != nil {
		return err
	}
	news := feed.News(version())
	if cmd.JSON {
		return json.NewEncoder(os.Stdout).Encode(news)
	}
	return tell(news)
}

// tell says it to a person.
func tell(n update.News) error {
	newest := n.Newest.Version
	if newest == "" {
		newest = "none but pre-releases"
	}
	switch {
	case !n.Known:
		fmt.Printf("This build (%s) has no version to compare. The newest release is %s\n", n.Current, newest)
	case !n.Newer:
		fmt.Printf("%s is up to date; the newest release is %s\n", n.Current, newest)
		return nil
	default:
		fmt.Printf("%s is newer than this one, %s\n", newest, n.Current)
	}
	for _, v := range n.Mends {
		fmt.Printf("  %s mends a security hole\n", v)
	}
	if n.Newest.Notes != "" {
		fmt.Printf("  %s\n", n.Newest.Notes)
	}
	_, err := fmt.Printf("  %s\n", n.Newest.URL)
	return err
}
