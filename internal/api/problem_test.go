package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hajir/internal/hajir"
)

// Every code that the domain declares has a status, and none that it does not.
func TestEveryCodeHasAStatus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "hajir", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	declared := map[hajir.Code]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, ok := spec.Type.(*ast.Ident)
			value, isText := spec.Values[0].(*ast.BasicLit)
			if ok && isText && kind.Name == "Code" {
				code, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				declared[hajir.Code(code)] = true
			}
			return true
		})
	}
	if len(declared) < 15 {
		t.Fatalf("only %d codes were found", len(declared))
	}
	for code := range declared {
		if statuses[code] == 0 {
			t.Errorf("code %s has no status", code)
		}
	}
	for code := range statuses {
		if !declared[code] {
			t.Errorf("status for %s, which the domain does not declare", code)
		}
	}
}
