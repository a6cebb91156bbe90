package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	flatbuffers "github.com/google/flatbuffers/go"
	"google.golang.org/protobuf/encoding/protowire"
)

// What is read of TensorFlow Lite's schema, version 3: the places of fields in
// the tables of a FlatBuffer, and values of enumerations.
const (
	tflModelCodes, tflModelGraphs, tflModelBuffers                     = 6, 8, 12
	tflCode                                                            = 4
	tflGraphTensors, tflGraphInputs, tflGraphOutputs, tflGraphOps      = 4, 6, 8, 10
	tflTensorShape, tflTensorType, tflTensorBuffer                     = 4, 6, 8
	tflOpCode, tflOpInputs, tflOpOutputs, tflOpOptions                 = 4, 6, 8, 12
	tflBufferData                                                      = 4
	tflPadding, tflStrideX, tflStrideY                                 = 4, 6, 8
	tflConvActivation, tflConvDilationX, tflConvDilationY              = 10, 12, 14
	tflDepthMultiplier, tflDepthActivation                             = 10, 12
	tflDepthDilationX, tflDepthDilationY                               = 14, 16
	tflSumActivation                                                   = 4
	tflFloat32                                                         = 0
	tflSame                                                            = 0
	tflAdd, tflConv, tflDepthwise, tflMul, tflRelu, tflReshape, tflSub = 0, 3, 4, 18, 19, 22, 41
	tflAbs                                                             = 101
)

// table reads a FlatBuffer's table. It panics where the file is damaged;
// fromTFLite turns that into an error.
type table struct{ flatbuffers.Table }

func (t table) number(slot flatbuffers.VOffsetT, absent int32) int32 {
	if o := t.Offset(slot); o != 0 {
		return t.GetInt32(t.Pos + flatbuffers.UOffsetT(o))
	}
	return absent
}

func (t table) small(slot flatbuffers.VOffsetT) int8 {
	if o := t.Offset(slot); o != 0 {
		return t.GetInt8(t.Pos + flatbuffers.UOffsetT(o))
	}
	return 0
}

func (t table) numbers(slot flatbuffers.VOffsetT) []int32 {
	o := flatbuffers.UOffsetT(t.Offset(slot))
	if o == 0 {
		return nil
	}
	var out []int32
	for i, at := 0, t.Vector(o); i < t.VectorLen(o); i, at = i+1, at+4 {
		out = append(out, t.GetInt32(at))
	}
	return out
}

func (t table) bytes(slot flatbuffers.VOffsetT) []byte {
	o := flatbuffers.UOffsetT(t.Offset(slot))
	if o == 0 {
		return nil
	}
	return t.ByteVector(t.Pos + o)
}

func (t table) tables(slot flatbuffers.VOffsetT) []table {
	o := flatbuffers.UOffsetT(t.Offset(slot))
	if o == 0 {
		return nil
	}
	var out []table
	for i, at := 0, t.Vector(o); i < t.VectorLen(o); i, at = i+1, at+4 {
		out = append(out, table{flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(at)}})
	}
	return out
}

// options are those of an operation; ok is false if it has none.
func (t table) options() (_ table, ok bool) {
	o := t.Offset(tflOpOptions)
	if o == 0 {
		return table{}, false
	}
	var u table
	t.Union(&u.Table, flatbuffers.UOffsetT(o))
	return u, true
}

// lite is a TensorFlow Lite model that is being written as ONNX.
type lite struct {
	codes, tensors, buffers []table
	input, output           int32
	graph                   message
	// TensorFlow Lite has no PReLU: x − |x|, which is −2·Relu(−x), stands in
	// its place. For the tensors that hold |x| and x − |x| these tell x.
	abs, twice map[int32]int32
	minusOnes  map[int]bool
}

// fromTFLite writes a TensorFlow Lite model for one picture as ONNX, opset 9. It
// knows the operations of MobileFaceNet and refuses all others.
func fromTFLite(b []byte) (_ *model, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("not a TensorFlow Lite model: %v", v)
		}
	}()
	if len(b) < 8 || string(b[4:8]) != "TFL3" {
		return nil, errors.New("not a TensorFlow Lite model")
	}
	root := table{flatbuffers.Table{Bytes: b, Pos: flatbuffers.GetUOffsetT(b)}}
	graphs := root.tables(tflModelGraphs)
	if len(graphs) != 1 {
		return nil, fmt.Errorf("it has %d graphs", len(graphs))
	}
	inputs, outputs := graphs[0].numbers(tflGraphInputs), graphs[0].numbers(tflGraphOutputs)
	if len(inputs) != 1 || len(outputs) != 1 {
		return nil, fmt.Errorf("it has %d inputs and %d outputs", len(inputs), len(outputs))
	}
	l := &lite{
		codes: root.tables(tflModelCodes), buffers: root.tables(tflModelBuffers), tensors: graphs[0].tables(tflGraphTensors),
		input: inputs[0], output: outputs[0],
		abs: map[int32]int32{}, twice: map[int32]int32{}, minusOnes: map[int]bool{},
	}
	for i, op := range graphs[0].tables(tflGraphOps) {
		if err := l.add(op); err != nil {
			return nil, fmt.Errorf("operation %d: %w", i, err)
		}
	}
	return l.model()
}

func (l *lite) model() (*model, error) {
	in, out := l.shape(l.input), l.shape(l.output)
	if len(in) != 4 || len(out) != 2 {
		return nil, fmt.Errorf("its input has the shape %v and its output %v", in, out)
	}
	l.graph = append(l.graph,
		textField(graphName, "tflite"),
		valueInfo(graphInput, l.name(l.input), 1, in[3], in[1], in[2]),
		valueInfo(graphOutput, l.name(l.output), 1, out[1]))
	return &model{
		fields: message{
			intField(modelVersion, 7), messageField(modelGraph, nil),
			messageField(modelOpset, message{intField(opsetVersion, 9)}),
		},
		graph: l.graph,
	}, nil
}

func (l *lite) name(tensor int32) string { return fmt.Sprintf("t%d", tensor) }

func (l *lite) shape(tensor int32) []int32 { return l.tensors[tensor].numbers(tflTensorShape) }

// weights are a tensor's numbers, nil if it is computed.
func (l *lite) weights(tensor int32) ([]float32, error) {
	t := l.tensors[tensor]
	b := l.buffers[t.number(tflTensorBuffer, 0)].bytes(tflBufferData)
	if len(b) == 0 {
		return nil, nil
	}
	want := 4
	for _, n := range l.shape(tensor) {
		want *= int(n)
	}
	if t.small(tflTensorType) != tflFloat32 || len(b) != want {
		return nil, fmt.Errorf("tensor %d does not hold float32 of its shape", tensor)
	}
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out, nil
}

func (l *lite) add(op table) error {
	code := l.codes[op.number(tflOpCode, 0)].small(tflCode)
	in, out := op.numbers(tflOpInputs), op.numbers(tflOpOutputs)
	if len(out) != 1 || len(in) < 1 || len(in) > 3 {
		return fmt.Errorf("it has %d inputs and %d outputs", len(in), len(out))
	}
	two := len(in) == 2
	switch y := out[0]; {
	case code == tflConv && len(in) == 3, code == tflDepthwise && len(in) == 3:
		return l.convolution(op, code == tflDepthwise, in, y)
	case code == tflRelu:
		l.graph = append(l.graph, node1("Relu", l.name(y), l.name(in[0])))
	case code == tflAbs:
		l.abs[y] = in[0]
	case code == tflSub && two && l.isAbs(in[1], in[0]):
		l.twice[y] = in[0]
	case code == tflMul && two:
		return l.negativePart(in[0], in[1], y)
	case code == tflAdd && two && plain(op, tflSumActivation):
		l.graph = append(l.graph, node1("Add", l.name(y), l.name(in[0]), l.name(in[1])))
	case code == tflReshape:
		// Of 1 × 1 pixels the order of channels does not matter.
		if s := l.shape(in[0]); len(s) != 4 || s[1] != 1 || s[2] != 1 {
			return fmt.Errorf("it reshapes %v", s)
		}
		l.graph = append(l.graph, node1("Flatten", l.name(y), l.name(in[0])))
	default:
		return fmt.Errorf("code %d with %d inputs is not known", code, len(in))
	}
	return nil
}

func (l *lite) isAbs(tensor, of int32) bool {
	x, ok := l.abs[tensor]
	return ok && x == of
}

// plain reports whether op has no activation function fused into it.
func plain(op table, slot flatbuffers.VOffsetT) bool {
	o, ok := op.options()
	return !ok || o.small(slot) == 0
}

// negativePart writes k·(x − |x|) as −2k·Relu(−x), in the form that splitPReLU
// gives it.
func (l *lite) negativePart(factor, of, y int32) error {
	x, ok := l.twice[of]
	k, err := l.weights(factor)
	if err != nil || !ok || k == nil {
		return errors.Join(err, errors.New("it multiplies something else than PReLU does"))
	}
	n, out := len(k), l.name(y)
	ones := fmt.Sprintf("minus_one.%d", n)
	if !l.minusOnes[n] {
		l.minusOnes[n] = true
		l.graph = append(l.graph, depthwiseWeights(ones, constant(n, -1)))
	}
	for i := range k {
		k[i] *= -2
	}
	l.graph = append(l.graph,
		depthwiseWeights(out+".slope", k),
		depthwise(n, out+".mirrored", l.name(x), ones),
		node1("Relu", out+".negative", out+".mirrored"),
		depthwise(n, out, out+".negative", out+".slope"))
	return nil
}

// convolution has its weights in another order: outputs, height, width, inputs;
// a depthwise one 1, height, width, channels.
func (l *lite) convolution(op table, depthwise bool, in []int32, y int32) error {
	o, ok := op.options()
	s, shape := l.shape(in[1]), l.shape(in[0])
	if !ok || len(s) != 4 || len(shape) != 4 {
		return errors.New("the convolution is not of pictures")
	}
	activation, dilation := o.small(tflConvActivation), [2]int32{o.number(tflConvDilationX, 1), o.number(tflConvDilationY, 1)}
	if depthwise {
		activation, dilation = o.small(tflDepthActivation), [2]int32{o.number(tflDepthDilationX, 1), o.number(tflDepthDilationY, 1)}
		if s[0] != 1 || o.number(tflDepthMultiplier, 0) != 1 {
			return errors.New("the convolution has several outputs a channel")
		}
		s[0], s[3] = s[3], 1
	}
	stride := [2]int32{o.number(tflStrideY, 0), o.number(tflStrideX, 0)}
	if activation != 0 || dilation != [2]int32{1, 1} || stride[0] < 1 || stride[1] < 1 {
		return fmt.Errorf("activation %d, dilation %v or stride %v is not known", activation, dilation, stride)
	}
	w, err := l.weights(in[1])
	bias, biasErr := l.weights(in[2])
	if err := errors.Join(err, biasErr); err != nil || w == nil || len(bias) != int(s[0]) {
		return errors.Join(err, errors.New("the convolution's weights are missing"))
	}
	pads := make([]int32, 4) // top, left, bottom, right
	for i := range 2 {
		if o.small(tflPadding) == tflSame {
			size := shape[1+i]
			all := max(((size+stride[i]-1)/stride[i]-1)*stride[i]+s[1+i]-size, 0)
			pads[i], pads[2+i] = all/2, all-all/2
		}
	}
	group := int32(1)
	if depthwise {
		group = s[0]
	}
	name := l.name(y)
	n := append(node("Conv", name, l.name(in[0]), name+".weights", name+".bias"),
		number("group", group), numbers("kernel_shape", s[1], s[2]), numbers("strides", stride[:]...), numbers("pads", pads...))
	l.graph = append(l.graph,
		floats(name+".weights", channelsFirst(w, s, depthwise), s[0], s[3], s[1], s[2]),
		floats(name+".bias", bias, s[0]),
		messageField(graphNode, n))
	return nil
}

// channelsFirst puts weights into ONNX's order: outputs, inputs, height, width.
// s is outputs, height, width, inputs.
func channelsFirst(w []float32, s []int32, depthwise bool) []float32 {
	outputs, area, inputs := int(s[0]), int(s[1]*s[2]), int(s[3])
	out := make([]float32, 0, len(w))
	for o := range outputs {
		for i := range inputs {
			for at := range area {
				if depthwise {
					out = append(out, w[at*outputs+o])
				} else {
					out = append(out, w[(o*area+at)*inputs+i])
				}
			}
		}
	}
	return out
}

// floats is an initializer of float32.
func floats(name string, w []float32, dims ...int32) field {
	var m message
	for _, d := range dims {
		m = append(m, intField(tensorDims, uint64(d))) //nolint:gosec // a size is not negative
	}
	var raw []byte
	for _, v := range w {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return messageField(graphInitializer, append(m,
		intField(tensorDataType, dataTypeFloat), textField(tensorName, name), field{tensorRaw, protowire.BytesType, raw}))
}
