// Package demo fills a company with example people, faces, shifts and two
// months of plausible days, so that the site can be seen alive. Read Fill
// first; days.go makes up the days, people.go lists the people, shifts.go plans
// their work, holidays.go says when there is none.
package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/picture"
)

// Company fills companies. Its functions are those by which an admin would do
// the same.
type Company struct {
	Add   func(ctx context.Context, e hajir.Employee, password string) (hajir.Employee, error)
	Enrol func(ctx context.Context, company, username string, picture []byte) (picture.Enrolled, error)
	// Portray sets a profile picture.
	Portray func(ctx context.Context, company, username string, picture []byte) (hajir.Employee, error)
	SaveDay func(ctx context.Context, d hajir.Day) error
	Sample  func(name string) ([]byte, error) // a sample picture
	Now     func() time.Time

	AddShift   func(ctx context.Context, s hajir.Shift) (hajir.Shift, error)
	AddPattern func(ctx context.Context, p hajir.Pattern) (hajir.Pattern, error)
	Assign     func(ctx context.Context, a hajir.Assignment) (hajir.Assignment, error)
	AddEvent   func(ctx context.Context, o hajir.Occasion) (hajir.Occasion, error)
}

// Fill adds 25 people, the faces of some of them, and their days of the last
// two months up to now.
func (d *Company) Fill(ctx context.Context, c hajir.Company) error {
	loc, err := c.Location()
	if err != nil {
		return err
	}
	if err := d.plan(ctx, c, hajir.AddDays(hajir.DateAt(d.Now(), loc), -history)); err != nil {
		return err
	}
	free, err := d.celebrate(ctx, c, hajir.DateAt(d.Now(), loc))
	if err != nil {
		return err
	}
	samples := map[string]*image.RGBA{}
	for i, p := range people {
		e, err := d.Add(ctx, hajir.Employee{
			Username: p.username, Company: c.Username, Name: p.name,
			Code: fmt.Sprintf("E%03d", i+1), Department: p.department,
			Consent: hajir.Consent{
				State: hajir.ConsentGiven, TextVersion: hajir.ConsentVersion, At: d.Now().UTC(), Means: hajir.ConsentDemo,
				By: c.Username, RetentionDays: c.RetentionDays,
			},
		}, "")
		if err != nil {
			return fmt.Errorf("add %s: %w", p.username, err)
		}
		for n, face := range p.portraits {
			b, err := d.cut(samples, face)
			if err != nil {
				return err
			}
			if _, err := d.Enrol(ctx, c.Username, e.Username, b); err != nil {
				return fmt.Errorf("enrol %s: %w", p.username, err)
			}
			if n > 0 {
				continue
			}
			if _, err := d.Portray(ctx, c.Username, e.Username, b); err != nil {
				return fmt.Errorf("portray %s: %w", p.username, err)
			}
		}
		works := office()
		if p.department == nightTeam {
			works = night()
		}
		for _, day := range days(c.Username, p.username, uint64(i), works, free, d.Now(), loc) {
			if err := d.SaveDay(ctx, day); err != nil {
				return fmt.Errorf("save a day of %s: %w", p.username, err)
			}
		}
	}
	return nil
}

// cut returns the portrait as a JPEG of its own.
func (d *Company) cut(samples map[string]*image.RGBA, face portrait) ([]byte, error) {
	whole, ok := samples[face.sample]
	if !ok {
		b, err := d.Sample(face.sample)
		if err != nil {
			return nil, err
		}
		decoded, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("decode %s: %w", face.sample, err)
		}
		whole = image.NewRGBA(decoded.Bounds())
		draw.Draw(whole, whole.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
		samples[face.sample] = whole
	}
	size := whole.Bounds().Size()
	x, y := int(face.x*float64(size.X)), int(face.y*float64(size.Y))
	half := int(0.9 * face.height * float64(size.Y)) // the face with hair and chin, and little of a neighbour
	var out bytes.Buffer
	err := jpeg.Encode(&out, whole.SubImage(image.Rect(x-half, y-half, x+half, y+half)), &jpeg.Options{Quality: 92})
	if err != nil {
		return nil, fmt.Errorf("encode portrait: %w", err)
	}
	return out.Bytes(), nil
}
