package onnx

import (
	"context"

	"hajir/internal/faces"
	"hajir/internal/imaging"
)

// Detect finds the faces in picture.
func (r *Recognizer) Detect(ctx context.Context, picture []byte, what ...faces.Measure) (faces.Frame, error) {
	frame, _, err := r.analyse(ctx, picture, nil, nobody, what...)
	return frame, err
}

// Vector finds the faces in picture and returns the embedding of the one that
// choose names by its place in Frame.Faces; none when it names none of them, as
// with -1. It is for measuring; see package bench.
func (r *Recognizer) Vector(ctx context.Context, picture []byte, choose func(faces.Frame) int) (faces.Frame, []float32, error) {
	name := r.embedder.manifest.Name
	frame, vectors, err := r.analyse(ctx, picture, []string{name}, func(f faces.Frame) (from, to int) {
		if i := choose(f); i >= 0 && i < len(f.Faces) {
			return i, i + 1
		}
		return 0, 0
	})
	if err != nil || len(vectors[name]) == 0 {
		return frame, nil, err
	}
	return frame, vectors[name][0], nil
}

func nobody(faces.Frame) (from, to int)      { return 0, 0 }
func everybody(f faces.Frame) (from, to int) { return 0, len(f.Faces) }

// analyse finds the faces in picture and computes the embeddings, of length 1,
// of the range of them that which returns, in each of versions. It measures what
// is asked of every face.
func (r *Recognizer) analyse(ctx context.Context, picture []byte, versions []string, which func(faces.Frame) (from, to int), what ...faces.Measure) (faces.Frame, map[string][][]float32, error) {
	// Decoding counts as a worker's work too, so that no more pictures are in
	// memory than are worked on.
	var w *worker
	err := r.timed(StageQueue, func() (err error) {
		w, err = r.workers.acquire(ctx)
		return err
	})
	if err != nil {
		return faces.Frame{}, nil, err
	}
	defer r.workers.release(w)

	var p *imaging.Picture
	err = r.timed(StageDecode, func() (err error) {
		p, err = r.decoder.Decode(ctx, picture)
		return err
	})
	if err != nil {
		return faces.Frame{}, nil, err
	}
	boxes, err := r.detect(w, p)
	if err != nil {
		return faces.Frame{}, nil, err
	}
	frame := faces.Frame{Width: p.Width, Height: p.Height}
	points := make([][5][2]float64, len(boxes))
	for i, b := range boxes {
		if points[i], err = r.mark(ctx, w, p, b); err != nil {
			return faces.Frame{}, nil, err
		}
		f := face(p, b, points[i])
		if err := r.measure(ctx, w, p, b, points[i], &f, what); err != nil {
			return faces.Frame{}, nil, err
		}
		frame.Faces = append(frame.Faces, f)
	}
	from, to := which(frame)
	vectors := map[string][][]float32{}
	for _, name := range versions {
		for i := from; i < to; i++ {
			v, err := r.embed(ctx, w, p, points[i], r.versions[name])
			if err != nil {
				return faces.Frame{}, nil, err
			}
			vectors[name] = append(vectors[name], v)
		}
	}
	return frame, vectors, nil
}

func (r *Recognizer) detect(w *worker, p *imaging.Picture) ([]box, error) {
	var boxes []box
	err := r.timed(StageDetect, func() error {
		w.fit(p)
		if err := r.timed(StageDetectRun, w.detect.run); err != nil {
			return err
		}
		boxes = w.found(p, r.detector.manifest.Threshold)
		return nil
	})
	return boxes, err
}

// mark finds the five points of the face in b, in pixels. The model looks twice,
// the second time into a mirror, and the middle counts: what it errs by leans to
// one side. On the pairs of LFW that takes accuracy from 99.10 to 99.20 % for
// half a millisecond.
func (r *Recognizer) mark(ctx context.Context, w *worker, p *imaging.Picture, b box) (points [5][2]float64, err error) {
	if err := ctx.Err(); err != nil {
		return points, err
	}
	look := func(crop imaging.Affine) ([5][2]float64, error) {
		err := r.timed(StageLandmarksRun, w.landmark.run)
		return w.points(crop), err
	}
	err = r.timed(StageLandmarks, func() error {
		crop := w.crop(b)
		p.Warp(&w.landmark.target, crop)
		straight, err := look(crop)
		if err != nil {
			return err
		}
		w.landmark.target.Mirror()
		mirror, err := look(w.mirrored(crop))
		points = meet(straight, mirror)
		return err
	})
	return points, err
}

// embed returns the face's numbers, of length 1, by a model. Where its manifest
// says so, the model looks into a mirror, too, and the mean of both answers counts.
func (r *Recognizer) embed(ctx context.Context, w *worker, p *imaging.Picture, points [5][2]float64, by *network) (vector []float32, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in, err := w.tensorsOf(by)
	if err != nil {
		return nil, err
	}
	err = r.timed(StageAlign, func() error {
		m, err := align(points, by.manifest.Alignment)
		if err != nil {
			return err
		}
		p.Warp(&in.target, m)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = r.timed(StageEmbed, func() error {
		if err := r.timed(StageEmbedRun, in.run); err != nil {
			return err
		}
		out := in.results[0]
		if by.manifest.Mirror {
			w.straight = append(w.straight[:0], out...)
			in.target.Mirror()
			if err := r.timed(StageEmbedRun, in.run); err != nil {
				return err
			}
			for i, v := range w.straight {
				out[i] += v
			}
		}
		vector, err = unit(out)
		return err
	})
	return vector, err
}

// face turns pixels into the shares that the port speaks of.
func face(p *imaging.Picture, b box, points [5][2]float64) faces.Face {
	w, h := float64(p.Width), float64(p.Height)
	f := faces.Face{
		Box:    faces.Box{Left: b.x1 / w, Top: b.y1 / h, Width: b.width() / w, Height: b.height() / h},
		Score:  b.score,
		Pixels: int(min(b.width(), b.height())),
	}
	for i, q := range points {
		f.Landmarks[i] = faces.Point{X: q[0] / w, Y: q[1] / h}
	}
	return f
}
