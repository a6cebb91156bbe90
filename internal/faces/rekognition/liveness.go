package rekognition

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"

	"hajir/internal/hajir"
)

// Live is the outcome of a session of Face Liveness.
type Live struct {
	// Done is false for as long as the person is still before the camera.
	Done bool
	// Confidence is how sure Rekognition is, 0..1, that a living person was there.
	Confidence float64
	// Picture is a JPEG of that person, to be identified.
	Picture []byte
}

// BeginLiveness opens a session of Face Liveness, which a client's camera then
// leads with Amplify's detector, and returns its ID. token makes a repeated
// request one session. AWS offers it in some regions alone.
func (r *Recognizer) BeginLiveness(ctx context.Context, token string) (session string, err error) {
	out, err := r.client.CreateFaceLivenessSession(ctx, &rekognition.CreateFaceLivenessSessionInput{
		ClientRequestToken: aws.String(token),
		// The reference picture alone is asked for, and no copies in S3.
		Settings: &types.CreateFaceLivenessSessionRequestSettings{AuditImagesLimit: aws.Int32(0)},
	})
	if err != nil {
		return "", failure(ctx, err)
	}
	return aws.ToString(out.SessionId), nil
}

// EndLiveness returns the outcome of a session. One that has expired, or that is
// not there, is a *hajir.Error with NotFound; one that failed for another reason
// one with FaceNotLive.
func (r *Recognizer) EndLiveness(ctx context.Context, session string) (Live, error) {
	out, err := r.client.GetFaceLivenessSessionResults(ctx, &rekognition.GetFaceLivenessSessionResultsInput{SessionId: aws.String(session)})
	if err != nil {
		return Live{}, failure(ctx, err)
	}
	switch out.Status {
	case types.LivenessSessionStatusCreated, types.LivenessSessionStatusInProgress:
		return Live{}, nil
	case types.LivenessSessionStatusExpired:
		return Live{}, hajir.Errorf(hajir.NotFound, "this session has ended; begin again")
	case types.LivenessSessionStatusSucceeded:
		if out.ReferenceImage == nil || len(out.ReferenceImage.Bytes) == 0 || out.Confidence == nil {
			return Live{}, fmt.Errorf("the session %s succeeded without a picture or a confidence", session)
		}
		return Live{Done: true, Confidence: float64(*out.Confidence) / 100, Picture: out.ReferenceImage.Bytes}, nil
	case types.LivenessSessionStatusFailed:
	}
	return Live{}, hajir.Errorf(hajir.FaceNotLive, "It could not be seen that a living person is there. Begin again, in better light.")
}
