-- +goose Up
-- The mail address that an open account signs in with, in small letters; empty
-- without one, and for a closed account. The same letters are made small as
-- hajir.MailKey does.
ALTER TABLE Users ADD COLUMN openemail TEXT NOT NULL DEFAULT '';
CREATE INDEX Users_openemail ON Users (openemail, Username) WHERE openemail <> '';

-- Accounts that are there already get the address of their person or company.
UPDATE Users SET doc = json_set(doc, '$.email', (SELECT e.doc ->> 'email' FROM Employee_details e WHERE e.Username = Users.Username))
WHERE EXISTS (SELECT 1 FROM Employee_details e WHERE e.Username = Users.Username
  AND e.company = Users.company AND coalesce(e.doc ->> 'email', '') <> '');
UPDATE Users SET doc = json_set(doc, '$.email', (SELECT c.doc ->> 'email' FROM Company_details c WHERE c.Username = Users.Username))
WHERE EXISTS (SELECT 1 FROM Company_details c WHERE c.Username = Users.Username
  AND coalesce(c.doc ->> 'email', '') <> '');
UPDATE Users SET openemail = lower(trim(coalesce(doc ->> 'email', '')))
WHERE NOT coalesce(doc ->> 'disabled', 0);

-- Public keys only: the private ones never leave their devices.
CREATE TABLE Passkeys (
  credentialid TEXT PRIMARY KEY,
  Username     TEXT NOT NULL,
  version      INTEGER NOT NULL,
  doc          TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Passkeys_Username ON Passkeys (Username);

-- Challenges that were answered, until they expire: each is good once.
CREATE TABLE Used_challenges (
  challenge TEXT PRIMARY KEY,
  expires   TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Used_challenges_expires ON Used_challenges (expires);

-- Links to a new password: one a person, of which the hash is kept.
CREATE TABLE Password_resets (
  Username TEXT PRIMARY KEY,
  company  TEXT NOT NULL,
  expires  TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX Password_resets_expires ON Password_resets (expires);

-- +goose Down
DROP TABLE Password_resets;
DROP TABLE Used_challenges;
DROP TABLE Passkeys;
DROP INDEX Users_openemail;
ALTER TABLE Users DROP COLUMN openemail;
