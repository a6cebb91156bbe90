-- +goose Up
-- Which files were imported, in order of time: an import's ID begins with it.
CREATE TABLE Imports (
  company  TEXT NOT NULL,
  importid TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (company, importid)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Imports;
