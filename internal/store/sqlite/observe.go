package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lite "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"hajir/internal/hajir"
)

// Call is what became of one query or transaction.
type Call struct {
	Method string // of DB that made it
	Write  bool
	Took   time.Duration // with the time that it waited for others
	// Failed says that the database is at fault, and Busy that it was because
	// others kept it locked for too long.
	Failed, Busy bool
}

// Observe has every query and transaction told to f, which is called by several
// goroutines. It is called before the database is used.
func (db *DB) Observe(f func(context.Context, Call)) { db.watch.tell = f }

// Writing returns how many transactions are at work or wait for their turn.
func (db *DB) Writing() int {
	db.watch.mu.Lock()
	defer db.watch.mu.Unlock()
	return db.watch.writing
}

// watch times what is done with a database.
type watch struct {
	tell func(context.Context, Call)

	mu      sync.Mutex
	writing int
}

// begin times a call; the caller says with which error it ended.
func (w *watch) begin(ctx context.Context, write bool) (end func(error)) {
	if write {
		w.count(1)
	}
	if w.tell == nil {
		return func(error) {
			if write {
				w.count(-1)
			}
		}
	}
	method, from := caller(), time.Now() //nolint:forbidigo // a duration is no moment
	return func(err error) {
		if write {
			w.count(-1)
		}
		c := Call{Method: method, Write: write, Took: time.Since(from)}
		if ctx.Err() == nil {
			c.Failed, c.Busy = fault(err)
		}
		w.tell(ctx, c)
	}
}

func (w *watch) count(n int) {
	w.mu.Lock()
	w.writing += n
	w.mu.Unlock()
}

// fault says whether err is the database's, and not about a record.
func fault(err error) (failed, busy bool) {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return false, false
	}
	e, ok := errors.AsType[*lite.Error](err)
	if !ok {
		_, ours := errors.AsType[*hajir.Error](err)
		return !ours, false
	}
	switch code := e.Code() & 0xff; code {
	case codes.SQLITE_CONSTRAINT: // a record that is there already
		return false, false
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return true, true
	}
	return true, false
}

// storage turns a failure of the disk below the database into one that says so:
// whoever asked can do nothing about it, and has to know that nothing was kept.
func storage(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*hajir.Error](err); ok {
		return err
	}
	e, ok := errors.AsType[*lite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() & 0xff {
	case codes.SQLITE_FULL:
		return hajir.StorageFullError(err)
	case codes.SQLITE_IOERR, codes.SQLITE_READONLY, codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB, codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		return hajir.StorageFailedError(err)
	}
	return err
}

// methods remembers which method of DB a place in the program belongs to, "" for
// none: looking it up takes longer than a query.
var methods sync.Map

// caller returns the exported method of DB that called begin. The names of the
// methods are what operators know; 200 of them need not say it themselves.
func caller() string {
	var places [16]uintptr
	for _, pc := range places[:runtime.Callers(3, places[:])] {
		name, known := methods.Load(pc)
		if !known {
			name = methodAt(pc)
			methods.Store(pc, name)
		}
		if name != "" {
			return name.(string) //nolint:forcetypeassert,errcheck // nothing else is stored
		}
	}
	return "other"
}

func methodAt(pc uintptr) string {
	frames := runtime.CallersFrames([]uintptr{pc})
	for {
		frame, more := frames.Next()
		if _, name, ok := strings.Cut(frame.Function, "/sqlite.(*DB)."); ok {
			name, _, _ = strings.Cut(name, ".") // what follows is a closure
			if name != "" && name[0] >= 'A' && name[0] <= 'Z' {
				return name
			}
		}
		if !more {
			return ""
		}
	}
}

// maxPrepared bounds how many statements a connection keeps prepared. The program
// has some 300; queries that are put together as somebody wishes make more.
const maxPrepared = 512

// connection is a *sql.DB whose queries are timed, with the reading of what they
// return, and prepared once: to compile a query takes longer than most take to run.
type connection struct {
	*sql.DB
	watch *watch
	write bool

	statements sync.Map // *sql.Stmt by query
	count      atomic.Int32
}

// prepared returns a statement that is kept; none when there are enough of them.
func (c *connection) prepared(ctx context.Context, query string) (s *sql.Stmt, kept bool, err error) {
	if s, ok := c.statements.Load(query); ok {
		return s.(*sql.Stmt), true, nil //nolint:forcetypeassert,errcheck // nothing else is stored
	}
	if c.count.Add(1) > maxPrepared {
		c.count.Add(-1)
		return nil, false, nil
	}
	s, err = c.PrepareContext(ctx, query) //nolint:gosec // queries are this package's own
	if err != nil {
		c.count.Add(-1)
		return nil, false, err
	}
	if other, known := c.statements.LoadOrStore(query, s); known { // another one was as quick
		c.count.Add(-1)
		_ = s.Close()                       //nolint:sqlclosecheck // it is not used
		return other.(*sql.Stmt), true, nil //nolint:forcetypeassert,errcheck // nothing else is stored
	}
	return s, true, nil
}

// QueryRowContext is sql.DB's.
func (c *connection) QueryRowContext(ctx context.Context, query string, args ...any) row {
	end := c.watch.begin(ctx, c.write)
	s, kept, err := c.prepared(ctx, query) //nolint:sqlclosecheck // it is kept
	if err != nil {
		end(err)
		return failedRow{storage(err)}
	}
	if !kept {
		return timedRow{c.DB.QueryRowContext(ctx, query, args...), end}
	}
	return timedRow{s.QueryRowContext(ctx, args...), end}
}

// failedRow is of a query that could not be made.
type failedRow struct{ err error }

// Scan returns why.
func (r failedRow) Scan(...any) error { return r.err }

// QueryContext is sql.DB's.
func (c *connection) QueryContext(ctx context.Context, query string, args ...any) (*timedRows, error) {
	end := c.watch.begin(ctx, c.write)
	rows, err := c.rows(ctx, query, args) //nolint:rowserrcheck // the caller does
	if err != nil {
		end(err)
		return nil, storage(err)
	}
	return &timedRows{Rows: rows, end: end}, nil
}

func (c *connection) rows(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	s, kept, err := c.prepared(ctx, query) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return nil, err
	}
	if !kept {
		return c.DB.QueryContext(ctx, query, args...)
	}
	return s.QueryContext(ctx, args...)
}

// ExecContext is sql.DB's.
func (c *connection) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	end := c.watch.begin(ctx, c.write)
	res, err := c.DB.ExecContext(ctx, query, args...) //nolint:gosec // queries are this package's own
	end(err)
	return res, storage(err)
}

type timedRow struct {
	*sql.Row
	end func(error)
}

// Scan is sql.Row's, and ends the query.
func (r timedRow) Scan(into ...any) error {
	err := r.Row.Scan(into...)
	r.end(err)
	return storage(err)
}

type timedRows struct {
	*sql.Rows
	end func(error)
}

// Err is sql.Rows'.
func (r *timedRows) Err() error { return storage(r.Rows.Err()) }

// Close is sql.Rows', and ends the query.
func (r *timedRows) Close() error {
	err := r.Rows.Close()
	if r.end != nil {
		r.end(r.Err())
		r.end = nil
	}
	return err
}
