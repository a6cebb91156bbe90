package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	flatbuffers "github.com/google/flatbuffers/go"

	"hajir/models/manifest"
)

// liteTensor is one of liteModel's; without values it is computed.
type liteTensor struct {
	shape  []int32
	values []float32
}

// liteModel is a TensorFlow Lite model of a convolution (2×2, stride 2, on 3×3
// pixels, so that a row and a column are padded at the end), a PReLU as that
// format writes it, a depthwise convolution and a reshape.
func liteModel() []byte {
	b := flatbuffers.NewBuilder(0)
	tensors := []liteTensor{
		0:  {shape: []int32{1, 3, 3, 2}},
		1:  {[]int32{2, 2, 2, 2}, []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
		2:  {[]int32{2}, []float32{0.5, -0.5}},
		3:  {shape: []int32{1, 2, 2, 2}}, // x
		4:  {shape: []int32{1, 2, 2, 2}}, // Relu(x)
		5:  {shape: []int32{1, 2, 2, 2}}, // |x|
		6:  {shape: []int32{1, 2, 2, 2}}, // x − |x|
		7:  {[]int32{2}, []float32{0.125, 0.25}},
		8:  {shape: []int32{1, 2, 2, 2}},
		9:  {shape: []int32{1, 2, 2, 2}},
		10: {[]int32{1, 2, 2, 2}, []float32{0, 1, 2, 3, 4, 5, 6, 7}},
		11: {[]int32{2}, []float32{0, 0}},
		12: {shape: []int32{1, 1, 1, 2}},
		13: {shape: []int32{1, 2}},
	}
	var buffers, described []flatbuffers.UOffsetT
	for i, t := range tensors {
		var raw []byte
		for _, v := range t.values {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		}
		data := b.CreateByteVector(raw)
		b.StartObject(1)
		b.PrependUOffsetTSlot(0, data, 0)
		buffers = append(buffers, b.EndObject())
		shape := liteNumbers(b, t.shape...)
		b.StartObject(3)
		b.PrependUOffsetTSlot(0, shape, 0)
		b.PrependUint32Slot(2, uint32(i), 0)
		described = append(described, b.EndObject())
	}
	codes := []int8{tflConv, tflRelu, tflAbs, tflSub, tflMul, tflAdd, tflDepthwise, tflReshape}
	var named []flatbuffers.UOffsetT
	for _, c := range codes {
		b.StartObject(1)
		b.PrependInt8Slot(0, c, 0)
		named = append(named, b.EndObject())
	}
	convolution := func(padding int8, stride int32, depthwise bool) flatbuffers.UOffsetT {
		b.StartObject(7)
		b.PrependInt8Slot(0, padding, 0)
		b.PrependInt32Slot(1, stride, 0)
		b.PrependInt32Slot(2, stride, 0)
		if depthwise {
			b.PrependInt32Slot(3, 1, 0)
		}
		return b.EndObject()
	}
	var ops []flatbuffers.UOffsetT
	for i, op := range []struct {
		in      []int32
		out     int32
		options flatbuffers.UOffsetT
	}{
		{[]int32{0, 1, 2}, 3, convolution(0, 2, false)},
		{[]int32{3}, 4, 0},
		{[]int32{3}, 5, 0},
		{[]int32{3, 5}, 6, 0},
		{[]int32{7, 6}, 8, 0},
		{[]int32{4, 8}, 9, 0},
		{[]int32{9, 10, 11}, 12, convolution(1, 1, true)},
		{[]int32{12}, 13, 0},
	} {
		in, out := liteNumbers(b, op.in...), liteNumbers(b, op.out)
		b.StartObject(5)
		b.PrependUint32Slot(0, uint32(i), 0)
		b.PrependUOffsetTSlot(1, in, 0)
		b.PrependUOffsetTSlot(2, out, 0)
		b.PrependUOffsetTSlot(4, op.options, 0)
		ops = append(ops, b.EndObject())
	}
	in, out := liteNumbers(b, 0), liteNumbers(b, 13)
	allTensors, allOps := liteTables(b, described), liteTables(b, ops)
	b.StartObject(4)
	b.PrependUOffsetTSlot(0, allTensors, 0)
	b.PrependUOffsetTSlot(1, in, 0)
	b.PrependUOffsetTSlot(2, out, 0)
	b.PrependUOffsetTSlot(3, allOps, 0)
	graphs := liteTables(b, []flatbuffers.UOffsetT{b.EndObject()})
	allCodes, allBuffers := liteTables(b, named), liteTables(b, buffers)
	b.StartObject(5)
	b.PrependUOffsetTSlot(1, allCodes, 0)
	b.PrependUOffsetTSlot(2, graphs, 0)
	b.PrependUOffsetTSlot(4, allBuffers, 0)
	b.FinishWithFileIdentifier(b.EndObject(), []byte("TFL3"))
	return b.FinishedBytes()
}

func liteNumbers(b *flatbuffers.Builder, values ...int32) flatbuffers.UOffsetT {
	b.StartVector(4, len(values), 4)
	for _, v := range slices.Backward(values) {
		b.PrependInt32(v)
	}
	return b.EndVector(len(values))
}

func liteTables(b *flatbuffers.Builder, tables []flatbuffers.UOffsetT) flatbuffers.UOffsetT {
	return b.CreateVectorOfTables(tables)
}

// written lists a model's nodes and weights.
func written(t *testing.T, b []byte) string {
	t.Helper()
	m, err := parseModel(b)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range m.graph {
		switch f.number { //nolint:exhaustive // what else a graph has is not listed
		case graphNode:
			n, err := parse(f.value)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s = %s(%s)", n.text(nodeOutput), n.text(nodeOpType), strings.Join(texts(n.all(nodeInput)), ", "))
			for _, a := range n.all(nodeAttribute) {
				a, err := parse(a)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&out, " %s%v", a.text(attributeName), append(a.ints(attributeInt), a.ints(attributeInts)...))
			}
			out.WriteString("\n")
		case graphInitializer:
			w, err := parse(f.value)
			if err != nil {
				t.Fatal(err)
			}
			raw := w.all(tensorRaw)[0]
			var values []float32
			for i := 0; i < len(raw); i += 4 {
				values = append(values, math.Float32frombits(binary.LittleEndian.Uint32(raw[i:])))
			}
			fmt.Fprintf(&out, "%s %v %v\n", w.text(tensorName), w.ints(tensorDims), values)
		}
	}
	return out.String()
}

func texts(b [][]byte) []string {
	var out []string
	for _, s := range b {
		out = append(out, string(s))
	}
	return out
}

func TestFromTFLite(t *testing.T) {
	b, err := change(liteModel(), manifest.FromTFLite)
	if err != nil {
		t.Fatal(err)
	}
	const want = `t3.weights [2 2 2 2] [0 2 4 6 1 3 5 7 8 10 12 14 9 11 13 15]
t3.bias [2] [0.5 -0.5]
t3 = Conv(t0, t3.weights, t3.bias) group[1] kernel_shape[2 2] strides[2 2] pads[0 0 1 1]
t4 = Relu(t3)
minus_one.2 [2 1 1 1] [-1 -1]
t8.slope [2 1 1 1] [-0.25 -0.5]
t8.mirrored = Conv(t3, minus_one.2) group[2] kernel_shape[1 1]
t8.negative = Relu(t8.mirrored)
t8 = Conv(t8.negative, t8.slope) group[2] kernel_shape[1 1]
t9 = Add(t4, t8)
t12.weights [2 1 2 2] [0 2 4 6 1 3 5 7]
t12.bias [2] [0 0]
t12 = Conv(t9, t12.weights, t12.bias) group[2] kernel_shape[2 2] strides[1 1] pads[0 0 0 0]
t13 = Flatten(t12)
`
	if got := written(t, b); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestFromTFLiteRefuses(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"an ONNX model": func([]byte) []byte { return onnx(node1("Relu", "y", "x")) },
		"nothing":       func([]byte) []byte { return nil },
		"half of it":    func(b []byte) []byte { return b[:len(b)/2] },
	} {
		if _, err := change(damage(liteModel()), manifest.FromTFLite); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestJoin(t *testing.T) {
	lite, err := change(liteModel(), manifest.FromTFLite)
	if err != nil {
		t.Fatal(err)
	}
	first := onnx(valueInfo(graphInput, "input", 1, 2, 3, 3), node1("Flatten", "output", "input"), valueInfo(graphOutput, "output", 1, 18))
	b, err := joined(first, lite)
	if err != nil {
		t.Fatal(err)
	}
	got := written(t, b)
	for _, want := range []string{
		"first.output = Flatten(input)\n",
		"second.t3 = Conv(input, second.t3.weights, second.t3.bias)",
		"second.t13 = Flatten(second.t12)\n",
		"first.unit = LpNormalization(first.output) axis[1] p[2]\n",
		"second.unit = LpNormalization(second.t13) axis[1] p[2]\n",
		"output = Concat(first.unit, second.unit) axis[1]\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	m, err := parseModel(b)
	if err != nil {
		t.Fatal(err)
	}
	if in, out, size, err := m.ends(); in != "input" || out != "output" || size != 20 || err != nil {
		t.Errorf("from %s to %d numbers in %s, %v", in, size, out, err)
	}
	if _, err := joined(first, onnx(node1("Relu", "y", "x"))); err == nil {
		t.Error("a model without an output is joined")
	}
}
