package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metricsql"
	"go.yaml.in/yaml/v2"

	"hajir/internal/config"
)

// Everything that the dashboard and the rules of deploy/ ask for is there, in
// expressions that can be parsed.
func TestDeployedExpressions(t *testing.T) {
	w := newWorld(t)
	stop, err := w.backUp(t.Context(), config.Config{Data: filepath.Join(w.dir, "data"), LogLevel: "error", Copies: config.Backup{Days: 35, Fine: 35}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	token := w.company("acme")
	w.want(w.call("GET", "/companies/acme", token, nil), http.StatusOK, "")
	have := map[string]bool{"up": true} // Prometheus has that itself
	for line := range strings.Lines(w.scrape(metricsToken).Body.String()) {
		if name, _, _ := strings.Cut(line, "{"); !strings.HasPrefix(line, "#") {
			name, _, _ = strings.Cut(name, " ")
			have[name] = true
		}
	}
	all := expressions(t)
	if len(all) < 30 {
		t.Fatalf("only %d expressions were found", len(all))
	}
	for where, expression := range all {
		for variable, value := range map[string]string{"$job": ".*", "${datasource}": "x"} {
			expression = strings.ReplaceAll(expression, variable, value)
		}
		e, err := metricsql.Parse(expression)
		if err != nil {
			t.Errorf("%s: %v", where, err)
			continue
		}
		named := 0
		metricsql.VisitAll(e, func(e metricsql.Expr) {
			m, ok := e.(*metricsql.MetricExpr)
			if !ok {
				return
			}
			for _, filters := range m.LabelFilterss {
				for _, f := range filters {
					if f.Label == "__name__" {
						named++
						if !have[f.Value] {
							t.Errorf("%s asks for %s, which is not there", where, f.Value)
						}
					}
				}
			}
		})
		if named == 0 {
			t.Errorf("%s names no metric", where)
		}
	}
}

// expressions are those of the dashboard and of the rules, by where they are.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	b, err := os.ReadFile("../../deploy/grafana/hajir.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &board); err != nil {
		t.Fatal(err)
	}
	for _, p := range board.Panels {
		for i, target := range p.Targets {
			all["panel "+p.Title+string(rune('A'+i))] = target.Expr
		}
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if b, err = os.ReadFile("../../deploy/prometheus/alerts.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, &rules); err != nil {
		t.Fatal(err)
	}
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			if !regexp.MustCompile(`^Hajir[A-Za-z]+$`).MatchString(r.Alert) || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("the rule %q lacks a name, severity, summary or description", r.Alert)
			}
			all["rule "+r.Alert] = r.Expr
		}
	}
	return all
}
