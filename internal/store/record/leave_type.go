package record

import "hajir/internal/hajir"

// LeaveType is how a type of leave is stored; it may not change with
// hajir.LeaveType.
type LeaveType struct {
	ID          string          `json:"id"`
	Company     string          `json:"company"`
	Name        string          `json:"name"`
	Paid        bool            `json:"paid,omitempty"`
	Unlimited   bool            `json:"unlimited,omitempty"`
	Allowance   hajir.LeaveDays `json:"allowance,omitempty"`
	Accrual     hajir.Accrual   `json:"accrual"`
	Prorate     bool            `json:"prorate,omitempty"`
	CarryMax    hajir.LeaveDays `json:"carry_max,omitempty"`
	CarryMonths int             `json:"carry_months,omitempty"`
	Negative    hajir.LeaveDays `json:"negative,omitempty"`
	HalfDays    bool            `json:"half_days,omitempty"`
	NoticeDays  int             `json:"notice_days,omitempty"`
	LateDays    int             `json:"late_days,omitempty"`
	MaxDays     hajir.LeaveDays `json:"max_days,omitempty"`
	Departments []string        `json:"departments,omitempty"`
	SecondLevel bool            `json:"second_level,omitempty"`
	From        string          `json:"from"`
	Retired     bool            `json:"retired,omitempty"`
}

// Load returns what is stored.
func (doc LeaveType) Load(version int) hajir.LeaveType {
	return hajir.LeaveType{
		ID: doc.ID, Company: doc.Company, Name: doc.Name, Paid: doc.Paid, Unlimited: doc.Unlimited, Allowance: doc.Allowance,
		Accrual: doc.Accrual, Prorate: doc.Prorate, CarryMax: doc.CarryMax, CarryMonths: doc.CarryMonths, Negative: doc.Negative,
		HalfDays: doc.HalfDays, NoticeDays: doc.NoticeDays, LateDays: doc.LateDays, MaxDays: doc.MaxDays,
		Departments: doc.Departments, SecondLevel: doc.SecondLevel, From: doc.From, Retired: doc.Retired, Version: version,
	}
}

// LeaveSettings is how leave settings are stored; it may not change with
// hajir.LeaveSettings.
type LeaveSettings struct {
	Company     string         `json:"company"`
	Years       []leaveYearDoc `json:"years"`
	SecondLevel bool           `json:"second_level,omitempty"`
	Posted      string         `json:"posted,omitempty"`
}

type leaveYearDoc struct {
	Calendar hajir.Calendar `json:"calendar"`
	Month    int            `json:"month"`
	Day      int            `json:"day"`
	From     string         `json:"from,omitempty"`
}

// LeaveDelegate is how a delegate is stored; it may not change with
// hajir.LeaveDelegate.
type LeaveDelegate struct {
	Manager  string `json:"manager"`
	Company  string `json:"company"`
	Delegate string `json:"delegate"`
	From     string `json:"from"`
	To       string `json:"to"`
}

// Load returns what is stored.
func (doc LeaveDelegate) Load(version int) hajir.LeaveDelegate {
	return hajir.LeaveDelegate{
		Manager: doc.Manager, Company: doc.Company, Delegate: doc.Delegate, From: doc.From, To: doc.To, Version: version,
	}
}

// StoreLeaveType returns t as it is stored.
func StoreLeaveType(t hajir.LeaveType) LeaveType {
	return LeaveType{
		ID: t.ID, Company: t.Company, Name: t.Name, Paid: t.Paid, Unlimited: t.Unlimited, Allowance: t.Allowance,
		Accrual: t.Accrual, Prorate: t.Prorate, CarryMax: t.CarryMax, CarryMonths: t.CarryMonths, Negative: t.Negative,
		HalfDays: t.HalfDays, NoticeDays: t.NoticeDays, LateDays: t.LateDays, MaxDays: t.MaxDays,
		Departments: t.Departments, SecondLevel: t.SecondLevel, From: t.From, Retired: t.Retired,
	}
}

// StoreLeaveSettings returns s as it is stored.
func StoreLeaveSettings(s hajir.LeaveSettings) LeaveSettings {
	return LeaveSettings{
		Company: s.Company, SecondLevel: s.SecondLevel, Posted: s.Posted,
		Years: Convert(s.Years, func(y hajir.LeaveYear) leaveYearDoc { return leaveYearDoc(y) }),
	}
}

// StoreLeaveDelegate returns d as it is stored.
func StoreLeaveDelegate(d hajir.LeaveDelegate) LeaveDelegate {
	return LeaveDelegate{
		Manager: d.Manager, Company: d.Company, Delegate: d.Delegate, From: d.From, To: d.To,
	}
}

// Load returns settings of leave.
func (doc LeaveSettings) Load(version int) hajir.LeaveSettings {
	return hajir.LeaveSettings{
		Company: doc.Company, SecondLevel: doc.SecondLevel, Posted: doc.Posted, Version: version,
		Years: Convert(doc.Years, func(y leaveYearDoc) hajir.LeaveYear { return hajir.LeaveYear(y) }),
	}
}
