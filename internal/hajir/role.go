package hajir

// Role says what an account may do; internal/api holds each operation to it.
type Role string

// The roles.
const (
	RoleAdmin    Role = "admin"    // the company's root account
	RoleEmployee Role = "employee" // own records
	RoleKiosk    Role = "kiosk"    // check-in and nothing else
)

// Roles lists every role, for tests that walk them.
func Roles() []Role { return []Role{RoleAdmin, RoleEmployee, RoleKiosk} }
