-- +goose Up
-- What somebody chose to be told of by mail.
CREATE TABLE Mail_choices (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Mail_choices_company ON Mail_choices (company);

-- What waits to be told to somebody in one letter.
CREATE TABLE Mail_piles (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Mail_piles_company ON Mail_piles (company);

-- +goose Down
DROP TABLE Mail_piles;
DROP TABLE Mail_choices;
