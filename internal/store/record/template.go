package record

import (
	"encoding/binary"
	"math"
	"strings"

	"hajir/internal/faces"
)

// TemplateRow is the row that a value is sealed for.
func TemplateRow(t faces.Template) string {
	return strings.Join([]string{"Face_templates", t.Company, t.Username, t.FaceID, t.Model}, "/")
}

// StoreVector writes a vector as little-endian float32, to be sealed.
func StoreVector(vector []float32) []byte {
	b := make([]byte, 0, 4*len(vector))
	for _, v := range vector {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// LoadVector reads what StoreVector wrote.
func LoadVector(b []byte) []float32 {
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}
