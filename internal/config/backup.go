package config

import (
	"errors"
	"path/filepath"
	"strings"
	"time"
)

// Backup is where the data is copied while the server runs, and for how long.
type Backup struct {
	Place   string `name:"backup" help:"Where the data is copied while it is served: a directory, best on another disk or machine, or s3://BUCKET/PREFIX?region=REGION, with credentials by the environment. off: nowhere. Default: the data directory's name with -backup." env:"HAJIR_BACKUP" placeholder:"PLACE"`
	Key     string `name:"backup-key" help:"Backup key, as hajir backup key prints it. Better given by the environment or --backup-key-file." env:"HAJIR_BACKUP_KEY" placeholder:"BASE64"`
	KeyFile string `name:"backup-key-file" help:"File with the backup key; serve makes it if it does not exist. Default: backup.key in the data directory." type:"path" env:"HAJIR_BACKUP_KEY_FILE" placeholder:"FILE"`
	Days    int    `name:"backup-days" help:"For how many days back the data can be restored." default:"35" env:"HAJIR_BACKUP_DAYS"`
	Fine    int    `name:"backup-fine-days" help:"For how many days back to the second; before that to five minutes. At most --backup-days." default:"35" env:"HAJIR_BACKUP_FINE_DAYS"`
}

// backupOff as the place says that there is no backup.
const backupOff = "off"

// Validate refuses what no backup can be told. Kong calls it.
func (b Backup) Validate() error {
	if b.Days < 1 || b.Fine < 0 {
		return errors.New("--backup-days is at least 1, and --backup-fine-days at least 0")
	}
	return nil
}

// Times returns for how long back the data can be restored, and for how long to
// the second.
func (b Backup) Times() (kept, fine time.Duration) {
	const day = 24 * time.Hour
	return time.Duration(b.Days) * day, time.Duration(min(b.Days, b.Fine)) * day
}

// BackupPlace returns where the data is copied; "" when nowhere.
func (c Config) BackupPlace() (string, error) {
	switch place := c.Copies.Place; {
	case place == backupOff:
		return "", nil
	case place == "":
		return strings.TrimRight(c.Data, string(filepath.Separator)) + "-backup", nil
	case strings.Contains(place, "://"):
		return place, nil
	default:
		dir, err := filepath.Abs(place)
		if err != nil {
			return "", err
		}
		data, err := filepath.Abs(c.Data)
		if err != nil {
			return "", err
		}
		if within(dir, data) || within(data, dir) {
			return "", errors.New("--backup and the data directory must not lie in each other")
		}
		return dir, nil
	}
}

func within(dir, other string) bool {
	rel, err := filepath.Rel(other, dir)
	return err == nil && filepath.IsLocal(rel)
}

// BackupKeyFile returns the file of the backup key.
func (c Config) BackupKeyFile() string {
	if c.Copies.KeyFile != "" {
		return c.Copies.KeyFile
	}
	return filepath.Join(c.Data, "backup.key")
}

// BackupState returns the directory in which the server remembers what it has
// backed up.
func (c Config) BackupState() string { return filepath.Join(c.Data, "backup") }
