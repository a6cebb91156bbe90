-- +goose Up
-- "sealed" holds the secrets.
CREATE TABLE Webhooks (
  webhookid TEXT PRIMARY KEY,
  company   TEXT NOT NULL,
  version   INTEGER NOT NULL,
  doc       TEXT NOT NULL,
  sealed    BLOB
) WITHOUT ROWID;
CREATE INDEX Webhooks_company ON Webhooks (company, webhookid);

-- What was posted and answered, for some days. An attempt's ID begins with its
-- time.
CREATE TABLE Webhook_attempts (
  webhookid TEXT NOT NULL,
  attemptid TEXT NOT NULL,
  company   TEXT NOT NULL,
  doc       TEXT NOT NULL,
  PRIMARY KEY (webhookid, attemptid)
) WITHOUT ROWID;
CREATE INDEX Webhook_attempts_old ON Webhook_attempts (attemptid);
CREATE INDEX Webhook_attempts_company ON Webhook_attempts (company);

-- +goose Down
DROP TABLE Webhook_attempts;
DROP TABLE Webhooks;
