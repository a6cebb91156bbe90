package hajir_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

func codeOf(err error) hajir.Code {
	if err == nil {
		return ""
	}
	return hajir.CodeOf(err)
}

func nan() float64 { return math.NaN() }

func TestCompanyValidate(t *testing.T) {
	good := hajir.NewCompany(" Acme ", "Acme", "a@example.com", "Asia/Kathmandu", nine)
	if err := good.Validate(); err != nil || good.Username != "acme" {
		t.Fatalf("a good company: %+v, %v", good, err)
	}
	for name, spoil := range map[string]func(*hajir.Company){
		"no name":               func(c *hajir.Company) { c.Name = "" },
		"a long name":           func(c *hajir.Company) { c.Name = strings.Repeat("a", 201) },
		"no mail address":       func(c *hajir.Company) { c.Email = "" },
		"a name in the address": func(c *hajir.Company) { c.Email = "A <a@example.com>" },
		"no zone":               func(c *hajir.Company) { c.TimeZone = "" },
		"the machine's zone":    func(c *hajir.Company) { c.TimeZone = "Local" },
		"an unknown zone":       func(c *hajir.Company) { c.TimeZone = "Asia/Nowhere" },
		"a path for a zone":     func(c *hajir.Company) { c.TimeZone = "../../etc/passwd" },
		"a negative window":     func(c *hajir.Company) { c.RepeatWindow = -time.Second },
		"a day's window":        func(c *hajir.Company) { c.RepeatWindow = 24 * time.Hour },
		"a threshold of 1":      func(c *hajir.Company) { c.Match.Threshold = 1 },
		"no number":             func(c *hajir.Company) { c.Match.Margin = nan() },
		"tiny faces":            func(c *hajir.Company) { c.Match.MinFacePixels = 5 },
		"refusals for a year":   func(c *hajir.Company) { c.RefusalDays = 365 },
		"fewer than no days":    func(c *hajir.Company) { c.RefusalDays = -1 },
		"a bad username":        func(c *hajir.Company) { c.Username = "a b" },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			spoil(&c)
			if err := c.Validate(); codeOf(err) != hajir.Invalid {
				t.Errorf("Validate = %v, want invalid", err)
			}
		})
	}
}

func TestValidateUsername(t *testing.T) {
	for s, want := range map[string]bool{
		"asha": true, "a1": true, "asha.rai": true, "kiosk-7x_y": true, strings.Repeat("a", 64): true,
		"": false, "a": false, "Asha": false, ".asha": false, "-asha": false, "a..b": false, "a/b": false, "a b": false,
		"आशा": false, "asha\n": false, strings.Repeat("a", 65): false,
	} {
		if err := hajir.ValidateUsername(s); (err == nil) != want {
			t.Errorf("ValidateUsername(%q) = %v", s, err)
		}
	}
}

func TestEmployeeValidate(t *testing.T) {
	good := hajir.Employee{Username: "asha", Name: "Asha", Email: "asha@example.com"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*hajir.Employee){
		"a blank name":      func(e *hajir.Employee) { e.Name = "  " },
		"two lines":         func(e *hajir.Employee) { e.Name = "Asha\r\nBcc: all@example.com" },
		"a turned name":     func(e *hajir.Employee) { e.Name = "Asha\u202egpj" },
		"a tab in the code": func(e *hajir.Employee) { e.Code = "1\t2" },
		"a bad address":     func(e *hajir.Employee) { e.Email = "asha" },
		"a long code":       func(e *hajir.Employee) { e.Code = strings.Repeat("1", 65) },
		"a long department": func(e *hajir.Employee) { e.Department = strings.Repeat("x", 201) },
	} {
		t.Run(name, func(t *testing.T) {
			e := good
			spoil(&e)
			if err := e.Validate(); codeOf(err) != hajir.Invalid {
				t.Errorf("Validate = %v, want invalid", err)
			}
		})
	}
}
