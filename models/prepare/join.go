package main

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// join puts other beside m. Both look at m's input, and m's answer becomes both
// answers, each scaled to length 1, one after the other: the cosine of two such
// answers is the mean of both models' cosines.
func (m *model) join(other *model) error {
	in, out, size, err := m.ends()
	if err != nil {
		return err
	}
	otherIn, otherOut, otherSize, err := other.ends()
	if err != nil {
		return fmt.Errorf("the second model: %w", err)
	}
	graph, err := renamed(m.graph, func(name string) string {
		if name == out {
			return "first." + out
		}
		return name
	})
	if err != nil {
		return err
	}
	beside, err := renamed(other.graph, func(name string) string {
		switch name {
		case "": // an input that is left out
			return ""
		case otherIn:
			return in
		}
		return "second." + name
	})
	if err != nil {
		return err
	}
	for _, f := range beside {
		if f.number == graphNode || f.number == graphInitializer {
			graph = append(graph, f)
		}
	}
	graph = slices.DeleteFunc(graph, func(f field) bool { return f.number == graphOutput })
	graph = append(graph,
		unitLength("first.unit", "first."+out), unitLength("second.unit", "second."+otherOut),
		messageField(graphNode, append(node("Concat", out, "first.unit", "second.unit"), number("axis", 1))),
		valueInfo(graphOutput, out, 1, size+otherSize))
	m.graph = graph
	return nil
}

// unitLength scales the rows of input to length 1.
func unitLength(output, input string) field {
	return messageField(graphNode, append(node("LpNormalization", output, input), number("axis", 1), number("p", 2)))
}

// ends returns the names of a model's one input and one output, and how many
// numbers the output has.
func (m *model) ends() (in, out string, size int32, err error) {
	weights := map[string]bool{}
	for _, b := range m.graph.all(graphInitializer) {
		t, err := parse(b)
		if err != nil {
			return "", "", 0, fmt.Errorf("reading a tensor: %w", err)
		}
		weights[t.text(tensorName)] = true
	}
	var inputs []string
	for _, b := range m.graph.all(graphInput) {
		v, err := parse(b)
		if err != nil {
			return "", "", 0, fmt.Errorf("reading an input: %w", err)
		}
		if name := v.text(valueName); !weights[name] {
			inputs = append(inputs, name)
		}
	}
	outputs := m.graph.all(graphOutput)
	if len(inputs) != 1 || len(outputs) != 1 {
		return "", "", 0, fmt.Errorf("it has %d inputs and %d outputs instead of one each", len(inputs), len(outputs))
	}
	v, err := parse(outputs[0])
	if err != nil {
		return "", "", 0, fmt.Errorf("reading the output: %w", err)
	}
	shape, err := v.shape()
	if err != nil {
		return "", "", 0, fmt.Errorf("reading the output's shape: %w", err)
	}
	if len(shape) != 2 || shape[0] != 1 || shape[1] < 1 || shape[1] > 1<<14 {
		return "", "", 0, fmt.Errorf("its output has the shape %v instead of one row", shape)
	}
	return inputs[0], v.text(valueName), int32(shape[1]), nil //nolint:gosec // at most 1<<14
}

// shape reads the sizes of a value; one that has a name instead counts 0.
func (m message) shape() ([]uint64, error) {
	at := m
	for _, number := range []protowire.Number{valueType, typeTensor, typeShape} {
		inner := at.all(number)
		if len(inner) != 1 {
			return nil, errors.New("it has none")
		}
		var err error
		if at, err = parse(inner[0]); err != nil {
			return nil, err
		}
	}
	var sizes []uint64
	for _, b := range at.all(shapeDim) {
		dim, err := parse(b)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, append(dim.ints(dimValue), 0)[0])
	}
	return sizes, nil
}

// renamed returns a copy of graph with the names of tensors and nodes changed.
func renamed(graph message, to func(string) string) (message, error) {
	names := map[protowire.Number][]protowire.Number{
		graphNode: {nodeInput, nodeOutput, nodeName}, graphInitializer: {tensorName},
		graphInput: {valueName}, graphOutput: {valueName}, graphValue: {valueName},
	}
	out := slices.Clone(graph)
	for i, f := range out {
		if names[f.number] == nil {
			continue
		}
		inner, err := parse(f.value)
		if err != nil {
			return nil, fmt.Errorf("reading the graph: %w", err)
		}
		for j, g := range inner {
			if slices.Contains(names[f.number], g.number) {
				inner[j] = textField(g.number, to(string(g.value)))
			}
		}
		out[i] = messageField(f.number, inner)
	}
	return out, nil
}
