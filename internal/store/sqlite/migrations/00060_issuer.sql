-- +goose Up
-- Companies that somebody wants to make and has not confirmed, for at most a
-- day each. They belong to no company, and claim no username.
CREATE TABLE Company_presignup (
  id      TEXT PRIMARY KEY,
  client  TEXT NOT NULL,
  address TEXT NOT NULL,
  expires TEXT NOT NULL,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Company_presignup_client ON Company_presignup (client);
CREATE INDEX Company_presignup_address ON Company_presignup (address);
CREATE INDEX Company_presignup_expires ON Company_presignup (expires);

-- +goose Down
DROP TABLE Company_presignup;
