package rekognition_test

import (
	"context"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
)

// ashaAlways sees asha in every picture: the adapter cuts pictures, and what is
// left of a script says nothing.
type ashaAlways struct{ *facestest.Fake }

// Detect implements faces.Recognizer.
func (a ashaAlways) Detect(ctx context.Context, _ []byte, what ...faces.Measure) (faces.Frame, error) {
	return a.Fake.Detect(ctx, asha, what...)
}

// Identify implements faces.Recognizer.
func (a ashaAlways) Identify(ctx context.Context, company string, _ []byte, what ...faces.Measure) (faces.Frame, error) {
	return a.Fake.Identify(ctx, company, asha, what...)
}

// Index implements faces.Recognizer.
func (a ashaAlways) Index(ctx context.Context, company, username, faceID string, _ []byte, accept func(faces.Frame) error, what ...faces.Measure) (faces.Indexed, error) {
	return a.Fake.Index(ctx, company, username, faceID, asha, accept, what...)
}
