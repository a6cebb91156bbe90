package review

import (
	"context"
	"fmt"
)

// pageSize is how many reviews one read of the store takes.
const pageSize = 100

// Forget removes every refusal that has had its time, with its picture.
func (d *Desk) Forget(ctx context.Context) error {
	for {
		page, err := d.Store.ExpiredReviews(ctx, d.Now(), pageSize)
		if err != nil {
			return fmt.Errorf("list expired reviews: %w", err)
		}
		for _, r := range page {
			// The picture goes first, or a crash would leave one that nothing names.
			if r.Picture != "" {
				if err := d.Objects.Delete(ctx, r.Picture); err != nil {
					return fmt.Errorf("remove picture: %w", err)
				}
			}
			if err := d.Store.DeleteReview(ctx, r.Company, r.ID); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
	}
}
