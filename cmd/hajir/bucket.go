package main

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/config"
	"hajir/internal/objects"
	"hajir/internal/picture"
)

// openBucket opens where the pictures lie: a directory, or a bucket in S3.
func openBucket(ctx context.Context, c config.Config, seal objects.Sealer, links []byte, now func() time.Time) (*objects.Bucket, error) {
	if c.RemoteObjects() == "" {
		return objects.OpenDir(c.Objects(), seal, picture.LinkPath, links, now)
	}
	b, err := objects.OpenS3(ctx, c.RemoteObjects(), seal, picture.LinkPath, links, nil, now)
	if err != nil {
		return nil, fmt.Errorf("--objects: %w", err)
	}
	return b, nil
}
