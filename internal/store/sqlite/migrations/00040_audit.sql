-- +goose Up
-- Who did what to whom, as a chain of hashes for each company and one, "", for
-- the installation. "doc" is the whole entry; "at" repeats its time in a form
-- that sorts.
CREATE TABLE Audit_log (
  company TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  at      TEXT NOT NULL,
  doc     TEXT NOT NULL,
  PRIMARY KEY (company, seq)
) WITHOUT ROWID;
CREATE INDEX Audit_log_at ON Audit_log (company, at);
CREATE INDEX Audit_log_actor ON Audit_log (company, doc ->> '$.actor.username', seq);
CREATE INDEX Audit_log_person ON Audit_log (company, doc ->> '$.subject.person', seq);
CREATE INDEX Audit_log_operation ON Audit_log (company, doc ->> '$.operation', seq);

-- Nothing is changed, and nothing goes but with its company. Whoever has the
-- file can drop these; the chain's head, written down elsewhere, tells then.
-- +goose StatementBegin
CREATE TRIGGER Audit_log_stays_as_it_is BEFORE UPDATE ON Audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER Audit_log_stays BEFORE DELETE ON Audit_log
WHEN OLD.company = '' OR EXISTS (SELECT 1 FROM Company_details WHERE Username = OLD.company)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE Audit_log;
