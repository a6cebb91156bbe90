-- +goose Up
-- decider is who has to decide now, and empty when nobody has to; todo is the
-- company while anything is to be decided or applied, and empty afterwards.
CREATE TABLE Day_corrections (
  Username TEXT NOT NULL,
  Date     TEXT NOT NULL,
  company  TEXT NOT NULL,
  decider  TEXT NOT NULL,
  todo     TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (Username, Date)
) WITHOUT ROWID;
CREATE INDEX Day_corrections_decider ON Day_corrections (decider, Username, Date) WHERE decider <> '';
CREATE INDEX Day_corrections_todo ON Day_corrections (todo, Username, Date) WHERE todo <> '';
CREATE INDEX Day_corrections_company ON Day_corrections (company);

CREATE TABLE Day_closings (
  company TEXT NOT NULL,
  Date    TEXT NOT NULL,
  version INTEGER NOT NULL,
  doc     TEXT NOT NULL,
  PRIMARY KEY (company, Date)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Day_closings;
DROP TABLE Day_corrections;
