package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// picture is one picture of one person.
type picture struct {
	person string
	path   string
	vector []float32 // nil when no face was found
}

// pair is a line of pairs.txt: indexes of pictures.
type pair struct {
	a, b int
	same bool
}

// set is a folder of pictures.
type set struct {
	pictures []picture
	people   map[string][]int // indexes of pictures, by name
	folds    [][]pair
}

// open lists dir/images and reads dir/pairs.txt.
func open(dir string) (*set, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "images", "*", "*.jpg"))
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("bench: no pictures named images/NAME/NAME_0001.jpg in %s", dir)
	}
	slices.Sort(paths)
	s := &set{people: map[string][]int{}}
	byName := map[string]int{}
	for i, path := range paths {
		person := filepath.Base(filepath.Dir(path))
		s.pictures = append(s.pictures, picture{person: person, path: path})
		s.people[person] = append(s.people[person], i)
		byName[strings.TrimSuffix(filepath.Base(path), ".jpg")] = i
	}
	f, err := os.Open(filepath.Join(dir, "pairs.txt")) //nolint:gosec // the operator names the folder
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if s.folds, err = readPairs(bufio.NewScanner(f), byName); err != nil {
		return nil, fmt.Errorf("bench: pairs.txt: %w", err)
	}
	return s, err
}

// readPairs reads the standard protocol: a header "FOLDS N", then for each fold
// N lines "NAME i j" of one person and N lines "NAME1 i NAME2 j" of two.
func readPairs(lines *bufio.Scanner, byName map[string]int) ([][]pair, error) {
	lines.Scan()
	var folds, n int
	if _, err := fmt.Sscan(lines.Text(), &folds, &n); err != nil || folds < 2 || n < 1 {
		return nil, fmt.Errorf("the first line must give the folds, at least 2, and the pairs of each, and is %q", lines.Text())
	}
	all := make([][]pair, folds)
	for fold := range all {
		for range 2 * n {
			if !lines.Scan() {
				return nil, errors.Join(fmt.Errorf("it ends in fold %d", fold+1), lines.Err())
			}
			p, err := readPair(strings.Fields(lines.Text()), byName)
			if err != nil {
				return nil, fmt.Errorf("fold %d, line %q: %w", fold+1, lines.Text(), err)
			}
			all[fold] = append(all[fold], p)
		}
	}
	return all, nil
}

func readPair(f []string, byName map[string]int) (pair, error) {
	switch len(f) {
	case 3:
		f = []string{f[0], f[1], f[0], f[2]}
	case 4:
	default:
		return pair{}, errors.New("neither 3 nor 4 words")
	}
	a, errA := lookUp(f[0], f[1], byName)
	b, errB := lookUp(f[2], f[3], byName)
	return pair{a, b, f[0] == f[2]}, errors.Join(errA, errB)
}

func lookUp(name, number string, byName map[string]int) (int, error) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0, err
	}
	i, ok := byName[fmt.Sprintf("%s_%04d", name, n)]
	if !ok {
		return 0, fmt.Errorf("there is no picture %d of %s", n, name)
	}
	return i, nil
}
