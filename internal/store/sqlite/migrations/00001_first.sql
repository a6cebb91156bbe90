-- +goose Up
-- Table, key and index names are those of docs/architecture.md; "doc" holds the
-- rest of a record as JSON, and "version" grows by one with every save.
CREATE TABLE Company_details (
  Username TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE Employee_details (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Employee_details_company ON Employee_details (company, Username);

-- One record a person a day.
CREATE TABLE Employee (
  Name       TEXT NOT NULL,
  Date       TEXT NOT NULL,
  monthvalue TEXT NOT NULL,
  company    TEXT NOT NULL,
  version    INTEGER NOT NULL,
  doc        TEXT NOT NULL,
  PRIMARY KEY (Name, Date)
) WITHOUT ROWID;
CREATE INDEX Employee_monthvalue ON Employee (Name, monthvalue);

-- "sealed" is the encrypted vector: biometric data.
CREATE TABLE Face_templates (
  company  TEXT NOT NULL,
  username TEXT NOT NULL,
  faceid   TEXT NOT NULL,
  model    TEXT NOT NULL,
  indexed  TEXT NOT NULL,
  sealed   BLOB NOT NULL,
  PRIMARY KEY (company, username, faceid)
);

CREATE TABLE Users (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  role     TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Users_role ON Users (company, role);

CREATE TABLE Sessions (
  id       TEXT PRIMARY KEY,
  Username TEXT NOT NULL,
  expires  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Sessions_Username ON Sessions (Username);

-- +goose Down
DROP TABLE Sessions;
DROP TABLE Users;
DROP TABLE Face_templates;
DROP TABLE Employee;
DROP TABLE Employee_details;
DROP TABLE Company_details;
