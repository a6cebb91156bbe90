// Package rekognition finds and matches faces with Amazon Rekognition: a
// collection for each company, in which a face is named by whom it belongs to.
// Nothing is kept beside the collections. Read this file first; search.go has
// every face of a picture looked for, collection.go keeps faces, failure.go says
// what Rekognition's errors mean, and liveness.go is Face Liveness.
// rekognitiontest stands in for Rekognition.
package rekognition

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

// The version of Rekognition's face model that new collections have, and from
// which share of Similarity (0..1) on two faces count as one person: AWS asks
// for 95 to 99 of a hundred where people are let in. See decision 55.
const (
	ModelName = "rekognition-7"
	Threshold = 0.95
)

// Config is what a recognizer needs.
type Config struct {
	AWS aws.Config
	// Endpoint is another one than AWS's; "" for AWS's own.
	Endpoint string
	// Prefix begins the names of collections, such as "hajir-dev-".
	Prefix string
	// Threshold is the constant of that name unless it is set.
	Threshold float64
	Now       func() time.Time
}

// Recognizer is a faces.Recognizer on Rekognition. It is safe for concurrent use.
type Recognizer struct {
	client  *rekognition.Client
	config  Config
	decoder *imaging.Decoder
}

var _ faces.Recognizer = (*Recognizer)(nil)

// tries is how often a call is tried when Rekognition has too much to do. Each
// waits longer, by chance.
const tries = 5

// New returns a recognizer. It does not call Rekognition yet.
func New(c Config) *Recognizer {
	c.Threshold = cmp.Or(c.Threshold, Threshold)
	return &Recognizer{config: c, decoder: imaging.NewDecoder(), client: rekognition.NewFromConfig(c.AWS, func(o *rekognition.Options) {
		if c.Endpoint != "" {
			o.BaseEndpoint = aws.String(c.Endpoint)
		}
		o.RetryMaxAttempts = tries
	})}
}

// Model returns the version of new collections. Liveness and eyes are not
// measured in a picture: Face Liveness is a session of its own.
func (r *Recognizer) Model() faces.Model {
	return faces.Model{Name: ModelName, Threshold: r.config.Threshold}
}

// Version returns the only version there is.
func (r *Recognizer) Version(context.Context, string) (faces.Version, error) { return r.version(), nil }

func (r *Recognizer) version() faces.Version {
	return faces.Version{Name: ModelName, Threshold: r.config.Threshold}
}

// Has says whether version is the only one.
func (r *Recognizer) Has(version string) bool { return version == ModelName }

// Forget does nothing: nothing is kept in memory.
func (r *Recognizer) Forget(string) {}

// longestSide bounds what is sent to Rekognition, which takes 5 MB.
const longestSide = 2048

// view is a picture as Rekognition is shown it.
type view struct {
	image image.Image
	bytes []byte // JPEG
	faces.Frame
}

// look has the faces in a picture found.
func (r *Recognizer) look(ctx context.Context, picture []byte) (view, error) {
	p, err := r.decoder.Decode(ctx, picture)
	if err != nil {
		return view{}, err
	}
	v := view{Frame: faces.Frame{Width: p.Width, Height: p.Height}}
	if v.bytes, err = p.JPEG(longestSide); err != nil {
		return v, err
	}
	if v.image, err = jpeg.Decode(bytes.NewReader(v.bytes)); err != nil {
		return v, fmt.Errorf("read picture: %w", err)
	}
	out, err := r.client.DetectFaces(ctx, &rekognition.DetectFacesInput{
		Image: &types.Image{Bytes: v.bytes}, Attributes: []types.Attribute{types.AttributeDefault},
	})
	if err != nil {
		return v, failure(ctx, err)
	}
	for _, d := range out.FaceDetails {
		if d.BoundingBox != nil {
			v.Faces = append(v.Faces, face(d, v.Frame))
		}
	}
	slices.SortStableFunc(v.Faces, func(a, b faces.Face) int {
		return cmp.Compare(b.Box.Width*b.Box.Height, a.Box.Width*a.Box.Height)
	})
	return v, nil
}

// landmarks are Rekognition's names in the order of faces.Face.Landmarks.
var landmarks = []types.LandmarkType{
	types.LandmarkTypeEyeLeft, types.LandmarkTypeEyeRight, types.LandmarkTypeNose, types.LandmarkTypeMouthLeft, types.LandmarkTypeMouthRight,
}

// face reads what Rekognition says of a face. Its sharpness and brightness are on
// scales of its own, which the rules about pictures do not know; its own quality
// filter judges by them when a face is enrolled.
func face(d types.FaceDetail, f faces.Frame) faces.Face {
	box := boxOf(d.BoundingBox)
	found := faces.Face{
		Box: box, Score: float64(aws.ToFloat32(d.Confidence)) / 100,
		Pixels: int(min(box.Width*float64(f.Width), box.Height*float64(f.Height))),
	}
	for _, l := range d.Landmarks {
		if i := slices.Index(landmarks, l.Type); i >= 0 {
			found.Landmarks[i] = faces.Point{X: float64(aws.ToFloat32(l.X)), Y: float64(aws.ToFloat32(l.Y))}
		}
	}
	return found
}

func boxOf(b *types.BoundingBox) faces.Box {
	if b == nil {
		return faces.Box{}
	}
	return faces.Box{
		Left: float64(aws.ToFloat32(b.Left)), Top: float64(aws.ToFloat32(b.Top)),
		Width: float64(aws.ToFloat32(b.Width)), Height: float64(aws.ToFloat32(b.Height)),
	}
}

// Detect implements faces.Recognizer.
func (r *Recognizer) Detect(ctx context.Context, picture []byte, _ ...faces.Measure) (faces.Frame, error) {
	v, err := r.look(ctx, picture)
	return v.Frame, err
}

// Identify implements faces.Recognizer.
func (r *Recognizer) Identify(ctx context.Context, company string, picture []byte, _ ...faces.Measure) (faces.Frame, error) {
	v, err := r.look(ctx, picture)
	if err == nil {
		err = r.search(ctx, company, &v)
	}
	return v.Frame, err
}

// Follow implements faces.Recognizer.
func (r *Recognizer) Follow(ctx context.Context, company string, first []byte, pictures [][]byte, _ ...faces.Measure) ([]faces.Frame, error) {
	before, err := r.look(ctx, first)
	if err != nil {
		return nil, err
	}
	if len(before.Faces) == 0 {
		return nil, errNoFace("the first picture")
	}
	portrait, err := before.crop(before.Faces[0].Box, roomy)
	if err != nil {
		return nil, err
	}
	frames := make([]faces.Frame, len(pictures))
	for i, picture := range pictures {
		v, err := r.look(ctx, picture)
		if err != nil {
			return nil, err
		}
		if err := r.search(ctx, company, &v); err != nil {
			return nil, err
		}
		if err := r.compare(ctx, portrait.bytes, &v); err != nil {
			return nil, err
		}
		frames[i] = v.Frame
	}
	return frames, nil
}

func errNoFace(where string) error {
	return hajir.Errorf(hajir.FaceNone, "No face was found in %s. Look at the camera, with light on your face.", where)
}
