package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	lite "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// maxGroup is how many statements one transaction takes together at most: others
// wait for it.
const maxGroup = 256

// group has statements that come at once committed together. To sync the journal
// takes longer than anything else, and one sync does for all that was written
// before it. Nobody waits for others to come: what waits while the connection
// is busy is done together when it is free.
type group struct {
	mu      sync.Mutex
	waiting []*statement
	leading bool // somebody is at work, and will see to what waits
}

// statement is one that waits to be committed, and what came of it.
type statement struct {
	prepared *sql.Stmt
	args     []any
	result   sql.Result
	err      error
	done     chan struct{}
}

// together runs a statement that stands for itself, with others that come at the
// same time, and returns once it is synced. A statement that fails takes none of
// the others with it. Once it waits it is seen through, whether or not the
// caller's context ends.
func (db *DB) together(ctx context.Context, query string, args []any) (_ sql.Result, err error) {
	end := db.watch.begin(ctx, true)
	defer func() {
		end(err)
		err = storage(err)
	}()
	prepared, kept, err := db.write.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if !kept {
		return db.write.DB.ExecContext(ctx, query, args...) //nolint:gosec // queries are this package's own
	}
	s := &statement{prepared: prepared, args: args, done: make(chan struct{})}
	if db.group.add(s) {
		go db.lead(context.WithoutCancel(ctx))
	}
	<-s.done
	return s.result, s.err
}

// lead commits what waits, until nothing does.
func (db *DB) lead(ctx context.Context) {
	for db.group.goesOn() {
		tx, err := db.write.BeginTx(ctx, nil) // meanwhile more come
		all := db.group.take()
		if err == nil {
			err = commit(ctx, tx, all)
		}
		for _, s := range all {
			if err != nil && s.err == nil {
				s.result, s.err = nil, err
			}
			close(s.done)
		}
	}
}

// add has s wait, and says whether nobody is at work, so that the caller has to
// see to it.
func (g *group) add(s *statement) (lead bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	lead = !g.leading
	g.leading = true
	g.waiting = append(g.waiting, s)
	return lead
}

// goesOn says whether anything waits; if not, nobody is at work from now on.
func (g *group) goesOn() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leading = len(g.waiting) > 0
	return g.leading
}

// take takes what waits, as much as is done at once.
func (g *group) take() []*statement {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), maxGroup)
	all := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	return all
}

// commit runs statements in a transaction. What it returns is said of all of
// them that did not fail by themselves.
func commit(ctx context.Context, tx *sql.Tx, all []*statement) error {
	for _, s := range all {
		s.result, s.err = tx.StmtContext(ctx, s.prepared).ExecContext(ctx, s.args...) //nolint:sqlclosecheck // the transaction closes it
		if s.err == nil || onlyThis(s.err) {
			continue
		}
		// SQLite may have undone all of the transaction. Each is done anew by
		// itself, which tells whose fault it is.
		_ = tx.Rollback() // there may be nothing left to undo
		for _, s := range all {
			s.result, s.err = s.prepared.ExecContext(ctx, s.args...)
		}
		return nil
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// onlyThis says whether an error undid its own statement and nothing else.
func onlyThis(err error) bool {
	e, ok := errors.AsType[*lite.Error](err)
	return ok && e.Code()&0xff == codes.SQLITE_CONSTRAINT
}
