package onnx

import (
	"context"
	"slices"
	"sync"

	"github.com/viterin/vek/vek32"

	"hajir/internal/faces"
)

// gallery is the templates of one version in memory, and a list of all others.
type gallery struct {
	version faces.Version
	dim     int

	mu       sync.RWMutex
	kept     []faces.Indexed // all templates, in the store's order
	rows     []int           // which of kept each row of vectors is
	vectors  []float32       // len(rows) × dim, those of this version
	sketches sketches        // of vectors
}

func newGallery(version faces.Version, dim int) *gallery {
	return &gallery{version: version, dim: dim, sketches: newSketches(dim, 0)}
}

// load replaces everything by list.
func (g *gallery) load(list []faces.Template) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept = make([]faces.Indexed, 0, len(list))
	g.rows = make([]int, 0, len(list))
	g.vectors = make([]float32, 0, len(list)*g.dim)
	g.sketches = newSketches(g.dim, len(list))
	for _, t := range list {
		g.add(t)
	}
}

// add appends t. The caller holds mu.
func (g *gallery) add(t faces.Template) {
	g.kept = append(g.kept, indexed(t))
	if t.Model == g.version.Name && len(t.Vector) == g.dim {
		g.rows = append(g.rows, len(g.kept)-1)
		g.vectors = append(g.vectors, t.Vector...)
		g.sketches.add(t.Vector)
	}
}

// put adds t, replacing what has its username, face id and version.
func (g *gallery) put(t faces.Template) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop(func(k faces.Indexed) bool {
		return k.Username == t.Username && k.FaceID == t.FaceID && k.Model == t.Model
	})
	g.add(t)
}

// remove drops username's templates: those named, or all if none is.
func (g *gallery) remove(username string, faceIDs []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop(func(k faces.Indexed) bool {
		return k.Username == username && (len(faceIDs) == 0 || slices.Contains(faceIDs, k.FaceID))
	})
}

// drop removes what unwanted says, keeping the order. The caller holds mu.
func (g *gallery) drop(unwanted func(faces.Indexed) bool) {
	if !slices.ContainsFunc(g.kept, unwanted) {
		return
	}
	kept, rows, row := g.kept[:0], g.rows[:0], 0
	for i, k := range g.kept {
		has := row < len(g.rows) && g.rows[row] == i
		if !unwanted(k) {
			kept = append(kept, k)
			if has {
				copy(g.vectors[len(rows)*g.dim:], g.vectors[row*g.dim:(row+1)*g.dim])
				g.sketches.move(len(rows), row)
				rows = append(rows, len(kept)-1)
			}
		}
		if has {
			row++
		}
	}
	clear(g.kept[len(kept):])
	clear(g.vectors[len(rows)*g.dim:])
	g.sketches.truncate(len(rows))
	g.kept, g.rows, g.vectors = kept, rows, g.vectors[:len(rows)*g.dim]
}

// compare is Recognizer.Compare, on a copy: it takes long, and must not keep
// anybody from being enrolled meanwhile.
func (g *gallery) compare(ctx context.Context, each func(username, faceID string, people []faces.Candidate) error) error {
	g.mu.RLock()
	vectors := slices.Clone(g.vectors)
	owners := make([]faces.Indexed, len(g.rows))
	for row, i := range g.rows {
		owners[row] = g.kept[i]
	}
	g.mu.RUnlock()

	place := map[string]int{} // of a person in people
	var names []string
	of := make([]int, len(owners))
	for row, o := range owners {
		i, ok := place[o.Username]
		if !ok {
			i = len(names)
			place[o.Username], names = i, append(names, o.Username)
		}
		of[row] = i
	}
	best, people := make([]faces.Candidate, len(names)), make([]faces.Candidate, 0, len(names))
	for row, o := range owners {
		if err := ctx.Err(); err != nil {
			return err
		}
		clear(best)
		v := vectors[row*g.dim : (row+1)*g.dim]
		for other, p := range of {
			if other == row {
				continue
			}
			score := float64(vek32.Dot(v, vectors[other*g.dim:(other+1)*g.dim]))
			if best[p].FaceID == "" || score > best[p].Score {
				best[p] = faces.Candidate{Username: names[p], FaceID: owners[other].FaceID, Score: score, Model: g.version}
			}
		}
		people = people[:0]
		for _, c := range best {
			if c.FaceID != "" {
				people = append(people, c)
			}
		}
		if err := each(o.Username, o.FaceID, people); err != nil {
			return err
		}
	}
	return nil
}

func (g *gallery) list(username string) []faces.Indexed {
	g.mu.RLock()
	defer g.mu.RUnlock()
	list := []faces.Indexed{}
	for _, k := range g.kept {
		if k.Username == username {
			list = append(list, k)
		}
	}
	return list
}

// search returns for each vector the people nearest to it. It reads sketches
// and compares the templates that may be among the nearest: none is missed.
func (g *gallery) search(vectors [][]float32) [][]faces.Candidate { return g.searchAmong(vectors, nil) }

// searchAmong is search among those whom wanted says, if it is there.
func (g *gallery) searchAmong(vectors [][]float32, wanted func(username string) bool) [][]faces.Candidate {
	g.mu.RLock()
	defer g.mu.RUnlock()
	found := make([][]faces.Candidate, len(vectors))
	var buf [1024]int32
	for n, v := range vectors {
		p := newProbe(v)
		for from := 0; from < len(g.rows); from += len(buf) {
			to := min(from+len(buf), len(g.rows))
			for i, dot := range g.sketches.coarse.dots(p, from, to, buf[:]) {
				if c := found[n]; len(c) < faces.MaxCandidates || g.sketches.near(p, from+i, dot, c[len(c)-1].Score) {
					if wanted != nil && !wanted(g.kept[g.rows[from+i]].Username) {
						continue
					}
					found[n] = g.consider(c, v, from+i)
				}
			}
		}
	}
	return found
}

// consider puts the template at row in its place in list, if it belongs there.
func (g *gallery) consider(list []faces.Candidate, v []float32, row int) []faces.Candidate {
	score := float64(vek32.Dot(v, g.vectors[row*g.dim:(row+1)*g.dim]))
	if len(list) == faces.MaxCandidates && score <= list[len(list)-1].Score {
		return list
	}
	k := &g.kept[g.rows[row]]
	return insert(list, faces.Candidate{Username: k.Username, FaceID: k.FaceID, Score: score, Model: g.version})
}

// insert puts c in its place in list, best first, if it belongs there. A person
// is in it once, with their best template; of equals, who was there first stays
// ahead.
func insert(list []faces.Candidate, c faces.Candidate) []faces.Candidate {
	if i := slices.IndexFunc(list, func(o faces.Candidate) bool { return o.Username == c.Username }); i >= 0 {
		if c.Score <= list[i].Score {
			return list
		}
		list = slices.Delete(list, i, i+1)
	}
	at := len(list)
	for at > 0 && c.Score > list[at-1].Score {
		at--
	}
	list = slices.Insert(list, at, c)
	return list[:min(len(list), faces.MaxCandidates)]
}
