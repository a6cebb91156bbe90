package main

import (
	"encoding/json"
	"slices"
	"testing"

	"hajir/models"
	"hajir/models/manifest"
)

// What the program says of its models is what it carries.
func TestVersion(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	c := cliTest{t: t, dir: t.TempDir()}
	out, code := c.run("version", "--json")
	var b build
	if err := json.Unmarshal([]byte(out), &b); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v: %s", code, err, out)
	}
	if b.Version != version() || b.Go == "" || b.Platform != models.Platform() {
		t.Errorf("%+v", b)
	}
	rows, err := models.List()
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, r := range rows {
		if r.Job == manifest.Samples {
			continue
		}
		want++
		if !slices.Contains(b.Models, model{r.Job, r.Name, r.SHA256, manifest.OK}) {
			t.Errorf("nothing is said of %s", r.Name)
		}
		c.expect(0, []string{r.Name, r.SHA256}, "version")
	}
	if len(b.Models) != want {
		t.Errorf("%d models, want %d", len(b.Models), want)
	}
}
