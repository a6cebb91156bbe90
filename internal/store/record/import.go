package record

import (
	"time"

	"hajir/internal/hajir"
)

// Import is how an import is stored; it may not change with hajir.Import.
type Import struct {
	ID      string           `json:"id"`
	Company string           `json:"company"`
	Kind    hajir.ImportKind `json:"kind"`
	File    string           `json:"file"`
	SHA256  string           `json:"sha256"`
	By      string           `json:"by"`
	Lines   int              `json:"lines"`
	Done    int              `json:"done"`
	New     int              `json:"new"`
	Changed int              `json:"changed"`
	Same    int              `json:"same"`
	Refused int              `json:"refused"`
	BegunAt time.Time        `json:"begun_at"`
	SeenAt  time.Time        `json:"seen_at"`
	EndedAt time.Time        `json:"ended_at,omitzero"`
	Failed  bool             `json:"failed,omitempty"`
}

// StoreImport returns i as it is stored.
func StoreImport(i hajir.Import) Import {
	return Import{
		ID: i.ID, Company: i.Company, Kind: i.Kind, File: i.File, SHA256: i.SHA256, By: i.By, Lines: i.Lines, Done: i.Done,
		New: i.New, Changed: i.Changed, Same: i.Same, Refused: i.Refused,
		BegunAt: i.BegunAt, SeenAt: i.SeenAt, EndedAt: i.EndedAt, Failed: i.Failed,
	}
}

// Load returns an import.
func (doc Import) Load(version int) hajir.Import {
	return hajir.Import{
		ID: doc.ID, Company: doc.Company, Kind: doc.Kind, File: doc.File, SHA256: doc.SHA256, By: doc.By, Lines: doc.Lines, Done: doc.Done,
		New: doc.New, Changed: doc.Changed, Same: doc.Same, Refused: doc.Refused,
		BegunAt: doc.BegunAt, SeenAt: doc.SeenAt, EndedAt: doc.EndedAt, Failed: doc.Failed, Version: version,
	}
}
