-- +goose Up
-- A company's shifts and weekly patterns. "id" begins with the kind, so that
-- one read has all that planning needs.
CREATE TABLE Shift_details (
  company TEXT NOT NULL,
  id      TEXT NOT NULL,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL,
  PRIMARY KEY (company, id)
) WITHOUT ROWID;

-- Who has which pattern from when on. "subject" begins with the company.
CREATE TABLE Shift_assignments (
  subject   TEXT NOT NULL,
  fromdate  TEXT NOT NULL,
  company   TEXT NOT NULL,
  version   INTEGER NOT NULL,
  doc       TEXT NOT NULL,
  PRIMARY KEY (subject, fromdate)
) WITHOUT ROWID;
CREATE INDEX Shift_assignments_company ON Shift_assignments (company, subject, fromdate);

-- What one person does on one date, whatever their pattern says. The key is
-- like that of Employee.
CREATE TABLE Shift_roster (
  Username TEXT NOT NULL,
  Date     TEXT NOT NULL,
  company  TEXT NOT NULL,
  shift    TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (Username, Date)
) WITHOUT ROWID;
CREATE INDEX Shift_roster_shift ON Shift_roster (company, shift, Date);

-- +goose Down
DROP TABLE Shift_roster;
DROP TABLE Shift_assignments;
DROP TABLE Shift_details;
