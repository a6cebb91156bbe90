package record

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
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

// Template is how it is stored that a face is kept, beside its sealed vector.
type Template struct {
	Username  string `json:"username"`
	FaceID    string `json:"face_id"`
	Model     string `json:"model"`
	IndexedAt string `json:"indexed_at"` // as TimeFormat has it
}

// StoreTemplate returns f as it is stored.
func StoreTemplate(f faces.Indexed) Template {
	return Template{f.Username, f.FaceID, f.Model, Sortable(f.IndexedAt)}
}

// Load returns what is kept of a face, without what is sealed.
func (doc Template) Load() (faces.Indexed, error) {
	at, err := time.Parse(TimeFormat, doc.IndexedAt)
	if err != nil {
		return faces.Indexed{}, fmt.Errorf("decode template: %w", err)
	}
	return faces.Indexed{Username: doc.Username, FaceID: doc.FaceID, Model: doc.Model, IndexedAt: at}, nil
}

// LeftFace is how a face is stored that could not be changed to a version.
type LeftFace struct {
	Username string     `json:"username"`
	FaceID   string     `json:"face_id"`
	Model    string     `json:"model"`
	Code     hajir.Code `json:"code"`
	At       time.Time  `json:"at"`
}

// StoreLeftFace returns f as it is stored.
func StoreLeftFace(f hajir.LeftFace) LeftFace {
	return LeftFace{f.Username, f.FaceID, f.Model, f.Code, f.At.UTC().Round(0)}
}

// Load returns a face that could not be changed.
func (doc LeftFace) Load(company string) hajir.LeftFace {
	return hajir.LeftFace{Company: company, Username: doc.Username, FaceID: doc.FaceID, Model: doc.Model, Code: doc.Code, At: doc.At}
}
