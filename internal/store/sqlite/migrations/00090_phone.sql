-- +goose Up
-- "sealed" is the encrypted phone number of who has told one.
ALTER TABLE Employee_details ADD COLUMN sealed BLOB;
ALTER TABLE Employee_presignup ADD COLUMN sealed BLOB;

-- +goose Down
ALTER TABLE Employee_presignup DROP COLUMN sealed;
ALTER TABLE Employee_details DROP COLUMN sealed;
