package bench

import (
	"maps"
	"slices"
)

// Identification is the result of the identification protocol: of each person
// with several pictures the first enrols and the others are searched for; who
// has one picture is a stranger.
type Identification struct {
	Enrolled  int     `json:"enrolled"`
	Probes    int     `json:"probes"`
	Strangers int     `json:"strangers"`
	First     float64 `json:"first"` // probes whose nearest template is the right person's
	Found     []Found `json:"found"`
}

// Found is the share of probes found as the right person at the threshold at
// which a share of strangers is accepted as somebody.
type Found struct {
	Strangers float64 `json:"strangers"`
	Found     float64 `json:"found"`
	Threshold float64 `json:"threshold"`
}

// identified are the nearest templates' scores.
type identified struct {
	enrolled           int
	right, wrong       []float64 // of probes: nearest to the right person, or to another
	strangers          []float64
	faceless, unknowns int // probes and strangers without a face
}

func (s *set) identify() identified {
	var id identified
	var enrolled []int
	var probes, strangers []int
	for _, name := range slices.Sorted(maps.Keys(s.people)) {
		pictures := s.people[name]
		if len(pictures) == 1 {
			strangers = append(strangers, pictures[0])
			continue
		}
		enrolled = append(enrolled, pictures[0])
		probes = append(probes, pictures[1:]...)
	}
	id.enrolled = len(enrolled)
	nearest := func(probe int) (who int, score float64) {
		score = noFace
		for _, e := range enrolled {
			if v := s.score(probe, e); v > score {
				who, score = e, v
			}
		}
		return who, score
	}
	for _, p := range probes {
		who, score := nearest(p)
		switch {
		case s.pictures[p].vector == nil:
			id.faceless++
		case s.pictures[who].person == s.pictures[p].person:
			id.right = append(id.right, score)
		default:
			id.wrong = append(id.wrong, score)
		}
	}
	for _, p := range strangers {
		if s.pictures[p].vector == nil {
			id.unknowns++
			continue
		}
		_, score := nearest(p)
		id.strangers = append(id.strangers, score)
	}
	slices.Sort(id.right)
	slices.Sort(id.wrong)
	slices.Sort(id.strangers)
	return id
}

func (id identified) probes() int { return len(id.right) + len(id.wrong) + id.faceless }

// share is how much of all reaches t, of sorted scores.
func share(sorted []float64, t float64, all int) float64 {
	if all == 0 {
		return 0
	}
	i, _ := slices.BinarySearch(sorted, t)
	return float64(len(sorted)-i) / float64(all)
}

func (id identified) summary() Identification {
	out := Identification{
		Enrolled: id.enrolled, Probes: id.probes(), Strangers: len(id.strangers) + id.unknowns,
		First: share(id.right, noFace, id.probes()),
	}
	for _, r := range rates(id.right, id.strangers, 1e-2, 1e-3) {
		out.Found = append(out.Found, Found{Strangers: r.FAR, Threshold: r.Threshold, Found: share(id.right, r.Threshold, id.probes())})
	}
	return out
}

// Point is what a threshold does.
type Point struct {
	Threshold float64 `json:"threshold"`
	FAR       float64 `json:"far"`       // of all pairs of two people
	TAR       float64 `json:"tar"`       // of all pairs of one person
	Found     float64 `json:"found"`     // probes found as the right person
	Mistaken  float64 `json:"mistaken"`  // probes found as another person
	Strangers float64 `json:"strangers"` // strangers accepted as somebody
}

// curve tells what thresholds from 0.2 to 0.7 do. same and different are sorted.
func curve(same, different []float64, id identified) []Point {
	var out []Point
	for i := range 21 {
		t := 0.2 + float64(i)*0.025
		out = append(out, Point{
			Threshold: t,
			FAR:       share(different, t, len(different)), TAR: share(same, t, len(same)),
			Found: share(id.right, t, id.probes()), Mistaken: share(id.wrong, t, id.probes()),
			Strangers: share(id.strangers, t, len(id.strangers)+id.unknowns),
		})
	}
	return out
}
