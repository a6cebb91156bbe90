-- +goose Up
-- A company's events. "date" is the first date with the event's id behind it, so
-- that a date has several; monthvalue is the month of that date.
CREATE TABLE Events_records (
  companyusername TEXT NOT NULL,
  date            TEXT NOT NULL,
  monthvalue      TEXT NOT NULL,
  version         INTEGER NOT NULL,
  doc             TEXT NOT NULL,
  PRIMARY KEY (companyusername, date)
) WITHOUT ROWID;
CREATE INDEX Events_records_monthvalue ON Events_records (companyusername, monthvalue);

-- Which optional holidays a person has chosen: one record, so that of two
-- choices at one moment only one can be the last.
CREATE TABLE Holiday_choices (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Holiday_choices_company ON Holiday_choices (company);

-- The calendars that an account gives away by a secret link, of which the hash
-- is kept.
CREATE TABLE Calendar_feeds (
  Username  TEXT NOT NULL,
  kind      TEXT NOT NULL,
  company   TEXT NOT NULL,
  tokenhash TEXT NOT NULL,
  version   INTEGER NOT NULL,
  doc       TEXT NOT NULL,
  PRIMARY KEY (Username, kind)
) WITHOUT ROWID;
CREATE UNIQUE INDEX "tokenhash-index" ON Calendar_feeds (tokenhash);
CREATE INDEX Calendar_feeds_company ON Calendar_feeds (company);

-- +goose Down
DROP TABLE Calendar_feeds;
DROP TABLE Holiday_choices;
DROP TABLE Events_records;
