-- +goose Up
-- status is the state, or merged; asker and assigneeusername are accounts, and
-- empty without one; intoid is the question that this one is merged into;
-- published and closed are times in the order of texts, and empty while it is
-- not published, or has nothing personal to remove. "sealed" is the encrypted
-- name and mail address of a visitor.
CREATE TABLE Questions (
  seq              INTEGER PRIMARY KEY,
  questionid       TEXT NOT NULL UNIQUE,
  company          TEXT NOT NULL,
  status           TEXT NOT NULL,
  askerusername    TEXT NOT NULL,
  assigneeusername TEXT NOT NULL,
  category         TEXT NOT NULL,
  intoid           TEXT NOT NULL,
  at               TEXT NOT NULL,
  published        TEXT NOT NULL,
  closed           TEXT NOT NULL,
  version          INTEGER NOT NULL,
  doc              TEXT NOT NULL,
  sealed           BLOB
);
CREATE INDEX Questions_company ON Questions (company, at, questionid);
CREATE INDEX Questions_status ON Questions (company, status, at, questionid);
CREATE INDEX Questions_assignee ON Questions (assigneeusername, at, questionid) WHERE assigneeusername <> '';
CREATE INDEX Questions_asker ON Questions (askerusername, at, questionid) WHERE askerusername <> '';
CREATE INDEX Questions_into ON Questions (intoid, questionid) WHERE intoid <> '';
CREATE INDEX Questions_published ON Questions (company, published, questionid) WHERE published <> '';
CREATE INDEX Questions_closed ON Questions (company, closed, questionid) WHERE closed <> '';

-- The words of questions. shown is what everybody may read, so that nobody
-- finds by a search what was left out of it. The company is one word, in
-- hexadecimal. The signs of Devanagari are parts of words.
CREATE VIRTUAL TABLE Questions_fts USING fts5 (
  company, asked, shown,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'"
);
-- What is deleted is removed from the index at once.
INSERT INTO Questions_fts (Questions_fts, rank) VALUES ('secure-delete', 1);

-- +goose StatementBegin
CREATE TRIGGER Questions_inserted AFTER INSERT ON Questions BEGIN
  INSERT INTO Questions_fts (rowid, company, asked, shown) VALUES (new.seq, hex(new.company),
    new.doc ->> '$.text' || ' ' || coalesce(new.doc ->> '$.answer.text', ''),
    CASE new.published WHEN '' THEN '' ELSE new.doc ->> '$.public.text' || ' ' || (new.doc ->> '$.answer.text') END);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER Questions_updated AFTER UPDATE OF doc, published ON Questions BEGIN
  UPDATE Questions_fts SET
    asked = new.doc ->> '$.text' || ' ' || coalesce(new.doc ->> '$.answer.text', ''),
    shown = CASE new.published WHEN '' THEN '' ELSE new.doc ->> '$.public.text' || ' ' || (new.doc ->> '$.answer.text') END
  WHERE rowid = new.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER Questions_deleted AFTER DELETE ON Questions BEGIN
  DELETE FROM Questions_fts WHERE rowid = old.seq;
END;
-- +goose StatementEnd

CREATE TABLE Question_settings (
  company TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Question_settings;
DROP TABLE Questions;
DROP TABLE Questions_fts;
