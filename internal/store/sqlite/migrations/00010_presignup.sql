-- +goose Up
-- People who were invited and have not joined yet.
CREATE TABLE Employee_presignup (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Employee_presignup_company ON Employee_presignup (company, Username);

-- +goose Down
DROP TABLE Employee_presignup;
