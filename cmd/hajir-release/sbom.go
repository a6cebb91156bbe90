package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

type sbomCmd struct {
	Dir  string `default:"sbom" type:"existingdir" help:"Where make sbom wrote the lists."`
	Main string `default:"./cmd/hajir" help:"The package of the program."`
}

// bom is what is looked at of a CycloneDX document.
type bom struct {
	Format     string `json:"bomFormat"`
	Spec       string `json:"specVersion"`
	Components []struct {
		PURL string `json:"purl"`
	} `json:"components"`
}

// lock is what is looked at of a package-lock.json.
type lock struct {
	Packages map[string]struct {
		Name    string `json:"name"` // where it is not the directory's
		Version string `json:"version"`
		Dev     bool   `json:"dev"`
	} `json:"packages"`
}

// Run checks that the lists name everything that is linked into the program or
// put into the site, in its version. Who made them does not check that.
func (cmd sbomCmd) Run() error {
	modules, err := modules(context.Background(), cmd.Main)
	if err != nil {
		return err
	}
	wanted := map[string][]string{"hajir-go.cdx.json": modules}
	for file, dir := range map[string]string{"hajir-site.cdx.json": "web", "hajir-models.cdx.json": "models"} {
		if wanted[file], err = packages(filepath.Join(dir, "package-lock.json")); err != nil {
			return err
		}
	}
	for file, parts := range wanted {
		b, err := os.ReadFile(filepath.Join(cmd.Dir, file)) //nolint:gosec // the publisher names it
		if err != nil {
			return err
		}
		if err := names(b, parts); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		fmt.Printf("%s names all %d parts\n", file, len(parts))
	}
	return nil
}

// names returns an error unless document is of CycloneDX and names the parts,
// each a package URL without its query.
func names(document []byte, parts []string) error {
	var b bom
	if err := json.Unmarshal(document, &b); err != nil {
		return err
	}
	if b.Format != "CycloneDX" || b.Spec == "" {
		return errors.New("that is no CycloneDX document")
	}
	named := map[string]bool{}
	for _, c := range b.Components {
		purl, _, _ := strings.Cut(c.PURL, "?")
		named[strings.ReplaceAll(purl, "%40", "@")] = true
	}
	if len(parts) == 0 {
		return errors.New("nothing is known to be in there")
	}
	for _, p := range parts {
		if !named[p] {
			return fmt.Errorf("%s is missing", p)
		}
	}
	return nil
}

// modules returns what is linked into the package main.
func modules(ctx context.Context, main string) ([]string, error) {
	const format = `{{with .Module}}{{if not .Main}}{{if .Replace}}{{.Replace.Path}}@{{.Replace.Version}}{{else}}{{.Path}}@{{.Version}}{{end}}{{end}}{{end}}`
	out, err := exec.CommandContext(ctx, "go", "list", "-deps", "-f", format, main).Output() //nolint:gosec // the publisher names it
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	seen, all := map[string]bool{}, []string{}
	for _, m := range strings.Fields(string(out)) {
		if !seen[m] {
			seen[m] = true
			all = append(all, "pkg:golang/"+m)
		}
	}
	return all, nil
}

// packages returns what a package-lock.json has that is no tool of developers.
func packages(file string) ([]string, error) {
	b, err := os.ReadFile(file) //nolint:gosec // a lock file of the repository
	if err != nil {
		return nil, err
	}
	var l lock
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var all []string
	for path, p := range l.Packages {
		if path == "" || p.Dev {
			continue
		}
		name := p.Name
		if name == "" {
			name = path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		}
		all = append(all, "pkg:npm/"+name+"@"+p.Version)
	}
	return all, nil
}
