// Package sqlite keeps all records in one SQLite file. Read sqlite.go first;
// each other file holds the records of one kind.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the pure-Go driver, as "sqlite"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Sealer encrypts sensitive columns.
type Sealer = record.Sealer

// DB is an open database. It implements the Store of every feature and of the
// built-in user pool, and is safe for concurrent use.
type DB struct {
	read  connection
	write connection // one: SQLite has one writer, and waiting here is fair
	group group
	watch watch
	seal  Sealer
	now   func() time.Time // of the audit log's entries

	notices chan struct{} // see Notices
	told    sync.Map      // transactions that have written notices
}

// Open opens the file at path, makes it if there is none, and brings its
// schema up to date. A save that has returned is on the disk: the journal is
// synced at every commit. What is deleted is overwritten with zeros. The audit
// log takes its times from now.
func Open(ctx context.Context, path string, seal Sealer, now func() time.Time) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { //nolint:gosec // the operator names the file
		return nil, fmt.Errorf("make directory: %w", err)
	}
	// A file that is made here belongs to its owner alone; SQLite gives its
	// journal the same mode.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("open database file: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("close database file: %w", err)
	}
	db := newDB(seal, now)
	if db.write.DB, err = connect(path, "rw", 1, "journal_mode(WAL)", "secure_delete(ON)"); err != nil {
		return nil, err
	}
	if err := migrate(ctx, db.write.DB); err != nil {
		return nil, errors.Join(err, db.write.Close())
	}
	if db.read.DB, err = connect(path, "rw", max(2, runtime.GOMAXPROCS(0)), "query_only(ON)"); err != nil {
		return nil, errors.Join(err, db.write.Close())
	}
	return db, nil
}

func newDB(seal Sealer, now func() time.Time) *DB {
	db := &DB{seal: seal, now: now, notices: make(chan struct{}, 1)}
	db.read.watch, db.write.watch, db.write.write = &db.watch, &db.watch, true
	return db
}

// OpenRead opens the file at path to look at it, while others may have it open,
// and changes nothing: it makes no file and brings no schema up to date.
func OpenRead(path string, seal Sealer, now func() time.Time) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("find database file: %w", err)
	}
	db := newDB(seal, now)
	var err error
	// Two, so that one query may be made while another is read.
	if db.read.DB, err = connect(path, "ro", 2, "query_only(ON)"); err != nil {
		return nil, err
	}
	// Its saves fail, since the connection takes none.
	if db.write.DB, err = connect(path, "ro", 1, "query_only(ON)"); err != nil {
		return nil, errors.Join(err, db.read.Close())
	}
	return db, nil
}

// busyTimeout is how long a connection waits for others, in milliseconds.
const busyTimeout = 10_000

func connect(path, mode string, connections int, pragmas ...string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find database file: %w", err)
	}
	q := url.Values{
		"mode":    {mode},
		"_txlock": {"immediate"},
		"_pragma": append(pragmas, fmt.Sprintf("busy_timeout(%d)", busyTimeout), "synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)"),
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("find migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Ready says whether the database answers.
func (db *DB) Ready(ctx context.Context) error {
	var one int
	if err := db.read.QueryRowContext(ctx, `SELECT 1 FROM Company_details UNION ALL SELECT 1 LIMIT 1`).Scan(&one); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}

// checkpointPages is after how many pages SQLite empties the journal by itself.
const checkpointPages = 1000

// Checkpoints has SQLite empty the journal by itself, or leaves that to whoever
// backs the database up.
func (db *DB) Checkpoints(ctx context.Context, on bool) error {
	pages := 0
	if on {
		pages = checkpointPages
	}
	return exec(ctx, &db.write, "set checkpoints", fmt.Sprintf(`PRAGMA wal_autocheckpoint = %d`, pages))
}

// Migrations returns the newest migration that the database has, and the newest
// that the program knows.
func (db *DB) Migrations(ctx context.Context) (have, want int64, err error) {
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return 0, 0, fmt.Errorf("read migrations: %w", err)
	}
	for _, e := range entries {
		if n, err := goose.NumericComponent(e.Name()); err == nil {
			want = max(want, n)
		}
	}
	err = db.read.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&have)
	if err != nil {
		return 0, 0, fmt.Errorf("select schema version: %w", err)
	}
	return have, want, nil
}

// Check has SQLite look at every page of the database, and at every index.
func (db *DB) Check(ctx context.Context) error { return db.check(ctx, `PRAGMA integrity_check(1)`) }

// QuickCheck is Check without a look at whether indexes have what they should.
func (db *DB) QuickCheck(ctx context.Context) error { return db.check(ctx, `PRAGMA quick_check(1)`) }

func (db *DB) check(ctx context.Context, pragma string) error {
	found := ""
	err := db.each(ctx, "faults", func(r row) error { return r.Scan(&found) }, pragma)
	if err == nil && found != "ok" {
		err = fmt.Errorf("the database is damaged: %s", found)
	}
	return err
}

// Close closes the database.
func (db *DB) Close() error { return errors.Join(db.read.Close(), db.write.Close()) }

// execer is the database or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// save runs a statement that inserts, or updates at the expected version. When
// it changed nothing, the record exists already or has changed meanwhile. Of an
// audited table, saveAudited does it.
func (db *DB) save(ctx context.Context, what, query string, args ...any) error {
	return save(ctx, alone{db}, what, query, args...)
}

// alone is the database for statements that are no part of a transaction.
type alone struct{ db *DB }

// ExecContext runs a statement together with others that come at the same time.
func (a alone) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return a.db.together(ctx, query, args)
}

func save(ctx context.Context, in execer, what, query string, args ...any) error {
	res, err := in.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("save %s: %w", what, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("save %s: %w", what, err)
	}
	if n == 0 {
		return hajir.Errorf(hajir.Conflict, "the %s exists already or was changed meanwhile; load it again", what)
	}
	return nil
}

// exec runs a statement that may change nothing. Of an audited table,
// execAudited does it.
func (db *DB) exec(ctx context.Context, what, query string, args ...any) error {
	return exec(ctx, alone{db}, what, query, args...)
}

func exec(ctx context.Context, in execer, what, query string, args ...any) error {
	if _, err := in.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// transact runs f in a transaction that is kept if f returns no error.
func (db *DB) transact(ctx context.Context, f func(*sql.Tx) error) (err error) {
	end := db.watch.begin(ctx, true)
	defer func() {
		end(err)
		err = storage(err)
	}()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		_ = tx.Rollback() // nothing is left to undo after the commit
		db.told.Delete(tx)
	}()
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if _, told := db.told.Load(tx); told {
		db.wake()
	}
	return nil
}

// row is what every versioned record is read from.
type row interface{ Scan(...any) error }

// decode reads version and document from r, and what follows them into more.
func decode[T any](r row, what string, more ...any) (doc T, version int, err error) {
	var text string
	switch err = r.Scan(append([]any{&version, &text}, more...)...); {
	case errors.Is(err, sql.ErrNoRows):
		return doc, 0, hajir.Errorf(hajir.NotFound, "no such %s", what)
	case err != nil:
		return doc, 0, fmt.Errorf("select %s: %w", what, err)
	}
	if err = json.Unmarshal([]byte(text), &doc); err != nil {
		return doc, 0, fmt.Errorf("decode %s: %w", what, err)
	}
	return doc, version, nil
}

// list reads every row of a query that selects version and document.
func list[T any](ctx context.Context, db *DB, what string, each func(doc T, version int), query string, args ...any) error {
	return db.each(ctx, what, func(r row) error {
		doc, version, err := decode[T](r, what)
		if err == nil {
			each(doc, version)
		}
		return err
	}, query, args...)
}

// each visits every row of a query.
func (db *DB) each(ctx context.Context, what string, visit func(row) error, query string, args ...any) error {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("select %s: %w", what, err)
	}
	defer func() { _ = rows.Close() }() // its error shows in rows.Err
	for rows.Next() {
		if err := visit(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

func encode(doc any, what string) (string, error) {
	b, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", what, err)
	}
	return string(b), nil
}
