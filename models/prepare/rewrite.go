package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// tiny is the size below which a weight is written as zero. A float32 turns
// subnormal at 1.2e-38, and so do products of weights well above that.
const tiny = 1e-20

// zeroTiny writes every weight below tiny as zero.
func (m *model) zeroTiny() error {
	for i, f := range m.graph {
		if f.number != graphInitializer {
			continue
		}
		t, err := parse(f.value)
		if err != nil {
			return fmt.Errorf("reading a tensor: %w", err)
		}
		if !isFloat(t) {
			continue
		}
		for j := range t {
			if t[j].number != tensorRaw && t[j].number != tensorFloats {
				continue
			}
			if t[j].value, err = zeroed(t[j].value); err != nil {
				return fmt.Errorf("tensor %s: %w", t.text(tensorName), err)
			}
		}
		m.graph[i] = messageField(graphInitializer, t)
	}
	return nil
}

func isFloat(tensor message) bool {
	kind := tensor.ints(tensorDataType)
	return len(kind) == 1 && kind[0] == dataTypeFloat
}

// zeroed returns a copy of b, little-endian float32, without tiny numbers.
func zeroed(b []byte) ([]byte, error) {
	if len(b)%4 != 0 {
		return nil, errors.New("its data is cut off")
	}
	out := make([]byte, len(b))
	copy(out, b)
	for i := 0; i < len(out); i += 4 {
		v := math.Float32frombits(binary.LittleEndian.Uint32(out[i:]))
		if v > -tiny && v < tiny {
			clear(out[i : i+4])
		}
	}
	return out, nil
}

// splitPReLU writes each PReLU between convolutions as Relu(x) − s·Relu(−x).
// Both factors are 1×1 depthwise convolutions, which ONNX Runtime keeps in its
// blocked layout and fuses with what follows; a PReLU makes it reorder the
// layout there and back.
func (m *model) splitPReLU() error {
	slopes, err := m.slopes()
	if err != nil {
		return err
	}
	var graph message
	minusOnes := map[int]bool{}
	replaced := map[string]bool{}
	for _, f := range m.graph {
		if f.number != graphNode {
			graph = append(graph, f)
			continue
		}
		node, err := parse(f.value)
		if err != nil {
			return fmt.Errorf("reading a node: %w", err)
		}
		in := node.all(nodeInput)
		if node.text(nodeOpType) != "PRelu" || len(in) != 2 || slopes[string(in[1])] == nil {
			graph = append(graph, f)
			continue
		}
		x, slope, y := string(in[0]), string(in[1]), node.text(nodeOutput)
		s := slopes[slope]
		ones := fmt.Sprintf("hajir.minus_one.%d", len(s))
		if !minusOnes[len(s)] {
			minusOnes[len(s)] = true
			graph = append(graph, depthwiseWeights(ones, constant(len(s), -1)))
		}
		if !replaced[slope] {
			replaced[slope] = true
			graph = append(graph, depthwiseWeights(slope+".negated", negated(s)))
		}
		graph = append(graph,
			node1("Relu", y+".positive", x),
			depthwise(len(s), y+".mirrored", x, ones),
			node1("Relu", y+".negative", y+".mirrored"),
			depthwise(len(s), y+".scaled", y+".negative", slope+".negated"),
			node1("Add", y, y+".positive", y+".scaled"),
		)
	}
	m.graph = graph
	return m.drop(replaced)
}

// slopes returns the initializers that can be a PReLU's slope for each channel:
// float32 of shape channels × 1 × 1.
func (m *model) slopes() (map[string][]float32, error) {
	found := map[string][]float32{}
	for _, b := range m.graph.all(graphInitializer) {
		t, err := parse(b)
		if err != nil {
			return nil, fmt.Errorf("reading a tensor: %w", err)
		}
		dims, raw := t.ints(tensorDims), t.all(tensorRaw)
		if !isFloat(t) || len(dims) != 3 || dims[1] != 1 || dims[2] != 1 || len(raw) != 1 || uint64(len(raw[0])) != 4*dims[0] {
			continue
		}
		s := make([]float32, dims[0])
		for i := range s {
			s[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[0][4*i:]))
		}
		found[t.text(tensorName)] = s
	}
	return found, nil
}

// drop removes the initializers named.
func (m *model) drop(names map[string]bool) error {
	var kept message
	for _, f := range m.graph {
		if f.number == graphInitializer {
			t, err := parse(f.value)
			if err != nil {
				return fmt.Errorf("reading a tensor: %w", err)
			}
			if names[t.text(tensorName)] {
				continue
			}
		}
		kept = append(kept, f)
	}
	m.graph = kept
	return nil
}

func constant(n int, v float32) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func negated(s []float32) []float32 {
	out := make([]float32, len(s))
	for i, v := range s {
		out[i] = -v
	}
	return out
}

// depthwiseWeights is an initializer of shape channels × 1 × 1 × 1.
func depthwiseWeights(name string, w []float32) field {
	return floats(name, w, int32(len(w)), 1, 1, 1) //nolint:gosec // a model has fewer channels
}

// node1 is a node with one output, without attributes.
func node1(op, output string, inputs ...string) field {
	return messageField(graphNode, node(op, output, inputs...))
}

func node(op, output string, inputs ...string) message {
	var n message
	for _, in := range inputs {
		n = append(n, textField(nodeInput, in))
	}
	return append(n, textField(nodeOutput, output), textField(nodeName, output), textField(nodeOpType, op))
}

// depthwise is a 1×1 convolution with a group a channel.
func depthwise(channels int, output, input, weights string) field {
	return messageField(graphNode, append(node("Conv", output, input, weights),
		number("group", int32(channels)), numbers("kernel_shape", 1, 1))) //nolint:gosec // a model has fewer channels
}
