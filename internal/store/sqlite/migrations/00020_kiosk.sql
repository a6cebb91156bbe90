-- +goose Up
-- What a kiosk is held to beyond its token. A kiosk without a row is held to
-- nothing more.
CREATE TABLE Kiosk_details (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Kiosk_details_company ON Kiosk_details (company, Username);

-- Devices that show a code, for at most ten minutes each. They belong to no
-- company yet.
CREATE TABLE Kiosk_pairings (
  id      TEXT PRIMARY KEY,
  code    BLOB NOT NULL UNIQUE,
  client  TEXT NOT NULL,
  expires TEXT NOT NULL,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Kiosk_pairings_client ON Kiosk_pairings (client);
CREATE INDEX Kiosk_pairings_expires ON Kiosk_pairings (expires);

-- "sealed" is the encrypted hash of the PIN: the hash of four digits is found
-- by trying them all.
CREATE TABLE Employee_pins (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  setat    TEXT NOT NULL,
  sealed   BLOB NOT NULL
) WITHOUT ROWID;

-- How often something was tried in vain, so that it is slowed.
CREATE TABLE Failures (
  company TEXT NOT NULL,
  subject TEXT NOT NULL,
  count   INTEGER NOT NULL,
  last    TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (company, subject)
) WITHOUT ROWID;

-- Not unique: companies may have given a code twice before this was refused.
-- SaveEmployee refuses a second one from now on.
CREATE INDEX Employee_details_code ON Employee_details (company, lower(doc ->> 'code'));

-- +goose Down
DROP INDEX Employee_details_code;
DROP TABLE Failures;
DROP TABLE Employee_pins;
DROP TABLE Kiosk_pairings;
DROP TABLE Kiosk_details;
