package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"text/tabwriter"
	"time"

	"hajir/models"
	"hajir/models/manifest"
)

type versionCmd struct {
	JSON bool `name:"json" help:"Print it as JSON."`
}

// build is what a program is made of.
type build struct {
	Version string `json:"version"`
	// Commit, its time, and whether files were changed that it does not have;
	// "" of a program that was built outside of a repository.
	Commit    string    `json:"commit,omitempty"`
	Committed time.Time `json:"committed,omitzero"`
	Changed   bool      `json:"changed"`
	Go        string    `json:"go"`
	Platform  string    `json:"platform"` // GOOS/GOARCH
	Models    []model   `json:"models"`
}

// model is a file that recognises faces, or the library that runs them.
type model struct {
	Job    manifest.Job    `json:"job"`
	Name   string          `json:"name"` // with its version
	SHA256 string          `json:"sha256"`
	Status manifest.Status `json:"status"`
}

// Run prints what the program is made of. The models are read whole, so that
// what is said of them is true.
func (cmd versionCmd) Run() error {
	b, err := built()
	if err != nil {
		return err
	}
	if cmd.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(b)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "hajir\t%s\n", b.Version)
	if b.Commit != "" {
		changed := ""
		if b.Changed {
			changed = ", and changes that are not committed"
		}
		fmt.Fprintf(w, "commit\t%s (%s)%s\n", b.Commit, b.Committed.Format(time.DateOnly), changed)
	}
	fmt.Fprintf(w, "go\t%s %s\n", b.Go, b.Platform)
	for _, m := range b.Models {
		status := ""
		if m.Status != manifest.OK {
			status = " (" + string(m.Status) + ")"
		}
		fmt.Fprintf(w, "%s\t%s\tsha256:%s%s\n", m.Job, m.Name, m.SHA256, status)
	}
	return w.Flush()
}

// built tells what this program is made of. The toolchain writes the commit and
// the version, of its tag, into the program.
func built() (build, error) {
	b := build{Version: version(), Go: runtime.Version(), Platform: models.Platform()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value
			case "vcs.time":
				b.Committed, _ = time.Parse(time.RFC3339, s.Value) // stays zero
			case "vcs.modified":
				b.Changed = s.Value == "true"
			}
		}
	}
	rows, err := models.List()
	if err != nil {
		return b, err
	}
	for _, r := range rows {
		if r.Job != manifest.Samples {
			b.Models = append(b.Models, model{r.Job, r.Name, r.SHA256, r.Status})
		}
	}
	return b, nil
}

// version returns the module's version, or the commit that was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value
		}
	}
	return v
}
