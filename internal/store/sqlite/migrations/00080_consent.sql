-- +goose Up
-- What is, or was, removed of people's faces. "due" is there while something
-- is left to do. Rows stay: they are the receipts.
CREATE TABLE Erasures (
  Username TEXT NOT NULL,
  number   INTEGER NOT NULL,
  company  TEXT NOT NULL,
  asked    TEXT NOT NULL,
  due      TEXT,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (Username, number)
) WITHOUT ROWID;
CREATE INDEX Erasures_company ON Erasures (company, asked, Username, number);
CREATE INDEX Erasures_due ON Erasures (due, Username, number) WHERE due IS NOT NULL;

-- +goose Down
DROP TABLE Erasures;
