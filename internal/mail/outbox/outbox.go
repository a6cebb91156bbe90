// Package outbox keeps messages as files when no mail server is configured, so
// that an operator can try Hajir or pass links on by hand. Any mail program
// opens the files. Read this file first; it is all there is.
package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/eml"
)

// Outbox writes messages into a directory. It implements mail.Sender.
type Outbox struct {
	dir  string
	from mail.Address
	now  func() time.Time
	log  *slog.Logger
}

var _ mail.Sender = (*Outbox)(nil)

// New returns an outbox of messages from from in dir, which it makes and
// closes to other users of the machine: the links inside are secrets. It
// fails with Invalid if from is no address, or if dir cannot be made.
func New(dir string, from mail.Address, now func() time.Time, log *slog.Logger) (*Outbox, error) {
	if err := mail.ValidateAddress(from); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make outbox: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory must be entered
		return nil, fmt.Errorf("close outbox to others: %w", err)
	}
	return &Outbox{dir: dir, from: from, now: now, log: log}, nil
}

// Send implements mail.Sender. The file's name begins with the time, so that
// a listing shows the latest last. A full or broken disk is an error that is
// not permanent.
func (o *Outbox) Send(ctx context.Context, m mail.Message) error {
	at := o.now().UTC()
	raw, err := eml.Encode(m, o.from, at)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &hajir.Error{Code: hajir.Unavailable, Message: "the message was not kept; try again", Cause: err}
	}
	name := fmt.Sprintf("%s-%s-%s.eml", at.Format("20060102T150405.000000Z"), m.Kind, m.ID)
	if err := write(o.dir, name, raw); err != nil {
		return fmt.Errorf("keep message: %w", err)
	}
	o.log.InfoContext(ctx, "no mail server is configured: kept a message as a file",
		"kind", m.Kind, "domain", mail.Domain(m.To), "file", name)
	return nil
}

// write makes a file that is there whole or not at all.
func write(dir, name string, b []byte) error {
	f, err := os.CreateTemp(dir, ".writing-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already if all went well
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, name))
}
