package dynamodb

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// User returns one account.
func (db *DB) User(ctx context.Context, username string) (identity.User, error) {
	doc, s, err := load[record.User](ctx, db, "account", users, username)
	return doc.Load(s.version), err
}

// UsersByRole returns a company's accounts of one role, oldest first.
func (db *DB) UsersByRole(ctx context.Context, company string, role hajir.Role) ([]identity.User, error) {
	var all []identity.User
	q := query{table: users, index: byCompany.name, hash: company, least: string(role), most: string(role)}
	err := list(ctx, db, "accounts", q, func(doc record.User, s stored) {
		if doc.Role == role {
			all = append(all, doc.Load(s.version))
		}
	})
	slices.SortFunc(all, func(a, b identity.User) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Username, b.Username))
	})
	return all, err
}

func aboutUser(doc record.User) subject {
	return subject{Audit: record.AuditedUsers, company: doc.Company, key: doc.Username, person: doc.Username}
}

// SaveUser stores u as the successor of u.Version.
func (db *DB) SaveUser(ctx context.Context, u identity.User) error {
	doc := record.StoreUser(u)
	open := hajir.MailKey(u.Email)
	if u.Disabled {
		open = ""
	}
	return db.saveAudited(ctx, "account", aboutUser(doc), row{
		table: users, hash: u.Username, version: u.Version, doc: doc, fixed: []string{"company"},
		index: map[string]string{"company": u.Company, "role": string(u.Role), "openemail": open},
	})
}

// OpenUsersByEmail returns at most limit accounts that are not closed and have
// a mail address, given as hajir.MailKey writes it, in order of their usernames.
func (db *DB) OpenUsersByEmail(ctx context.Context, email string, limit int) ([]identity.User, error) {
	if email == "" {
		return nil, nil
	}
	var all []identity.User
	err := db.each(ctx, query{table: users, index: "openemail-index", hash: email, limit: limit},
		func(s stored) bool { return s.text("openemail") == email },
		func(s stored) error {
			doc, err := decode[record.User](s, "account")
			all = append(all, doc.Load(s.version))
			return err
		})
	return all, err
}

// DeleteUser removes an account; one that is not there is no error.
func (db *DB) DeleteUser(ctx context.Context, username string) error {
	return db.deleteAudited(ctx, "account", func(s stored) (subject, error) {
		doc, err := decode[record.User](s, "account")
		return aboutUser(doc), err
	}, 0, users, username)
}

// ofAccount is what the log says of what belongs to an account: it stands in the
// log of the account's company. Without an account there is none.
func (db *DB) ofAccount(ctx context.Context, a record.Audit, key, username string) (subject, error) {
	doc, _, err := load[record.User](ctx, db, "account", users, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return subject{}, nil
	}
	return subject{Audit: a, company: doc.Company, key: key, person: username}, err
}

// Session returns one session.
func (db *DB) Session(ctx context.Context, id string) (identity.Session, error) {
	doc, s, err := load[record.Session](ctx, db, "session", sessions, id)
	return doc.Load(s.version), err
}

// Sessions returns an account's sessions.
func (db *DB) Sessions(ctx context.Context, username string) ([]identity.Session, error) {
	ids, err := db.names(ctx, listSessions+username)
	if err != nil {
		return nil, err
	}
	found, err := db.byKeys(ctx, sessions, ids)
	if err != nil {
		return nil, err
	}
	var all []identity.Session
	for _, s := range found {
		doc, err := decode[record.Session](s, "session")
		if err != nil {
			return nil, err
		}
		all = append(all, doc.Load(s.version))
	}
	slices.SortFunc(all, func(a, b identity.Session) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// SaveSession stores s as the successor of s.Version.
func (db *DB) SaveSession(ctx context.Context, s identity.Session) error {
	r := row{
		table: sessions, hash: s.ID, version: s.Version, doc: record.StoreSession(s),
		index: map[string]string{"expiring": everything, "expires": record.Sortable(s.ExpiresAt)},
	}
	if s.Version > 0 { // it is renewed, which is nothing to tell of
		return db.save(ctx, "session", r)
	}
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		about, err := db.ofAccount(ctx, record.AuditedSessions, s.ID, s.Username)
		if err != nil {
			return err
		}
		t.note(listSessions+s.Username, s.ID, "")
		_, err = t.saveAudited(ctx, "session", about, r)
		return err
	})
}

// DeleteSession ends one session; one that is not there is no error.
func (db *DB) DeleteSession(ctx context.Context, id string) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error { return t.deleteSession(ctx, id) })
}

func (t *tx) deleteSession(ctx context.Context, id string) error {
	return t.deleteAudited(ctx, "session", func(s stored) (subject, error) {
		doc, err := decode[record.Session](s, "session")
		if err != nil {
			return subject{}, err
		}
		t.strike(listSessions+doc.Username, id)
		return t.db.ofAccount(ctx, record.AuditedSessions, id, doc.Username)
	}, 0, sessions, id)
}

// listedTogether is how many things of a list are removed together, each with
// its name on the list and an entry of the audit log.
const listedTogether = (mostParts - 2) / 3

// DeleteSessions ends an account's sessions.
func (db *DB) DeleteSessions(ctx context.Context, username string) error {
	ids, err := db.names(ctx, listSessions+username)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, listedTogether) {
		err := db.transact(ctx, func(ctx context.Context, t *tx) error {
			for _, id := range some {
				if err := t.deleteSession(ctx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// DeleteExpiredSessions removes sessions that ended before t.
func (db *DB) DeleteExpiredSessions(ctx context.Context, before time.Time) error {
	return db.sweep(ctx, over(sessions, record.Sortable(before)), func(t *tx, s stored) error {
		doc, err := decode[record.Session](s, "session")
		t.strike(listSessions+doc.Username, doc.ID)
		return err
	})
}
