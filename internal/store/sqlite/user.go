package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// User returns one account.
func (db *DB) User(ctx context.Context, username string) (identity.User, error) {
	doc, version, err := decode[record.User](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Users WHERE Username = ?`, username), "account")
	return doc.Load(version), err
}

// UsersByRole returns a company's accounts of one role, oldest first.
func (db *DB) UsersByRole(ctx context.Context, company string, role hajir.Role) ([]identity.User, error) {
	var all []identity.User
	err := list(ctx, db, "accounts", func(doc record.User, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Users WHERE company = ? AND role = ? ORDER BY doc ->> 'created_at', Username`, company, role)
	return all, err
}

// SaveUser stores u as the successor of u.Version.
func (db *DB) SaveUser(ctx context.Context, u identity.User) error {
	doc, err := encode(record.StoreUser(u), "account")
	if err != nil {
		return err
	}
	openemail := hajir.MailKey(u.Email)
	if u.Disabled {
		openemail = ""
	}
	return db.saveAudited(ctx, auditedUsers.where(`Username = ?`, u.Username), "account", `
		INSERT INTO Users (Username, company, role, version, doc, openemail) SELECT ?1, ?2, ?3, ?4 + 1, ?5, ?6
		WHERE ?4 = 0 OR EXISTS (SELECT 1 FROM Users WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, role = excluded.role, doc = excluded.doc,
			openemail = excluded.openemail
		WHERE version = ?4 AND company = excluded.company`,
		u.Username, u.Company, u.Role, u.Version, doc, openemail)
}

// OpenUsersByEmail returns at most limit accounts that are not closed and have
// a mail address, given as hajir.MailKey writes it, in order of their usernames.
func (db *DB) OpenUsersByEmail(ctx context.Context, email string, limit int) ([]identity.User, error) {
	var all []identity.User
	err := list(ctx, db, "accounts", func(doc record.User, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Users WHERE openemail = ? AND openemail <> '' ORDER BY Username LIMIT ?`, email, limit)
	return all, err
}

// DeleteUser removes an account; one that is not there is no error.
func (db *DB) DeleteUser(ctx context.Context, username string) error {
	return db.execAudited(ctx, auditedUsers.where(`Username = ?`, username), "delete account",
		`DELETE FROM Users WHERE Username = ?`, username)
}

// Session returns one session.
func (db *DB) Session(ctx context.Context, id string) (identity.Session, error) {
	doc, version, err := decode[record.Session](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Sessions WHERE id = ?`, id), "session")
	return doc.Load(version), err
}

// Sessions returns an account's sessions.
func (db *DB) Sessions(ctx context.Context, username string) ([]identity.Session, error) {
	var all []identity.Session
	err := list(ctx, db, "sessions", func(doc record.Session, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Sessions WHERE Username = ? ORDER BY id`, username)
	return all, err
}

// SaveSession stores s as the successor of s.Version.
func (db *DB) SaveSession(ctx context.Context, s identity.Session) error {
	doc, err := encode(record.StoreSession(s), "session")
	if err != nil {
		return err
	}
	const query = `
		INSERT INTO Sessions (id, Username, expires, version, doc) SELECT ?1, ?2, ?3, ?4 + 1, ?5
		WHERE ?4 = 0 OR EXISTS (SELECT 1 FROM Sessions WHERE id = ?1)
		ON CONFLICT (id) DO UPDATE SET version = version + 1, expires = excluded.expires, doc = excluded.doc
		WHERE version = ?4`
	args := []any{s.ID, s.Username, s.ExpiresAt.UTC().Format(record.TimeFormat), s.Version, doc}
	if s.Version > 0 { // it is renewed, which is nothing to tell of
		return db.save(ctx, "session", query, args...)
	}
	return db.saveAudited(ctx, auditedSessions.where(`s.id = ?`, s.ID), "session", query, args...)
}

// DeleteSession ends one session; one that is not there is no error.
func (db *DB) DeleteSession(ctx context.Context, id string) error {
	return db.execAudited(ctx, auditedSessions.where(`s.id = ?`, id), "delete session",
		`DELETE FROM Sessions WHERE id = ?`, id)
}

// DeleteSessions ends an account's sessions.
func (db *DB) DeleteSessions(ctx context.Context, username string) error {
	return db.execAudited(ctx, auditedSessions.where(`s.Username = ?`, username), "delete sessions",
		`DELETE FROM Sessions WHERE Username = ?`, username)
}

// DeleteExpiredSessions removes sessions that ended before t.
func (db *DB) DeleteExpiredSessions(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete expired sessions", `DELETE FROM Sessions WHERE expires < ?`, t.UTC().Format(record.TimeFormat))
}
