package models_test

import (
	"errors"
	"testing"

	"hajir/models"
	"hajir/models/manifest"
)

func TestList(t *testing.T) {
	if err := models.Ready(); err != nil {
		if !errors.Is(err, manifest.ErrMissing) {
			t.Fatal(err)
		}
		t.Skip("SKIPPED: ", err)
	}
	rows, err := models.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Status != manifest.OK {
			t.Errorf("%s is %s", r.Name, r.Status)
		}
	}
	if len(rows) != 13 {
		t.Errorf("%d rows, want 13", len(rows))
	}
}
