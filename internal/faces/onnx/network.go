package onnx

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	ort "github.com/yalue/onnxruntime_go"

	"hajir/internal/faces"
	"hajir/internal/imaging"
	"hajir/models/manifest"
)

// network is a loaded model. ONNX Runtime lets several goroutines run one
// session, each on its own thread and with its own tensors; see tensors.
type network struct {
	manifest manifest.Manifest
	session  *ort.DynamicAdvancedSession
	input    ort.Shape
	outputs  []ort.Shape
	planes   []imaging.Plane
}

// version is what the domain knows an embedding model by.
func (n *network) version() faces.Version {
	return faces.Version{Name: n.manifest.Name, Threshold: n.manifest.Threshold}
}

// loadNetwork loads the model in dir, which must be for job, and runs it once
// to learn its outputs' shapes.
func loadNetwork(fsys fs.FS, dir string, job manifest.Job) (_ *network, err error) {
	m, err := manifest.Load(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	if m.Job != job && (m.Job != manifest.Earlier || job != manifest.Embedding) {
		return nil, fmt.Errorf("onnx: %s is for %s, not %s", path.Join(dir, manifest.FileName), m.Job, job)
	}
	weights, err := m.Read(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	n := &network{
		manifest: m,
		input:    ort.NewShape(1, int64(m.Input.Channels.Count()), int64(m.Input.Height), int64(m.Input.Width)),
		planes:   planes(m.Input),
	}
	if n.session, err = newSession(weights, m); err != nil {
		return nil, fmt.Errorf("onnx: loading %s: %w", m.Name, err)
	}
	if err := n.learn(); err != nil {
		return nil, fmt.Errorf("onnx: trying %s: %w", m.Name, errors.Join(err, n.destroy()))
	}
	return n, nil
}

// newSession gives every run one thread, the caller's: pictures are worked on
// beside each other, which is the better use of several cores.
func newSession(weights []byte, m manifest.Manifest) (_ *ort.DynamicAdvancedSession, err error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.Destroy()) }()
	err = errors.Join(
		o.SetIntraOpNumThreads(1),
		o.SetInterOpNumThreads(1),
		o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll),
	)
	if err != nil {
		return nil, err
	}
	return ort.NewDynamicAdvancedSessionWithONNXData(weights, []string{m.Input.Name}, m.Outputs, o)
}

// planes tells imaging how to write n's input.
func planes(in *manifest.Input) []imaging.Plane {
	order := map[manifest.Channels][]imaging.Channel{
		manifest.RGB:  {imaging.Red, imaging.Green, imaging.Blue},
		manifest.BGR:  {imaging.Blue, imaging.Green, imaging.Red},
		manifest.Grey: {imaging.Luma},
	}[in.Channels]
	out := make([]imaging.Plane, len(order))
	for i, c := range order {
		f, a := in.Affine(i)
		out[i] = imaging.Plane{Channel: c, Factor: f, Addend: a}
	}
	return out
}

// learn runs the network on zeros and keeps its outputs' shapes.
func (n *network) learn() (err error) {
	in, err := ort.NewEmptyTensor[float32](n.input)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Destroy()) }()
	out := make([]ort.Value, len(n.manifest.Outputs))
	if err := n.session.Run([]ort.Value{in}, out); err != nil {
		return err
	}
	for i, v := range out {
		if _, ok := v.(*ort.Tensor[float32]); !ok {
			err = errors.Join(err, fmt.Errorf("output %s is not of float32", n.manifest.Outputs[i]))
		}
		n.outputs = append(n.outputs, v.GetShape())
		err = errors.Join(err, v.Destroy())
	}
	return err
}

// expect checks how many numbers each output has in its last dimension. One
// that is followed by dimensions of 1 counts without them.
func (n *network) expect(sizes ...int) error {
	if len(n.outputs) != len(sizes) {
		return fmt.Errorf("onnx: %s has %d outputs instead of %d", n.manifest.Name, len(n.outputs), len(sizes))
	}
	for i, size := range sizes {
		s, last := n.outputs[i], int64(1)
		for j := len(s) - 1; j >= 0 && last == 1; j-- {
			last = s[j]
		}
		if last != int64(size) {
			return fmt.Errorf("onnx: %s: output %s has shape %v, and %d numbers are expected", n.manifest.Name, n.manifest.Outputs[i], s, size)
		}
	}
	return nil
}

func (n *network) destroy() error { return n.session.Destroy() }

// tensors are a worker's own input and outputs of a network.
type tensors struct {
	network *network
	target  imaging.Tensor // shares the input's memory
	in      []ort.Value
	out     []ort.Value
	results [][]float32 // share the outputs' memory
}

func (n *network) newTensors() (_ *tensors, err error) {
	t := &tensors{network: n}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.destroy())
		}
	}()
	in, err := ort.NewEmptyTensor[float32](n.input)
	if err != nil {
		return nil, fmt.Errorf("onnx: %s: %w", n.manifest.Name, err)
	}
	t.in = []ort.Value{in}
	t.target = imaging.Tensor{
		Width: n.manifest.Input.Width, Height: n.manifest.Input.Height,
		Data: in.GetData(), Planes: n.planes,
	}
	for _, s := range n.outputs {
		out, err := ort.NewEmptyTensor[float32](s)
		if err != nil {
			return nil, fmt.Errorf("onnx: %s: %w", n.manifest.Name, err)
		}
		t.out = append(t.out, out)
		t.results = append(t.results, out.GetData())
	}
	return t, nil
}

// run computes results from what is in target.
func (t *tensors) run() error {
	if err := t.network.session.Run(t.in, t.out); err != nil {
		return fmt.Errorf("onnx: running %s: %w", t.network.manifest.Name, err)
	}
	return nil
}

func (t *tensors) destroy() error {
	if t == nil {
		return nil
	}
	var errs []error
	for _, v := range t.in {
		errs = append(errs, v.Destroy())
	}
	for _, v := range t.out {
		errs = append(errs, v.Destroy())
	}
	return errors.Join(errs...)
}
