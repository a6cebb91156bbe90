package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Status is what the process that backs up last wrote into its state directory.
type Status struct {
	Place        string    `json:"place"`
	History      string    `json:"history"`
	At           time.Time `json:"at"`            // when this was written
	Safe         time.Time `json:"safe,omitzero"` // everything until then is in the backup
	Error        string    `json:"error,omitempty"`
	FailingSince time.Time `json:"failing_since,omitzero"`
	Pictures     int       `json:"pictures"`
	PictureBytes int64     `json:"picture_bytes"`
	Drill        Drill     `json:"drill,omitzero"`
}

// Drill is how the last restore drill went.
type Drill struct {
	At    time.Time `json:"at,omitzero"`
	To    time.Time `json:"to,omitzero"` // the moment that was restored
	Found string    `json:"found,omitempty"`
	Error string    `json:"error,omitempty"`
}

const (
	statusName = "status.json"
	askName    = "now" // is made by whoever wants everything to be copied now
	statusEach = 10 * time.Second
)

func (b *Backup) statusFile() string { return filepath.Join(b.State, statusName) }

// Lag returns for how long the backup has been behind, while this process runs.
func (b *Backup) Lag() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	from := b.safe
	if from.Before(b.started) {
		from = b.started
	}
	return max(0, b.Now().Sub(from))
}

// Drilled notes how a drill went.
func (b *Backup) Drilled(ctx context.Context, d Drill) {
	b.mu.Lock()
	b.status.Drill = d
	b.mu.Unlock()
	b.write(ctx)
}

// LastDrill returns how the last drill went.
func (b *Backup) LastDrill() Drill {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status.Drill
}

// note keeps how a step went: in the log when that changes, and in the status.
func (b *Backup) note(ctx context.Context, err error) {
	if err != nil && errors.Is(err, context.Canceled) {
		return
	}
	b.mu.Lock()
	was, now := b.status.FailingSince, b.Now()
	b.status.Safe, b.status.Error = b.safe.UTC(), ""
	switch {
	case err == nil:
		b.status.FailingSince = time.Time{}
	case was.IsZero():
		b.status.FailingSince = now.UTC()
	}
	if err != nil {
		b.status.Error = err.Error()
	}
	due := was.IsZero() != (err == nil) || now.Sub(b.saved) >= statusEach
	b.mu.Unlock()
	switch {
	case err != nil && was.IsZero():
		b.Log.ErrorContext(ctx, "the backup fails; it is tried again until it works, and everything else goes on", "error", err)
	case err == nil && !was.IsZero():
		b.Log.InfoContext(ctx, "the backup works again", "failed_since", was)
	}
	if due {
		b.write(ctx)
	}
}

// Noted writes that everything was copied.
func (b *Backup) Noted(ctx context.Context) {
	b.note(ctx, nil)
	b.write(ctx)
}

// write writes the status, which is only told.
func (b *Backup) write(ctx context.Context) {
	b.mu.Lock()
	b.saved = b.Now()
	b.status.At = b.saved.UTC()
	s := b.status
	b.mu.Unlock()
	doc, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		err = writeFile(b.statusFile(), bytes.NewReader(doc))
	}
	if err != nil {
		b.Log.WarnContext(ctx, "the backup's status was not written", "error", err)
	}
}

// ReadStatus returns the status in a state directory; its zero value when nothing
// was ever backed up.
func ReadStatus(state string) Status { return readStatus(filepath.Join(state, statusName)) }

func readStatus(file string) (s Status) {
	b, err := os.ReadFile(file) //nolint:gosec // inside the data directory
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return Status{}
	}
	return s
}

// Ask has the process that backs up copy everything now. Done says whether it
// has.
func Ask(state string) (done func() bool, err error) {
	file := filepath.Join(state, askName)
	if err := writeFile(file, bytes.NewReader(nil)); err != nil {
		return nil, fmt.Errorf("ask for a backup: %w", err)
	}
	return func() bool {
		_, err := os.Stat(file)
		return errors.Is(err, fs.ErrNotExist)
	}, nil
}

// answer copies everything if somebody asks for it.
func (b *Backup) answer(ctx context.Context) error {
	file := filepath.Join(b.State, askName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil // nobody does
	}
	if err := b.Keep(ctx, func() {}); err != nil {
		return err
	}
	b.Noted(ctx)
	if err := os.Remove(file); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}
