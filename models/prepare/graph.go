package main

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// The field numbers of onnx.proto that prepare touches.
const (
	modelVersion protowire.Number = 1
	modelGraph   protowire.Number = 7
	modelOpset   protowire.Number = 8

	opsetVersion protowire.Number = 2

	graphNode        protowire.Number = 1
	graphName        protowire.Number = 2
	graphInitializer protowire.Number = 5
	graphInput       protowire.Number = 11
	graphOutput      protowire.Number = 12
	graphValue       protowire.Number = 13

	valueName protowire.Number = 1
	valueType protowire.Number = 2

	typeTensor  protowire.Number = 1
	typeElement protowire.Number = 1 // of the tensor
	typeShape   protowire.Number = 2
	shapeDim    protowire.Number = 1
	dimValue    protowire.Number = 1

	nodeInput     protowire.Number = 1
	nodeOutput    protowire.Number = 2
	nodeName      protowire.Number = 3
	nodeOpType    protowire.Number = 4
	nodeAttribute protowire.Number = 5

	attributeName protowire.Number = 1
	attributeInt  protowire.Number = 3
	attributeInts protowire.Number = 8
	attributeType protowire.Number = 20

	tensorDims     protowire.Number = 1
	tensorDataType protowire.Number = 2
	tensorFloats   protowire.Number = 4
	tensorName     protowire.Number = 8
	tensorRaw      protowire.Number = 9
)

// Values of onnx.proto's enumerations.
const (
	dataTypeFloat     = 1
	attributeTypeInt  = 2
	attributeTypeInts = 7
)

// field is one field of a message. value is its content: for BytesType without
// the length, for the others as on the wire.
type field struct {
	number protowire.Number
	kind   protowire.Type
	value  []byte
}

// message is a message's fields in their order. Editing the wire format keeps
// every field that prepare does not know, and needs no generated code.
type message []field

// parse splits b into fields, which share its memory.
func parse(b []byte) (message, error) {
	var m message
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return nil, fmt.Errorf("reading a tag: %w", protowire.ParseError(n))
		}
		b = b[n:]
		n = protowire.ConsumeFieldValue(number, kind, b)
		if n < 0 {
			return nil, fmt.Errorf("reading field %d: %w", number, protowire.ParseError(n))
		}
		value := b[:n]
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		m = append(m, field{number, kind, value})
		b = b[n:]
	}
	return m, nil
}

func (m message) encode() []byte {
	var b []byte
	for _, f := range m {
		b = protowire.AppendTag(b, f.number, f.kind)
		if f.kind == protowire.BytesType {
			b = protowire.AppendBytes(b, f.value)
		} else {
			b = append(b, f.value...)
		}
	}
	return b
}

// all returns the contents of the fields with number.
func (m message) all(number protowire.Number) [][]byte {
	var values [][]byte
	for _, f := range m {
		if f.number == number {
			values = append(values, f.value)
		}
	}
	return values
}

// text returns the first field with number as a string, "" if there is none.
func (m message) text(number protowire.Number) string {
	for _, f := range m {
		if f.number == number {
			return string(f.value)
		}
	}
	return ""
}

// ints returns a repeated integer field, packed or not.
func (m message) ints(number protowire.Number) []uint64 {
	var values []uint64
	for _, f := range m {
		if f.number != number {
			continue
		}
		for b := f.value; len(b) > 0; {
			v, n := protowire.ConsumeVarint(b)
			if n < 0 {
				return nil
			}
			values = append(values, v)
			b = b[n:]
		}
	}
	return values
}

func textField(number protowire.Number, s string) field {
	return field{number, protowire.BytesType, []byte(s)}
}

func intField(number protowire.Number, v uint64) field {
	return field{number, protowire.VarintType, protowire.AppendVarint(nil, v)}
}

func messageField(number protowire.Number, m message) field {
	return field{number, protowire.BytesType, m.encode()}
}

// number and numbers are attributes of a node.
func number(name string, v int32) field {
	return messageField(nodeAttribute, message{
		textField(attributeName, name),
		intField(attributeInt, uint64(v)), //nolint:gosec // none is negative
		intField(attributeType, attributeTypeInt),
	})
}

func numbers(name string, values ...int32) field {
	a := message{textField(attributeName, name)}
	for _, v := range values {
		a = append(a, intField(attributeInts, uint64(v))) //nolint:gosec // none is negative
	}
	return messageField(nodeAttribute, append(a, intField(attributeType, attributeTypeInts)))
}

// valueInfo describes an input or output of float32.
func valueInfo(kind protowire.Number, name string, sizes ...int32) field {
	var shape message
	for _, n := range sizes {
		shape = append(shape, messageField(shapeDim, message{intField(dimValue, uint64(n))})) //nolint:gosec // a size is not negative
	}
	tensor := message{intField(typeElement, dataTypeFloat), messageField(typeShape, shape)}
	return messageField(kind, message{
		textField(valueName, name), messageField(valueType, message{messageField(typeTensor, tensor)}),
	})
}

// model is an ONNX model whose graph has been taken apart.
type model struct {
	fields message
	graph  message
}

func parseModel(b []byte) (*model, error) {
	fields, err := parse(b)
	if err != nil {
		return nil, fmt.Errorf("not an ONNX model: %w", err)
	}
	graphs := fields.all(modelGraph)
	if len(graphs) != 1 {
		return nil, fmt.Errorf("not an ONNX model: it has %d graphs", len(graphs))
	}
	graph, err := parse(graphs[0])
	if err != nil {
		return nil, fmt.Errorf("not an ONNX model: its graph: %w", err)
	}
	return &model{fields, graph}, nil
}

func (m *model) encode() []byte {
	out := make(message, len(m.fields))
	copy(out, m.fields)
	for i, f := range out {
		if f.number == modelGraph {
			out[i] = messageField(modelGraph, m.graph)
		}
	}
	return out.encode()
}
