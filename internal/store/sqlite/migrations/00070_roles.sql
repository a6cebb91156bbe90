-- +goose Up
-- Whom a person reports to, so that a manager's reports are found by key.
ALTER TABLE Employee_details ADD COLUMN managerusername TEXT NOT NULL DEFAULT '';
CREATE INDEX Employee_details_managerusername ON Employee_details (managerusername, Username) WHERE managerusername <> '';

-- +goose Down
DROP INDEX Employee_details_managerusername;
ALTER TABLE Employee_details DROP COLUMN managerusername;
