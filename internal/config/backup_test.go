package config

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBackupPlace(t *testing.T) {
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ data, place, want string }{
		{"/srv/hajir", "", "/srv/hajir-backup"},
		{"/srv/hajir/", "", "/srv/hajir-backup"},
		{"/srv/hajir", "off", ""},
		{"/srv/hajir", "/mnt/disk", "/mnt/disk"},
		{"/srv/hajir", "disk", filepath.Join(wd, "disk")},
		{"/srv/hajir", "/srv/hajir-2", "/srv/hajir-2"},
		{"/srv/hajir", "s3://bucket/x?region=ap-south-1", "s3://bucket/x?region=ap-south-1"},
		{"/srv/hajir", "/srv/hajir/backup", "refused"},
		{"/srv/hajir", "/srv", "refused"},
		{"/srv/hajir", "/srv/hajir", "refused"},
	} {
		got, err := Config{Data: c.data, Copies: Backup{Place: c.place}}.BackupPlace()
		if err != nil {
			got = "refused"
		}
		if got != c.want {
			t.Errorf("data %s, backup %q: %q, want %q", c.data, c.place, got, c.want)
		}
	}
}
