-- +goose Up
-- team is the workspace's ID, and NULL while none is connected; "sealed" is the
-- encrypted bot token.
CREATE TABLE Slack_details (
  company TEXT PRIMARY KEY,
  team    TEXT UNIQUE,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL,
  sealed  BLOB
);
CREATE TABLE Slack_links (
  Username  TEXT PRIMARY KEY,
  company   TEXT NOT NULL,
  team      TEXT NOT NULL,
  slackuser TEXT NOT NULL,
  version   INTEGER NOT NULL,
  doc       TEXT NOT NULL
);
CREATE UNIQUE INDEX Slack_links_slackuser ON Slack_links (team, slackuser);
CREATE INDEX Slack_links_company ON Slack_links (company, Username);
CREATE TABLE Slack_messages (
  ref     TEXT NOT NULL,
  channel TEXT NOT NULL,
  ts      TEXT NOT NULL,
  company TEXT NOT NULL,
  at      TEXT NOT NULL,
  doc     TEXT NOT NULL,
  PRIMARY KEY (ref, channel, ts)
) WITHOUT ROWID;
CREATE INDEX Slack_messages_at ON Slack_messages (at);

-- +goose Down
DROP TABLE Slack_messages;
DROP TABLE Slack_links;
DROP TABLE Slack_details;
