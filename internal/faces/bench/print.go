package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"hajir/internal/faces/onnx"
)

// write prints r.
func (r Report) write(out io.Writer) error {
	var s strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&s, format, a...) }
	p("model %s: %d pictures of %d people, %d without a face\n\n", r.Model, r.Pictures, r.People, r.WithoutFace)
	p("pairs protocol: %.2f %% ± %.2f accuracy, %d folds, %d pairs\n", 100*r.Pairs.Accuracy, 100*r.Pairs.Spread, r.Pairs.Folds, r.Pairs.Pairs)
	printRates(&s, r.Pairs.Rates)
	p("all pairs of pictures:\n")
	printRates(&s, r.AllPairs)
	id := r.Identification
	p("identification: %d enrolled with one picture, %d probes, %d strangers\n", id.Enrolled, id.Probes, id.Strangers)
	p("  nearest is right   %.1f %%\n", 100*id.First)
	for _, f := range id.Found {
		p("  found %.1f %% at %.1f %% of strangers accepted (threshold %.3f)\n", 100*f.Found, 100*f.Strangers, f.Threshold)
	}
	p("\n")
	r.printThresholds(&s)
	p("\n")
	r.printStages(&s)
	_, err := io.WriteString(out, s.String())
	return err
}

func printRates(s *strings.Builder, rates []Rate) {
	for _, r := range rates {
		fmt.Fprintf(s, "  TAR %.2f %% at FAR %.4g %% (threshold %.3f, %d impostor pairs)\n", 100*r.TAR, 100*r.FAR, r.Threshold, r.Impostors)
	}
}

func (r Report) printThresholds(s *strings.Builder) {
	w := tabwriter.NewWriter(s, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "threshold\tpairs FAR %\tpairs TAR %\tfound %\tmistaken %\tstrangers %\t\n")
	for _, t := range r.Thresholds {
		fmt.Fprintf(w, "%.3f\t%.5f\t%.2f\t%.2f\t%.2f\t%.2f\t\n", t.Threshold, 100*t.FAR, 100*t.TAR, 100*t.Found, 100*t.Mistaken, 100*t.Strangers)
	}
	_ = w.Flush() // a strings.Builder does not fail
}

func (r Report) printStages(s *strings.Builder) {
	w := tabwriter.NewWriter(s, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "ms a picture\tmedian\t95 %\t\n")
	for _, stage := range []onnx.Stage{
		onnx.StageDecode, onnx.StageDetect, onnx.StageDetectRun, onnx.StageLandmarks,
		onnx.StageLandmarksRun, onnx.StageAlign, onnx.StageEmbed, onnx.StageEmbedRun,
	} {
		d := r.Stages[stage]
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t\n", stage, d.Median, d.P95)
	}
	fmt.Fprintf(w, "whole\t%.2f\t%.2f\t\n", r.Whole.Median, r.Whole.P95)
	fmt.Fprintf(w, "model runs\t%.2f\t%.2f\t\n", r.ModelRuns.Median, r.ModelRuns.P95)
	_ = w.Flush() // a strings.Builder does not fail
	fmt.Fprintf(s, "whole / model runs: %.2f\n", r.Overhead)
}

// bar shows how far the work is.
type bar struct {
	out         io.Writer
	now         func() time.Time
	from, shown time.Time
	count       int
	total       int
	err         error
}

func (b *bar) step() {
	b.count++
	now := b.now()
	if b.out == nil || now.Sub(b.shown) < time.Second {
		return
	}
	b.shown = now
	left := now.Sub(b.from) / time.Duration(b.count) * time.Duration(b.total-b.count)
	_, b.err = fmt.Fprintf(b.out, "\r%d of %d pictures, %s left   ", b.count, b.total, left.Round(time.Second))
}

// done clears the line.
func (b *bar) done() error {
	if b.out == nil || b.err != nil {
		return b.err
	}
	_, err := fmt.Fprintf(b.out, "\r%60s\r", "")
	return err
}
