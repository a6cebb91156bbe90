package onnx

import (
	"context"
	"slices"
	"sync"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

// registers has one register a company.
type registers struct {
	mu sync.Mutex
	m  map[string]*register
}

func (rs *registers) of(company string) *register {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	reg := rs.m[company]
	if reg == nil {
		reg = &register{writing: make(chan struct{}, 1)}
		if rs.m == nil {
			rs.m = map[string]*register{}
		}
		rs.m[company] = reg
	}
	return reg
}

// register is a company's templates in memory, in step with the store: whoever
// changes the store holds lock while doing so. mu guards the fields below it
// and is never held while waiting.
type register struct {
	writing chan struct{}

	mu       sync.RWMutex
	loaded   bool
	loadedAt time.Time
	models   hajir.Models
	// galleries has one for each version that people are looked for in, the
	// preferred one first; and chosen, where there are several, in which of them
	// somebody is looked for.
	galleries []*gallery
	chosen    map[string]int
}

// lock waits for the right to change the store and the register.
func (reg *register) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case reg.writing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (reg *register) unlock() { <-reg.writing }

func (reg *register) fresh(now time.Time, refresh time.Duration) bool {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	return reg.loaded && (refresh <= 0 || now.Sub(reg.loadedAt) < refresh)
}

// load replaces everything. versions has the embedders of a version each, the
// preferred one first.
func (reg *register) load(models hajir.Models, versions []*network, list []faces.Template, now time.Time) {
	galleries := make([]*gallery, len(versions))
	for i, n := range versions {
		galleries[i] = newGallery(n.version(), n.manifest.Dimension)
		galleries[i].load(list)
	}
	reg.mu.Lock()
	defer reg.mu.Unlock()
	reg.models, reg.galleries = models, galleries
	reg.loaded, reg.loadedAt = true, now
	reg.choose()
}

// forget has the next user read the store again.
func (reg *register) forget() {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	reg.loaded = false
}

// choose finds out in which gallery everybody is looked for. The caller holds mu.
func (reg *register) choose() {
	reg.chosen = nil
	if len(reg.galleries) < 2 {
		return
	}
	reg.chosen = map[string]int{}
	people := map[string]*held{}
	for i, g := range reg.galleries {
		for _, row := range g.rows {
			k := &g.kept[row]
			if people[k.Username] == nil {
				people[k.Username] = reg.held()
			}
			people[k.Username].add(i, k.FaceID)
		}
	}
	for username, h := range people {
		reg.chosen[username] = hajir.Choose(h.in, len(h.faces))
	}
}

// chooseFor is choose for one person. The caller holds mu.
func (reg *register) chooseFor(username string) {
	if reg.chosen == nil {
		return
	}
	h := reg.held()
	for i, g := range reg.galleries {
		for _, row := range g.rows {
			if k := &g.kept[row]; k.Username == username {
				h.add(i, k.FaceID)
			}
		}
	}
	if i := hajir.Choose(h.in, len(h.faces)); i >= 0 {
		reg.chosen[username] = i
	} else {
		delete(reg.chosen, username)
	}
}

// held is what is kept of one person: how many faces in each gallery, and which
// faces in all.
type held struct {
	in    []int
	faces map[string]bool
}

func (reg *register) held() *held {
	return &held{in: make([]int, len(reg.galleries)), faces: map[string]bool{}}
}

func (h *held) add(gallery int, faceID string) {
	h.in[gallery]++
	h.faces[faceID] = true
}

// put adds t, replacing what has its username, face id and version.
func (reg *register) put(t faces.Template) {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	for _, g := range reg.galleries {
		g.put(t)
	}
	reg.chooseFor(t.Username)
}

// remove drops username's templates: those named, or all if none is.
func (reg *register) remove(username string, faceIDs []string) {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	for _, g := range reg.galleries {
		g.remove(username, faceIDs)
	}
	reg.chooseFor(username)
}

// list returns username's faces, each once with all its versions, oldest first.
func (reg *register) list(username string) []faces.Indexed {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	list := []faces.Indexed{}
	for _, k := range reg.galleries[0].list(username) { // which lists every version
		i := slices.IndexFunc(list, func(o faces.Indexed) bool { return o.FaceID == k.FaceID })
		if i < 0 {
			k.Versions = []string{k.Model}
			list = append(list, k)
			continue
		}
		list[i].Versions = append(list[i].Versions, k.Model)
		if k.Model == reg.models.Current {
			list[i].Model = k.Model
		}
	}
	slices.SortStableFunc(list, func(a, b faces.Indexed) int { return a.IndexedAt.Compare(b.IndexedAt) })
	return list
}

// needed lists the versions in which somebody is looked for; the preferred one
// when nobody is kept.
func (reg *register) needed() []string {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	if len(reg.galleries) == 1 || len(reg.chosen) == 0 {
		return []string{reg.galleries[0].version.Name}
	}
	used := make([]bool, len(reg.galleries))
	for _, i := range reg.chosen {
		used[i] = true
	}
	var names []string
	for i, g := range reg.galleries {
		if used[i] {
			names = append(names, g.version.Name)
		}
	}
	return names
}

// deciding returns the gallery of the version that decides.
func (reg *register) deciding() *gallery {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	i := slices.IndexFunc(reg.galleries, func(g *gallery) bool { return g.version.Name == reg.models.Current })
	if i < 0 {
		i = len(reg.galleries) - 1 // what stands in for it
	}
	return reg.galleries[i]
}

// search returns for each face the people nearest to it, given its numbers in
// each version that they were computed in.
func (reg *register) search(vectors map[string][][]float32, n int) [][]faces.Candidate {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	found := make([][]faces.Candidate, n)
	for at, g := range reg.galleries {
		in := vectors[g.version.Name]
		if len(in) == 0 {
			continue
		}
		var wanted func(string) bool
		if reg.chosen != nil {
			wanted = func(username string) bool { return reg.chosen[username] == at }
		}
		for i, list := range g.searchAmong(in, wanted) {
			found[i] = hajir.Nearest(faces.MaxCandidates, found[i], list)
		}
	}
	return found
}
