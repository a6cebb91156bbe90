-- +goose Up
-- Wrong tries at signing in. The key is a hash; rows go when forgotten.
CREATE TABLE Tries (
  key       TEXT PRIMARY KEY,
  count     INTEGER NOT NULL,
  last      TEXT NOT NULL,
  forgotten TEXT NOT NULL,
  version   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX Tries_forgotten ON Tries (forgotten);

-- "sealed" is the encrypted secret of a person's authenticator.
CREATE TABLE Two_factor (
  Username TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  sealed   BLOB NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Two_factor;
DROP TABLE Tries;
