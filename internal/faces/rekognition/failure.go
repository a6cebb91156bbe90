package rekognition

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"
	"github.com/aws/smithy-go"

	"hajir/internal/hajir"
)

func isMissing(err error) bool { return codeOf(err) == "ResourceNotFoundException" }
func isThere(err error) bool   { return codeOf(err) == "ResourceAlreadyExistsException" }

// isNoFace says whether Rekognition found no face where it was to search for
// one: it has no error of its own for that. Everything else that this package
// sends is of a form that is known to be taken.
func isNoFace(err error) bool { return codeOf(err) == "InvalidParameterException" }

func codeOf(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

// failure says what Rekognition's error means: first for who waits, and in the
// cause for the operator.
func failure(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("ask Rekognition: %w", ended)
	}
	code := codeOf(err)
	later := func(message, advice string) error {
		return &hajir.Error{Code: hajir.Unavailable, Message: message, Cause: fmt.Errorf("%s: %w", advice, err)}
	}
	const busy = "faces cannot be looked at just now; try again in a moment"
	switch code {
	case "ImageTooLargeException":
		return &hajir.Error{Code: hajir.TooLarge, Message: "The picture is too large. Send a smaller one.", Cause: err}
	case "InvalidImageFormatException":
		return &hajir.Error{Code: hajir.PictureInvalid, Message: "The picture is damaged.", Cause: err}
	case "ProvisionedThroughputExceededException", "ThrottlingException":
		return later(busy, "Rekognition was asked more often than the account's quota allows; ask AWS to raise it")
	case "LimitExceededException", "ServiceQuotaExceededException":
		return later("no more faces can be kept now; tell your administrator", "a quota of Rekognition is used up, such as the faces of a collection; ask AWS to raise it")
	case "AccessDeniedException":
		return later("faces cannot be looked at; tell your administrator", "these credentials may not use Rekognition so; look at AttendanceRekognitionPolicy")
	case "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException", "IncompleteSignature", "InvalidClientTokenId":
		return later("faces cannot be looked at; tell your administrator", "AWS does not know the credentials, or they have expired")
	case "ResourceNotFoundException", "ResourceInUseException", "ConflictException", "ResourceNotReadyException", "ResourceAlreadyExistsException":
		return later(busy, "the collection was changed meanwhile")
	case "SessionNotFoundException":
		return &hajir.Error{Code: hajir.NotFound, Message: "this session has ended; begin again", Cause: err}
	case "InvalidParameterException", "IdempotentParameterMismatchException", "InvalidS3ObjectException", "InvalidPaginationTokenException", "ValidationException":
		return fmt.Errorf("the request to Rekognition was wrong: %w", err) // a fault of ours
	}
	// InternalServerError, a network that does not carry, or something new.
	return later(busy, "Rekognition failed")
}

// unindexed says why Rekognition's quality filter keeps a face out; the reason
// that is easiest to mend comes first.
func unindexed(list []types.UnindexedFace) error {
	if len(list) == 0 {
		return errNoFace("the picture")
	}
	has := func(r types.Reason) bool { return slices.Contains(list[0].Reasons, r) }
	switch {
	case has(types.ReasonExceedsMaxFaces):
		return hajir.Errorf(hajir.FaceSeveral, "There are several people in the picture. Be alone in it.")
	case has(types.ReasonSmallBoundingBox):
		return hajir.Errorf(hajir.FaceSmall, "The face is too small in the picture. Come closer.")
	case has(types.ReasonLowBrightness):
		return hajir.Errorf(hajir.FaceDark, "It is too dark. Turn to the light.")
	case has(types.ReasonExtremePose):
		return hajir.Errorf(hajir.FaceTurned, "The face is turned away. Look straight at the camera.")
	case has(types.ReasonLowSharpness), has(types.ReasonLowFaceQuality):
		return hajir.Errorf(hajir.FaceBlurred, "The face cannot be seen well. Hold still, in even light, with nothing before the face.")
	}
	return errNoFace("the picture") // LOW_CONFIDENCE, and what is new
}

func errKept(reasons []types.UnsuccessfulFaceDeletionReason) error {
	return fmt.Errorf("Rekognition keeps the face: %v", reasons) //nolint:staticcheck // a name
}
