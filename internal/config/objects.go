package config

import "path/filepath"

// Pictures is where pictures lie.
type Pictures struct {
	Place string `name:"objects" help:"Bucket in which pictures lie instead of the data directory, sealed as they are there: s3://BUCKET/PREFIX?region=REGION, with credentials by the environment. The backup does not copy them then; turn the bucket's versioning on." env:"HAJIR_OBJECTS" placeholder:"URL"`
}

// Objects returns the directory in which the pictures lie.
func (c Config) Objects() string { return filepath.Join(c.Data, "objects") }

// RemoteObjects returns the bucket in which the pictures lie; "" when that is the
// directory.
func (c Config) RemoteObjects() string { return c.Pictures.Place }
