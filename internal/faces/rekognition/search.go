package rekognition

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"
	"golang.org/x/sync/errgroup"

	"hajir/internal/faces"
)

const (
	// roomy and tight are how much around a face is cut out with it, in shares of
	// its box on each side: a detector finds a face better with some room, in which
	// there may be a neighbour.
	roomy, tight = 0.6, 0.1
	// atOnce bounds the calls for one picture.
	atOnce = 4
	// wanted is how many faces are asked for, so that there are MaxCandidates
	// people among them although each may have several.
	wanted = 50
	// least is how much of two boxes must be common for them to be one face.
	least = 0.3
	// cropQuality of JPEG keeps what a face is recognised by.
	cropQuality = 92
)

// part is what is cut out of a picture around a face.
type part struct {
	bytes []byte
	box   faces.Box // of the face, in shares of the part
}

// crop cuts out a face.
func (v view) crop(box faces.Box, room float64) (part, error) {
	b := v.image.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	cut := image.Rect(
		int(math.Floor((box.Left-room*box.Width)*w)), int(math.Floor((box.Top-room*box.Height)*h)),
		int(math.Ceil((box.Left+(1+room)*box.Width)*w)), int(math.Ceil((box.Top+(1+room)*box.Height)*h)),
	).Intersect(b)
	img, ok := v.image.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if !ok || cut.Empty() {
		return part{v.bytes, box}, nil
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img.SubImage(cut), &jpeg.Options{Quality: cropQuality}); err != nil {
		return part{}, fmt.Errorf("cut out face: %w", err)
	}
	return part{out.Bytes(), faces.Box{
		Left: (box.Left*w - float64(cut.Min.X)) / float64(cut.Dx()), Top: (box.Top*h - float64(cut.Min.Y)) / float64(cut.Dy()),
		Width: box.Width * w / float64(cut.Dx()), Height: box.Height * h / float64(cut.Dy()),
	}}, nil
}

// search looks for each face in a picture among company's people: Rekognition
// searches for the largest face of a picture alone, so each is cut out.
func (r *Recognizer) search(ctx context.Context, company string, v *view) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i := range v.Faces {
		group.Go(func() (err error) {
			v.Faces[i].Candidates, err = r.searchFace(ctx, company, v, v.Faces[i].Box)
			return err
		})
	}
	return group.Wait()
}

// searchFace looks for one face. What Rekognition took for the largest in the
// part must be that face, or nobody is a candidate.
func (r *Recognizer) searchFace(ctx context.Context, company string, v *view, box faces.Box) ([]faces.Candidate, error) {
	for _, room := range []float64{roomy, tight} {
		p, err := v.crop(box, room)
		if err != nil {
			return nil, err
		}
		out, err := r.client.SearchFacesByImage(ctx, &rekognition.SearchFacesByImageInput{
			CollectionId: r.collection(company), Image: &types.Image{Bytes: p.bytes},
			FaceMatchThreshold: aws.Float32(0), // the second one's distance matters, too
			MaxFaces:           aws.Int32(wanted), QualityFilter: types.QualityFilterNone,
		})
		switch {
		case isMissing(err): // the company has no faces
			return nil, nil
		case isNoFace(err):
			continue
		case err != nil:
			return nil, failure(ctx, err)
		}
		if common(boxOf(out.SearchedFaceBoundingBox), p.box) >= least {
			return r.candidates(out.FaceMatches, "", ""), nil
		}
	}
	return nil, nil
}

// candidates returns each person once, with their best face; without the face
// that is named.
func (r *Recognizer) candidates(matches []types.FaceMatch, username, faceID string) []faces.Candidate {
	people := r.nearest(matches, username, faceID)
	return people[:min(len(people), faces.MaxCandidates)]
}

func (r *Recognizer) nearest(matches []types.FaceMatch, username, faceID string) []faces.Candidate {
	seen := map[string]bool{}
	var people []faces.Candidate
	for _, m := range matches { // the most similar comes first
		k, ok := readName(m.Face)
		if !ok || seen[k.username] || k.username == username && k.faceID == faceID {
			continue
		}
		seen[k.username] = true
		people = append(people, faces.Candidate{Username: k.username, FaceID: k.faceID, Score: score(m.Similarity), Model: r.version()})
	}
	return people
}

// score is a similarity, of 0 to 100, as the port has it.
func score(similarity *float32) float64 { return float64(aws.ToFloat32(similarity)) / 100 }

// compare says how near each face in a picture is to the one in portrait.
func (r *Recognizer) compare(ctx context.Context, portrait []byte, v *view) error {
	if len(v.Faces) == 0 {
		return nil
	}
	out, err := r.client.CompareFaces(ctx, &rekognition.CompareFacesInput{
		SourceImage: &types.Image{Bytes: portrait}, TargetImage: &types.Image{Bytes: v.bytes},
		SimilarityThreshold: aws.Float32(0), QualityFilter: types.QualityFilterNone,
	})
	if err != nil && !isNoFace(err) {
		return failure(ctx, err)
	}
	for i := range v.Faces {
		likeness := 0.0 // one that was not compared is not like
		if out != nil {
			for _, m := range out.FaceMatches {
				if m.Face != nil && common(boxOf(m.Face.BoundingBox), v.Faces[i].Box) >= least {
					likeness = max(likeness, score(m.Similarity))
				}
			}
		}
		v.Faces[i].Likeness = &likeness
	}
	return nil
}

// common returns how much of two boxes together is common to both, 0..1.
func common(a, b faces.Box) float64 {
	w := min(a.Left+a.Width, b.Left+b.Width) - max(a.Left, b.Left)
	h := min(a.Top+a.Height, b.Top+b.Height) - max(a.Top, b.Top)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (a.Width*a.Height + b.Width*b.Height - w*h)
}
