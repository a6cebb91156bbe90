package record

import "hajir/internal/hajir"

// PayrollMapping is how a mapping is stored; it may not change with
// hajir.PayrollMapping.
type PayrollMapping struct {
	ID        string             `json:"id"`
	Company   string             `json:"company"`
	Name      string             `json:"name"`
	Columns   []payrollColumnDoc `json:"columns"`
	Delimiter string             `json:"delimiter"`
	Decimal   string             `json:"decimal"`
	DateForm  hajir.DateForm     `json:"date_form"`
	BOM       bool               `json:"bom,omitempty"`
}

type payrollColumnDoc struct {
	Header   string             `json:"header"`
	Field    hajir.PayrollField `json:"field"`
	Constant string             `json:"constant,omitempty"`
}

// StorePayrollMapping returns m as it is stored.
func StorePayrollMapping(m hajir.PayrollMapping) PayrollMapping {
	return PayrollMapping{
		ID: m.ID, Company: m.Company, Name: m.Name, Delimiter: m.Delimiter, Decimal: m.Decimal, DateForm: m.DateForm, BOM: m.BOM,
		Columns: Convert(m.Columns, func(c hajir.PayrollColumn) payrollColumnDoc { return payrollColumnDoc(c) }),
	}
}

// Load returns a mapping.
func (doc PayrollMapping) Load(version int) hajir.PayrollMapping {
	return hajir.PayrollMapping{
		ID: doc.ID, Company: doc.Company, Name: doc.Name, Delimiter: doc.Delimiter, Decimal: doc.Decimal, DateForm: doc.DateForm, BOM: doc.BOM, Version: version,
		Columns: Convert(doc.Columns, func(c payrollColumnDoc) hajir.PayrollColumn { return hajir.PayrollColumn(c) }),
	}
}
