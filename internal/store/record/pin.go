package record

import "hajir/internal/hajir"

// PINRow is the row that a value is sealed for.
func PINRow(p hajir.PIN) string { return "Employee_pins/" + p.Company + "/" + p.Username }
