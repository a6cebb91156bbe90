-- +goose Up
-- managerusername is who has to decide now, and empty when nobody has to.
CREATE TABLE Leave_requests (
  leaveid          TEXT PRIMARY KEY,
  company          TEXT NOT NULL,
  employeeusername TEXT NOT NULL,
  managerusername  TEXT NOT NULL,
  at               TEXT NOT NULL,
  version          INTEGER NOT NULL,
  doc              TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX "employeeusername-index" ON Leave_requests (employeeusername, at, leaveid);
CREATE INDEX "managerusername-index" ON Leave_requests (managerusername, at, leaveid) WHERE managerusername <> '';
CREATE INDEX Leave_requests_company ON Leave_requests (company, at, leaveid);

CREATE TABLE Leave_types (
  company TEXT NOT NULL,
  typeid  TEXT NOT NULL,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL,
  PRIMARY KEY (company, typeid)
) WITHOUT ROWID;

-- Lines are added and never changed. The key says what caused a line, so that
-- the same cause posted twice is one line.
CREATE TABLE Leave_ledger (
  Username TEXT NOT NULL,
  entryid  TEXT NOT NULL,
  company  TEXT NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (Username, entryid)
) WITHOUT ROWID;
CREATE INDEX Leave_ledger_company ON Leave_ledger (company);

-- What a person has booked: every change of their leave is saved here first.
CREATE TABLE Leave_accounts (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Leave_accounts_company ON Leave_accounts (company);

CREATE TABLE Leave_delegates (
  managerusername  TEXT PRIMARY KEY,
  company          TEXT NOT NULL,
  delegateusername TEXT NOT NULL,
  version          INTEGER NOT NULL,
  doc              TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX "delegateusername-index" ON Leave_delegates (delegateusername, managerusername);
CREATE INDEX Leave_delegates_company ON Leave_delegates (company);

CREATE TABLE Leave_settings (
  company TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Leave_settings;
DROP TABLE Leave_delegates;
DROP TABLE Leave_accounts;
DROP TABLE Leave_ledger;
DROP TABLE Leave_types;
DROP TABLE Leave_requests;
