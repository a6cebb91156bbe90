package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"hajir/internal/attendance"
	"hajir/internal/config"
	"hajir/internal/hajir"
)

type enrollCmd struct {
	Company        string `required:"" help:"The company's username." env:"HAJIR_COMPANY"`
	ConsentOnPaper bool   `help:"Record that each person who was not asked yet has signed the form that they agree to the recognition of their face. Your name is kept with it."`
	Dir            string `arg:"" type:"existingdir" help:"Pictures named by username (asha.jpg), or folders named by username with several."`
}

// portrait is a picture of an employee.
type portrait struct{ file, username string }

// Run enrols every picture and reports each that was refused. People who have
// not agreed are skipped.
func (cmd *enrollCmd) Run(ctx context.Context, c *config.Config) error {
	pictures, err := findPortraits(cmd.Dir)
	if err != nil {
		return err
	}
	if len(pictures) == 0 {
		return fmt.Errorf("no pictures (jpg, jpeg, png, webp, heic, heif) in %s", cmd.Dir)
	}
	return withApp(ctx, c, func(a *app) error {
		if _, err := a.db.Company(ctx, cmd.Company); err != nil {
			return err
		}
		bar := progress(int64(len(pictures)), "enrolling")
		if cmd.ConsentOnPaper {
			if err := a.recordForms(ctx, cmd.Company, pictures); err != nil {
				return err
			}
		}
		var refused []string
		skipped := 0
		for _, p := range pictures {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("stopped: %w", err)
			}
			if err := a.enrolFile(ctx, cmd.Company, p); err != nil {
				if code := hajir.CodeOf(err); code == hajir.FaceConsent || code == hajir.FaceDeclined {
					skipped++
				}
				refused = append(refused, fmt.Sprintf("%s: %s", p.file, reason(err)))
			}
			_ = bar.Add(1) // it only draws
		}
		finish(bar)
		for _, line := range refused {
			fmt.Println(line)
		}
		fmt.Printf("%d enrolled, %d refused, %d skipped for want of consent\n", len(pictures)-len(refused), len(refused)-skipped, skipped)
		if len(refused) > 0 {
			return fmt.Errorf("%d of %d pictures were not enrolled", len(refused), len(pictures))
		}
		return nil
	})
}

// recordForms records that everybody of whom there are pictures, and who was
// not asked yet, has signed a form. Who said no is not overruled.
func (a *app) recordForms(ctx context.Context, company string, pictures []portrait) error {
	by := operator()
	asked := map[string]bool{}
	for _, p := range pictures {
		if asked[p.username] {
			continue
		}
		asked[p.username] = true
		e, err := a.db.Employee(ctx, p.username)
		if hajir.CodeOf(err) == hajir.NotFound || err == nil && (e.Company != company || e.Consent.State != hajir.ConsentNone) {
			continue // enrolling says what there is to say
		}
		if err != nil {
			return err
		}
		_, err = a.consent.Decide(ctx, company, p.username, hajir.Consent{
			State: hajir.ConsentGiven, TextVersion: hajir.ConsentVersion, Means: hajir.ConsentTerminal, By: by,
		})
		if err != nil {
			return fmt.Errorf("record the consent of %s: %w", p.username, err)
		}
	}
	return nil
}

// operator names who runs the program on this machine.
func operator() string {
	u, err := user.Current()
	if err != nil {
		return "operator"
	}
	return u.Username
}

func (a *app) enrolFile(ctx context.Context, company string, p portrait) error {
	b, err := os.ReadFile(p.file)
	if err != nil {
		return fmt.Errorf("read picture: %w", err)
	}
	_, err = a.picture.Enrol(ctx, company, p.username, b)
	return err
}

// findPortraits lists the pictures in dir and in its folders, in order.
func findPortraits(dir string) ([]portrait, error) {
	var found []portrait
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		parts := strings.Split(rel, string(filepath.Separator))
		if e.IsDir() {
			if len(parts) > 1 {
				return filepath.SkipDir // folders in folders are somebody's albums
			}
			return nil
		}
		ext := strings.ToLower(filepath.Ext(path))
		if !slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}, ext) {
			return nil
		}
		username := parts[0]
		if len(parts) == 1 {
			username = strings.TrimSuffix(username, filepath.Ext(username))
		}
		found = append(found, portrait{file: path, username: strings.ToLower(username)})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read directory: %w", err)
	}
	return found, nil
}

type checkInCmd struct {
	Company string `required:"" help:"The company's username." env:"HAJIR_COMPANY"`
	File    string `arg:"" type:"existingfile" help:"The picture."`
	DryRun  bool   `help:"Decide, but record nothing."`
	JSON    bool   `name:"json" help:"Print the decision as JSON."`
}

// checkInReport is what --json prints.
type checkInReport struct {
	Code      hajir.Code       `json:"code,omitempty"` // why it was refused
	Detail    string           `json:"detail,omitempty"`
	Username  string           `json:"username,omitempty"`
	Name      string           `json:"name,omitempty"`
	Date      string           `json:"date,omitempty"`
	At        string           `json:"at,omitempty"`
	Direction hajir.Direction  `json:"direction,omitempty"`
	Recorded  bool             `json:"recorded"`
	Repeated  bool             `json:"repeated"`
	Score     float64          `json:"score,omitempty"`
	Margin    float64          `json:"margin,omitempty"`
	Threshold float64          `json:"threshold,omitempty"`
	Model     string           `json:"model,omitempty"`
	Faces     []sightingReport `json:"faces"` // everything that was seen, also for a refusal
}

type sightingReport struct {
	Pixels     int               `json:"pixels"`
	Candidates []candidateReport `json:"candidates"`
}

type candidateReport struct {
	Username string  `json:"username"`
	FaceID   string  `json:"face_id"`
	Score    float64 `json:"score"`
}

// Run records who the picture shows. A refusal is printed and is an error.
func (cmd *checkInCmd) Run(ctx context.Context, c *config.Config) error {
	b, err := os.ReadFile(cmd.File)
	if err != nil {
		return fmt.Errorf("read picture: %w", err)
	}
	return withApp(ctx, c, func(a *app) error {
		m, err := a.attendance.CheckIn(ctx, attendance.Attempt{
			Company: cmd.Company, Pictures: [][]byte{b}, Source: hajir.SourceWeb, Place: "hajir check-in", DryRun: cmd.DryRun,
		})
		if cmd.JSON {
			if printed := printReport(m, err); printed != nil {
				return printed
			}
			return err
		}
		if err != nil {
			return err
		}
		fmt.Println(sentence(m.Results[0]))
		return nil
	})
}

func printReport(m attendance.Moment, refusal error) error {
	report := checkInReport{Faces: []sightingReport{}}
	for _, s := range m.Frame.Sightings() {
		seen := sightingReport{Pixels: s.Pixels, Candidates: []candidateReport{}}
		for _, c := range s.Candidates {
			seen.Candidates = append(seen.Candidates, candidateReport{Username: c.Username, FaceID: c.FaceID, Score: c.Score})
		}
		report.Faces = append(report.Faces, seen)
	}
	if refusal != nil {
		report.Code, report.Detail = hajir.CodeOf(refusal), reason(refusal)
		if e, ok := errors.AsType[*hajir.Error](refusal); ok {
			report.Detail = e.Message
		}
	} else {
		r := m.Results[0]
		report.Recorded, report.Repeated = r.Recorded, r.Repeated
		report.Username, report.Name, report.Date = r.Employee.Username, r.Employee.Name, r.Date
		report.At, report.Direction = localTime(r), r.Punch.Direction
		d := r.Punch.Decision
		report.Score, report.Margin, report.Threshold, report.Model = d.Score, d.Margin, d.Threshold, d.Model
	}
	out, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	fmt.Println(string(out))
	return nil
}

func sentence(r attendance.Result) string {
	what := "would be recorded"
	switch {
	case r.Repeated:
		what = "was recorded already"
	case r.Recorded:
		what = "recorded"
	}
	return fmt.Sprintf("%s (%s): %s at %s %s; score %.3f, margin %.3f, threshold %.3f",
		r.Employee.Name, r.Employee.Username, r.Punch.Direction, localTime(r), what,
		r.Punch.Decision.Score, r.Punch.Decision.Margin, r.Punch.Decision.Threshold)
}

func localTime(r attendance.Result) string {
	at := r.Punch.At
	if loc, err := r.Company.Location(); err == nil {
		at = at.In(loc)
	}
	return at.Format("2006-01-02 15:04:05 -07:00")
}
