package hajir

// Role says what an account may do; internal/api holds each operation to it.
type Role string

// The roles.
const (
	RoleAdmin    Role = "admin"    // the company's root account
	RoleManager  Role = "manager"  // an employee who besides reads their reports' records
	RoleEmployee Role = "employee" // own records
	RoleKiosk    Role = "kiosk"    // check-in and nothing else
	RoleAuditor  Role = "auditor"  // reads what the admin may read, but no picture and no secret
)

// Roles lists every role, for tests that walk them.
func Roles() []Role {
	return []Role{RoleAdmin, RoleManager, RoleEmployee, RoleKiosk, RoleAuditor}
}

// OfPerson says whether it is a role that the admin gives people. The root
// account and the devices are made with theirs, and keep it.
func (r Role) OfPerson() bool {
	return r == RoleEmployee || r == RoleManager || r == RoleAuditor
}

// Includes says whether who has role r may do what other may: a manager is an
// employee.
func (r Role) Includes(other Role) bool {
	return r == other || r == RoleManager && other == RoleEmployee
}
