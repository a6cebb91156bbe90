-- +goose Up
-- How a company's files for payroll look.
CREATE TABLE Payroll_mappings (
  company   TEXT NOT NULL,
  mappingid TEXT NOT NULL,
  version   INTEGER NOT NULL,
  doc       TEXT NOT NULL,
  PRIMARY KEY (company, mappingid)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE Payroll_mappings;
