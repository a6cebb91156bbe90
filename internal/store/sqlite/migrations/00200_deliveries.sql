-- +goose Up
-- A row is a notice, with an empty address, until it is known who wants it; then
-- each who does is a row, until they have it. due is empty when it is dead, and
-- dead while it waits.
CREATE TABLE Deliveries (
  noticeid TEXT NOT NULL,
  address  TEXT NOT NULL,
  company  TEXT NOT NULL,
  due      TEXT NOT NULL,
  dead     TEXT NOT NULL,
  version  INTEGER NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (noticeid, address)
) WITHOUT ROWID;
CREATE INDEX Deliveries_due ON Deliveries (due, noticeid, address) WHERE due <> '';
CREATE INDEX Deliveries_waiting ON Deliveries (company, due, noticeid, address) WHERE due <> '';
CREATE INDEX Deliveries_dead ON Deliveries (company, dead, noticeid, address) WHERE dead <> '';
CREATE INDEX Deliveries_old ON Deliveries (dead) WHERE dead <> '';

-- Which channel wants notices of the kinds that are written on request.
CREATE TABLE Notice_wants (
  company TEXT NOT NULL,
  kind    TEXT NOT NULL,
  channel TEXT NOT NULL,
  PRIMARY KEY (company, kind, channel)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Notice_wants;
DROP TABLE Deliveries;
