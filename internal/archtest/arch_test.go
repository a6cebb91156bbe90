// Package archtest holds the code to the import rules of docs/architecture.md.
package archtest

import (
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

const internal = "hajir/internal/"

// features are the functions' rooms, of which none imports another.
var features = []string{"presignup", "company", "employee", "attendance", "picture", "slack", "questions"}

// adapters are named by the folder of their port.
var ports = []string{"store", "faces", "identity", "mail"}

// onAWS are what may know AWS.
var onAWS = []string{
	internal + "keyring/awskms", internal + "objects", internal + "faces/rekognition", internal + "mail/ses", internal + "lambdaapi",
	internal + "store/dynamodb",
}

func load(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard", "hajir/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 100 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

// room returns the first folder below internal/, and the rest.
func room(importPath string) (first, rest string) {
	below, ok := strings.CutPrefix(importPath, internal)
	if !ok {
		return "", ""
	}
	first, rest, _ = strings.Cut(below, "/")
	return first, rest
}

func isAdapter(importPath string) bool {
	first, rest := room(importPath)
	return slices.Contains(ports, first) && rest != "" && !isSuite(importPath)
}

func isSuite(importPath string) bool { return strings.HasSuffix(path.Base(importPath), "test") }

func TestImports(t *testing.T) {
	all := load(t)
	standard := map[string]bool{}
	for _, p := range all {
		standard[p.ImportPath] = p.Standard
	}
	seen := 0
	for _, p := range all {
		from, _ := room(p.ImportPath)
		if from == "" || isSuite(p.ImportPath) {
			continue
		}
		seen++
		for _, i := range p.Imports {
			to, _ := room(i)
			switch {
			case from == "hajir" && !standard[i]:
				t.Errorf("the domain imports %s", i)
			case slices.Contains(features, from) && slices.Contains(features, to):
				t.Errorf("the feature %s imports the feature %s", from, to)
			case slices.Contains(features, from) && isAdapter(i):
				t.Errorf("the feature %s imports the adapter %s", from, i)
			case isAdapter(p.ImportPath) && (slices.Contains(features, to) || to == "api" || to == "server"):
				t.Errorf("the adapter %s imports %s", p.ImportPath, i)
			case strings.HasPrefix(i, "github.com/aws/") && !slices.Contains(onAWS, p.ImportPath):
				t.Errorf("%s imports %s, which only the adapters for AWS do", p.ImportPath, i)
			case isSuite(i):
				t.Errorf("%s imports the test suite %s", p.ImportPath, i)
			}
		}
	}
	if seen < 10 {
		t.Fatalf("only %d packages were looked at", seen)
	}
}

// What a program may not link, whoever imports it.
func TestLinks(t *testing.T) {
	banned := map[string][]string{
		"hajir/cmd/hajir": {
			"testing", // of AWS, KMS, S3 and SES alone, and what finds their credentials
			"github.com/aws/aws-sdk-go-v2/service/dynamodb",
			"github.com/aws/aws-sdk-go-v2/service/rekognition", "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider",
			"github.com/aws/aws-lambda-go/",
		},
		"hajir/internal/hajir": {"net/http", "database/sql"},
	}
	for _, p := range onAWS { // the Lambda artefact links them, and stays lean
		banned[p] = []string{"modernc.org/", "github.com/yalue/", "hajir/internal/store/sqlite", "hajir/internal/faces/onnx", "testing"}
	}
	for _, p := range load(t) {
		for _, b := range banned[p.ImportPath] {
			for _, d := range p.Deps {
				if d == b || strings.HasSuffix(b, "/") && strings.HasPrefix(d, b) {
					t.Errorf("%s links %s", p.ImportPath, d)
				}
			}
		}
	}
}
