package rekognition

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// most is how many faces Rekognition lists, searches and deletes at once.
const most = 4096

// Index implements faces.Recognizer. Beyond what accept refuses, Rekognition's
// quality filter does.
func (r *Recognizer) Index(ctx context.Context, company, username, faceID string, picture []byte, accept func(faces.Frame) error, _ ...faces.Measure) (faces.Indexed, error) {
	v, err := r.look(ctx, picture)
	if err != nil {
		return faces.Indexed{}, err
	}
	if err := r.search(ctx, company, &v); err != nil {
		return faces.Indexed{}, err
	}
	if err := accept(v.Frame); err != nil {
		return faces.Indexed{}, err
	}
	return r.keep(ctx, company, kept{username: username, faceID: faceID, at: r.config.Now()}, v)
}

// keep indexes the largest face of a picture. What was kept under its name goes
// after that, so that there is never none.
func (r *Recognizer) keep(ctx context.Context, company string, k kept, v view) (faces.Indexed, error) {
	if len(v.Faces) == 0 {
		return faces.Indexed{}, errNoFace("the picture")
	}
	p, err := v.crop(v.Faces[0].Box, roomy)
	if err != nil {
		return faces.Indexed{}, err
	}
	input := &rekognition.IndexFacesInput{
		CollectionId: r.collection(company), Image: &types.Image{Bytes: p.bytes}, ExternalImageId: aws.String(k.name()),
		MaxFaces: aws.Int32(1), QualityFilter: types.QualityFilterAuto,
	}
	out, err := r.client.IndexFaces(ctx, input)
	if isMissing(err) {
		if _, err = r.client.CreateCollection(ctx, &rekognition.CreateCollectionInput{CollectionId: input.CollectionId}); err == nil || isThere(err) {
			out, err = r.client.IndexFaces(ctx, input)
		}
	}
	if err != nil {
		return faces.Indexed{}, failure(ctx, err)
	}
	if len(out.FaceRecords) == 0 {
		return faces.Indexed{}, unindexed(out.UnindexedFaces)
	}
	var old []string
	err = r.each(ctx, company, func(rekognitionID string, o kept) {
		isNew := slices.ContainsFunc(out.FaceRecords, func(f types.FaceRecord) bool { return f.Face != nil && aws.ToString(f.Face.FaceId) == rekognitionID })
		if o.username == k.username && o.faceID == k.faceID && !isNew {
			old = append(old, rekognitionID)
		}
	})
	if err == nil {
		err = r.delete(ctx, company, old)
	}
	return r.indexed(k), err
}

func (r *Recognizer) indexed(k kept) faces.Indexed {
	return faces.Indexed{FaceID: k.faceID, Username: k.username, Model: ModelName, Versions: []string{ModelName}, IndexedAt: k.at}
}

// Renew implements faces.Recognizer.
func (r *Recognizer) Renew(ctx context.Context, company, username, faceID string, picture []byte) error {
	v, err := r.look(ctx, picture)
	if err != nil {
		return err
	}
	list, err := r.List(ctx, company, username)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(f faces.Indexed) bool { return f.FaceID == faceID })
	if i < 0 {
		return hajir.Errorf(hajir.NotFound, "This face is no longer kept.")
	}
	_, err = r.keep(ctx, company, kept{username: username, faceID: faceID, at: list[i].IndexedAt}, v)
	return err
}

// each calls visit with every face of company, and what Rekognition calls it.
func (r *Recognizer) each(ctx context.Context, company string, visit func(rekognitionID string, k kept)) error {
	pages := rekognition.NewListFacesPaginator(r.client, &rekognition.ListFacesInput{
		CollectionId: r.collection(company), MaxResults: aws.Int32(most),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return failure(ctx, err)
		}
		for _, f := range page.Faces {
			if k, ok := readName(&f); ok {
				visit(aws.ToString(f.FaceId), k)
			}
		}
	}
	return nil
}

// List implements faces.Recognizer.
func (r *Recognizer) List(ctx context.Context, company, username string) ([]faces.Indexed, error) {
	newest := map[string]kept{} // a face that is being replaced is there twice
	err := r.each(ctx, company, func(_ string, k kept) {
		if k.username == username && !k.at.Before(newest[k.faceID].at) {
			newest[k.faceID] = k
		}
	})
	var list []faces.Indexed
	for _, k := range newest {
		list = append(list, r.indexed(k))
	}
	slices.SortFunc(list, func(a, b faces.Indexed) int {
		return cmp.Or(a.IndexedAt.Compare(b.IndexedAt), cmp.Compare(a.FaceID, b.FaceID))
	})
	return list, err
}

// Remove implements faces.Recognizer.
func (r *Recognizer) Remove(ctx context.Context, company, username string, faceIDs ...string) error {
	var gone []string
	err := r.each(ctx, company, func(rekognitionID string, k kept) {
		if k.username == username && (len(faceIDs) == 0 || slices.Contains(faceIDs, k.faceID)) {
			gone = append(gone, rekognitionID)
		}
	})
	if err != nil {
		return err
	}
	return r.delete(ctx, company, gone)
}

// delete deletes faces by what Rekognition calls them.
func (r *Recognizer) delete(ctx context.Context, company string, ids []string) error {
	for some := range slices.Chunk(ids, most) {
		out, err := r.client.DeleteFaces(ctx, &rekognition.DeleteFacesInput{CollectionId: r.collection(company), FaceIds: some})
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return failure(ctx, err)
		}
		for _, f := range out.UnsuccessfulFaceDeletions {
			if !slices.Equal(f.Reasons, []types.UnsuccessfulFaceDeletionReason{types.UnsuccessfulFaceDeletionReasonFaceNotFound}) {
				return &hajir.Error{Code: hajir.Unavailable, Message: "a face could not be deleted; try again", Cause: errKept(f.Reasons)}
			}
		}
	}
	return nil
}

// Compare implements faces.Recognizer. It asks Rekognition once for each face.
func (r *Recognizer) Compare(ctx context.Context, company string, each func(username, faceID string, people []faces.Candidate) error) error {
	type named struct {
		id string
		kept
	}
	var all []named
	if err := r.each(ctx, company, func(id string, k kept) { all = append(all, named{id, k}) }); err != nil {
		return err
	}
	for _, n := range all {
		out, err := r.client.SearchFaces(ctx, &rekognition.SearchFacesInput{
			CollectionId: r.collection(company), FaceId: aws.String(n.id), FaceMatchThreshold: aws.Float32(0), MaxFaces: aws.Int32(most),
		})
		if err != nil {
			return failure(ctx, err)
		}
		if err := each(n.username, n.faceID, r.nearest(out.FaceMatches, n.username, n.faceID)); err != nil {
			return err
		}
	}
	return nil
}

// Drop deletes what company has: its collection, with every face. A company
// without one is no error.
func (r *Recognizer) Drop(ctx context.Context, company string) error {
	_, err := r.client.DeleteCollection(ctx, &rekognition.DeleteCollectionInput{CollectionId: r.collection(company)})
	if err != nil && !isMissing(err) {
		return failure(ctx, err)
	}
	return nil
}

// kept is a face by its name in a collection: whose it is, and since when it is
// there.
type kept struct {
	username, faceID string
	at               time.Time
}
