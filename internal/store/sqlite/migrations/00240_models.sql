-- +goose Up
-- A face is kept in several versions of the embedding model while a company
-- changes from one to another, and for a while afterwards.
CREATE TABLE Face_templates_new (
  company  TEXT NOT NULL,
  username TEXT NOT NULL,
  faceid   TEXT NOT NULL,
  model    TEXT NOT NULL,
  indexed  TEXT NOT NULL,
  sealed   BLOB NOT NULL,
  PRIMARY KEY (company, username, faceid, model)
);
INSERT INTO Face_templates_new (company, username, faceid, model, indexed, sealed)
  SELECT company, username, faceid, model, indexed, sealed FROM Face_templates;
DROP TABLE Face_templates;
ALTER TABLE Face_templates_new RENAME TO Face_templates;

CREATE TABLE Face_models (
  company TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL
) WITHOUT ROWID;

-- Faces whose picture is missing, or shows a version of the model no face.
CREATE TABLE Face_leftovers (
  company  TEXT NOT NULL,
  username TEXT NOT NULL,
  faceid   TEXT NOT NULL,
  model    TEXT NOT NULL,
  code     TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (company, username, faceid, model)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Face_leftovers;
DROP TABLE Face_models;
CREATE TABLE Face_templates_old (
  company  TEXT NOT NULL,
  username TEXT NOT NULL,
  faceid   TEXT NOT NULL,
  model    TEXT NOT NULL,
  indexed  TEXT NOT NULL,
  sealed   BLOB NOT NULL,
  PRIMARY KEY (company, username, faceid)
);
INSERT INTO Face_templates_old (company, username, faceid, model, indexed, sealed)
  SELECT company, username, faceid, model, indexed, sealed FROM Face_templates WHERE true
  ON CONFLICT DO UPDATE SET model = excluded.model, indexed = excluded.indexed, sealed = excluded.sealed;
DROP TABLE Face_templates;
ALTER TABLE Face_templates_old RENAME TO Face_templates;
