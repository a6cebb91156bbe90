-- +goose Up
-- The alarms of the installation, which belong to no company: their state, and
-- what it was. "scope" is always the same: the key of all history.
CREATE TABLE Alarms (
  name    TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE Alarm_history (
  scope TEXT NOT NULL,
  at    TEXT NOT NULL,
  name  TEXT NOT NULL,
  doc   TEXT NOT NULL,
  PRIMARY KEY (scope, at, name)
) WITHOUT ROWID;
-- Who silenced which, as a record of the company whose admin did.
CREATE TABLE Alarm_silences (
  company TEXT NOT NULL,
  name    TEXT NOT NULL,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL,
  PRIMARY KEY (company, name)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Alarm_silences;
DROP TABLE Alarm_history;
DROP TABLE Alarms;
