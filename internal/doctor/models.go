package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hajir/internal/faces"
	"hajir/models/manifest"
)

// Models checks the files of the face models against their hashes, and that try
// works: Recognise, or less than that where a recogniser is at work already.
func Models(list func() ([]manifest.Row, error), try func(context.Context) error, now func() time.Time) Check {
	return Check{"models", func(ctx context.Context, c *Chart) {
		const why = "Nobody is recognised without the models."
		const fix = "Install Hajir anew; from source, run make models and build again."
		rows, err := list()
		bad := 0
		for _, r := range rows {
			if r.Status != manifest.OK {
				bad++
				c.Fail("models.files", fmt.Sprintf("%s (%s) is %s.", r.Name, r.File, r.Status), why, fix)
			}
		}
		switch {
		case err != nil:
			c.Fail("models.files", "The models could not be read: "+err.Error(), why, fix)
			return
		case bad > 0:
			return
		}
		c.OK("models.files", "%d files of models are there and have their hashes.", len(rows))
		c.Working("recognising a face")
		from := now()
		if err := try(ctx); err != nil {
			c.Fail("models.run", "The models do not work: "+err.Error(), why,
				"See whether the user's cache directory exists and allows execution; otherwise, install Hajir anew.")
			return
		}
		c.OK("models.run", "The models work: a face was found in the built-in picture, in %s.", now().Sub(from).Round(time.Millisecond))
	}}
}

// Recognise enrols the largest face in picture with r, which keeps nothing, and
// has it found again.
func Recognise(ctx context.Context, r faces.Recognizer, picture []byte) error {
	const nobody = "doctor"
	if _, err := r.Index(ctx, nobody, nobody, nobody, picture, func(faces.Frame) error { return nil }); err != nil {
		return err
	}
	frame, err := r.Identify(ctx, nobody, picture)
	if err != nil {
		return err
	}
	const same = 0.99 // of a picture with itself
	if len(frame.Faces) == 0 || len(frame.Faces[0].Candidates) == 0 || frame.Faces[0].Candidates[0].Score < same {
		return errors.New("a face was not known again in the picture that it was enrolled from")
	}
	return nil
}
