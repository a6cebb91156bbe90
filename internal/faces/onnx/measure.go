package onnx

import (
	"context"
	"math"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

// measure fills in of f, the face in b, what is asked for.
func (r *Recognizer) measure(ctx context.Context, w *worker, p *imaging.Picture, b box, points [5][2]float64, f *faces.Face, what []faces.Measure) error {
	for _, m := range what {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		switch m {
		case faces.MeasureQuality:
			err = r.timed(StageQuality, func() error {
				f.Quality, err = w.quality(p, points)
				return err
			})
		case faces.MeasureLiveness:
			err = r.timed(StageLiveness, func() error {
				t := &w.live.target
				p.Warp(t, around(t, p, b))
				if err := w.live.run(); err != nil {
					return err
				}
				f.Liveness = &softmax(w.live.results[0])[0]
				return nil
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// quality measures the face with the five points given, in pixels.
func (w *worker) quality(p *imaging.Picture, points [5][2]float64) (hajir.Quality, error) {
	m, err := align(points, greyPoints)
	if err != nil {
		return hajir.Quality{}, err
	}
	p.Warp(&w.grey, m)
	q := hajir.Quality{Measured: true, Sharpness: sharpness(w.grey.Data, greySide)}
	q.Brightness, q.Dark, q.Bright = light(w.grey.Data)
	q.Yaw, q.Pitch, q.Roll = pose(points)
	q.Aspect = aspect(points)
	for _, eye := range points[:2] {
		p.Warp(&w.eye.target, eyeSquare(&w.eye.target, points, eye))
		if err := w.eye.run(); err != nil {
			return q, err
		}
		q.EyesOpen = max(q.EyesOpen, softmax(w.eye.results[0])[1])
	}
	return q, nil
}

// greySide is the side of the aligned grey face that light and sharpness are
// measured on, and greyPoints is where its eyes, nose and mouth then are (those
// of ArcFace, which embedding models share): a third of the picture lies
// between the eyes, and there is next to no background.
const greySide = 112

var greyPoints = [][2]float64{{38.29, 51.70}, {73.53, 51.50}, {56.03, 71.74}, {41.55, 92.37}, {70.73, 92.20}}

func newGrey() imaging.Tensor {
	return imaging.Tensor{
		Width: greySide, Height: greySide, Data: make([]float32, greySide*greySide),
		Planes: []imaging.Plane{{Channel: imaging.Luma, Factor: 1}},
	}
}

// light measures the aligned grey face: its mean, and the shares that are next
// to black and to white.
func light(grey []float32) (mean, dark, bright float64) {
	for _, v := range grey {
		mean += float64(v)
		switch {
		case v < 20:
			dark++
		case v > 250:
			bright++
		}
	}
	n := float64(len(grey))
	return mean / n / 255, dark / n, bright / n
}

// sharpness returns the variance of the Laplacian (4 neighbours) of a grey
// square, in squared grey levels.
func sharpness(grey []float32, side int) float64 {
	var sum, squares, n float64
	for y := 1; y < side-1; y++ {
		for x := 1; x < side-1; x++ {
			i := y*side + x
			l := float64(grey[i-1] + grey[i+1] + grey[i-side] + grey[i+side] - 4*grey[i])
			sum += l
			squares += l * l
			n++
		}
	}
	mean := sum / n
	return squares/n - mean*mean
}

// Of a face that looks straight, noseRest is how far down from the eyes to the
// mouth its nose is; noseYaw and nosePitch are how far its tip stands out, in
// distances of the eyes and from eyes to mouth. On 1,384 pictures of LFW the angles
// agree with a head-pose network (fr_pose.onnx, 6 MB, 5 ms) with a correlation of
// 0.97 for yaw and 0.80 for pitch, so that network is not needed.
const (
	noseRest  = 0.55
	noseYaw   = 0.6
	nosePitch = 0.5
)

// pose returns in degrees how far a head is turned: positive are yaw to the
// picture's right, pitch downwards, and roll clockwise.
func pose(points [5][2]float64) (yaw, pitch, roll float64) {
	between := func(a, b [2]float64) [2]float64 { return [2]float64{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2} }
	dx, dy := points[1][0]-points[0][0], points[1][1]-points[0][1]
	eyes := math.Hypot(dx, dy)
	if eyes == 0 {
		return 90, 90, 90 // there is no telling
	}
	turn := math.Atan2(dy, dx)
	sin, cos := math.Sincos(turn)
	upright := func(p [2]float64) [2]float64 { return [2]float64{cos*p[0] + sin*p[1], cos*p[1] - sin*p[0]} }
	top, nose, bottom := upright(between(points[0], points[1])), upright(points[2]), upright(between(points[3], points[4]))
	height := bottom[1] - top[1]
	if height <= 0 {
		return 90, 90, turn * 180 / math.Pi
	}
	down := (nose[1] - top[1]) / height
	aside := nose[0] - (top[0] + down*(bottom[0]-top[0]))
	return math.Atan(aside/eyes/noseYaw) * 180 / math.Pi, math.Atan((down-noseRest)/nosePitch) * 180 / math.Pi, turn * 180 / math.Pi
}

// aspect returns how far apart the eyes are, in distances from them to the mouth,
// square to the line of the eyes; 0 when the mouth is not below.
func aspect(points [5][2]float64) float64 {
	dx, dy := points[1][0]-points[0][0], points[1][1]-points[0][1]
	mx := (points[3][0] + points[4][0] - points[0][0] - points[1][0]) / 2
	my := (points[3][1] + points[4][1] - points[0][1] - points[1][1]) / 2
	if below := dx*my - dy*mx; below > 0 {
		return (dx*dx + dy*dy) / below
	}
	return 0
}

// eyeSide is the side of the square around an eye, in distances of the eyes:
// 1.6 times an eye's width, which is 0.476 of the distance.
const eyeSide = 0.76

// eyeSquare returns the map from the eye model's input to the picture: a square
// around eye, level with both eyes.
func eyeSquare(t *imaging.Tensor, points [5][2]float64, eye [2]float64) imaging.Affine {
	k := eyeSide / float64(t.Width)
	dx, dy := k*(points[1][0]-points[0][0]), k*(points[1][1]-points[0][1])
	half := float64(t.Width) / 2
	return imaging.Affine{
		XX: dx, XY: -dy, X0: eye[0] - half*(dx-dy),
		YX: dy, YY: dx, Y0: eye[1] - half*(dx+dy),
	}
}

// liveScale is how much wider and higher than the face the part of the picture
// is that liveness is judged by: hands, edges and screens are around the face.
const liveScale = 2.7

// around returns the map from the liveness model's input to the picture: the
// box made liveScale times as large, or as large as fits, and moved into the
// picture.
func around(t *imaging.Tensor, p *imaging.Picture, b box) imaging.Affine {
	w, h := float64(p.Width), float64(p.Height)
	scale := min(liveScale, w/b.width(), h/b.height())
	width, height := scale*b.width(), scale*b.height()
	left := min(max((b.x1+b.x2-width)/2, 0), w-width)
	top := min(max((b.y1+b.y2-height)/2, 0), h-height)
	return imaging.Affine{XX: width / float64(t.Width), X0: left, YY: height / float64(t.Height), Y0: top}
}

// softmax returns the share of each logit.
func softmax(logits []float32) []float64 {
	out, sum := make([]float64, len(logits)), 0.0
	most := logits[0]
	for _, v := range logits {
		most = max(most, v)
	}
	for i, v := range logits {
		out[i] = math.Exp(float64(v - most))
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
