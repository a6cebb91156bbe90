-- +goose Up
-- Decisions of the camera's that somebody should look at: doubtful punches, and
-- refusals, which "expires" says when to forget. IDs begin with their time.
CREATE TABLE Recognition_reviews (
  company  TEXT NOT NULL,
  id       TEXT NOT NULL,
  open     INTEGER NOT NULL,
  username TEXT NOT NULL,
  expires  TEXT,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (company, id)
) WITHOUT ROWID;
CREATE INDEX Recognition_reviews_open ON Recognition_reviews (company, open, id);
CREATE INDEX Recognition_reviews_username ON Recognition_reviews (company, username, id) WHERE username <> '';
CREATE INDEX Recognition_reviews_expires ON Recognition_reviews (expires, company, id) WHERE expires IS NOT NULL;

-- +goose Down
DROP TABLE Recognition_reviews;
