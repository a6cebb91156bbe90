package archtest

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

// sources returns the text of the repository's files whose name matches.
func sources(t *testing.T, matches string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "dist") {
			return filepath.SkipDir
		}
		if ok, _ := path.Match(matches, d.Name()); !ok || d.IsDir() {
			return nil
		}
		b, err := os.ReadFile(name)
		all[name] = string(b)
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}

var (
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	testName = regexp.MustCompile(`^(Test|Fuzz)[A-Z]\w*$`)
	fileName = regexp.MustCompile(`^\.?[\w-]+(/[\w.-]+)+$|^[\w.-]+\.ya?ml$|^Makefile$`)
	declared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	variable = regexp.MustCompile(`\bHAJIR_[A-Z_]+\b`)
	inTag    = regexp.MustCompile(`env:"(HAJIR_\w+)"`)
)

// What the security page says is shown by a test is shown by one that exists.
func TestSecurityPageNamesWhatExists(t *testing.T) {
	tests := map[string]bool{}
	for _, text := range sources(t, "*_test.go") {
		for _, m := range declared.FindAllStringSubmatch(text, -1) {
			tests[m[1]] = true
		}
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	named, files := 0, 0
	for _, m := range quoted.FindAllStringSubmatch(string(page), -1) {
		switch name := m[1]; {
		case testName.MatchString(name):
			named++
			if !tests[name] {
				t.Errorf("there is no %s", name)
			}
		case name == "crypto/rand":
		case fileName.MatchString(name):
			files++
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Errorf("there is no file %s", name)
			}
		}
	}
	if named < 100 || files < 20 {
		t.Errorf("only %d tests and %d files are named", named, files)
	}
}

// Settings that files for operators name are settings of the program.
func TestSettingsThatAreNamedExist(t *testing.T) {
	known := map[string]bool{
		"HAJIR_MAINTAINER":  true,                                                                              // of .goreleaser.yaml
		"HAJIR_STANDINS":    true,                                                                              // of tests: what stands in for AWS must be there
		"HAJIR_KILL_EVENTS": true, "HAJIR_CRASH_KILLS": true, "HAJIR_TEST_THROUGH": true, "HAJIR_GROWTH": true, // of tests
	}
	for name, text := range sources(t, "*.go") {
		if !strings.HasSuffix(name, "_test.go") {
			for _, m := range inTag.FindAllStringSubmatch(text, -1) {
				known[m[1]] = true
			}
		}
	}
	named := 0
	for _, dir := range []string{"deploy", "deploy/systemd", "docs", "."} {
		entries, err := os.ReadDir(filepath.Join(root, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() || e.Name() == ".git" { // a file, in a worktree
				continue
			}
			b, err := os.ReadFile(filepath.Join(root, dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range variable.FindAllString(string(b), -1) {
				named++
				if !known[v] && v != "HAJIR_FUNCTION" {
					t.Errorf("%s/%s names %s, which nothing reads", dir, e.Name(), v)
				}
			}
		}
	}
	if named < 40 {
		t.Errorf("only %d settings were found", named)
	}
}
