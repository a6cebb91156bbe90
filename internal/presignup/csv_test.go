package presignup_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/presignup"
)

func TestReadPeople(t *testing.T) {
	for name, tt := range map[string]struct{ file, want string }{
		"the least":                   {"username,name\nasha,Asha Rai\n", "2 asha/Asha Rai///"},
		"all columns in any order":    {"Department,CODE,email, Name ,username\nSales,7,a@example.com,Asha,asha\n", "2 asha/Asha/a@example.com/7/Sales"},
		"a phone number":              {"username,name,phone\nasha,Asha,+977 981-2345678\nbina,Bina,\n", "2 asha/Asha////+9779812345678 3 bina/Bina///"},
		"a bad phone number":          {"username,name,phone\nasha,Asha,9.77981E+12\n", "2 invalid: a phone number has + and its country code, such as +9779812345678; spreadsheets may have dropped the +"},
		"a byte order mark":           {"\ufeffusername,name\nasha,Asha\n", "2 asha/Asha///"},
		"carriage returns":            {"username,name\r\nasha,Asha\r\n", "2 asha/Asha///"},
		"semicolons":                  {"username;name\nasha;Rai, Asha\n", "2 asha/Rai, Asha///"},
		"quotation marks":             {"username,name\nasha,\"Rai, \"\"Asha\"\"\"\n", `2 asha/Rai, "Asha"///`},
		"lines of a field":            {"username,name\nasha,\"A\nB\"\nbina,Bina\n", "2 invalid: the person's name has a line break or another character that is not shown; type it anew 4 bina/Bina///"},
		"empty lines":                 {"username,name\n\n,\n \t,\nasha,Asha\n", "5 asha/Asha///"},
		"capitals":                    {"username,name\nAsha,Asha\n", "2 asha/Asha///"},
		"no lines":                    {"username,name\n", ""},
		"no end":                      {"username,name\nasha,Asha", "2 asha/Asha///"},
		"Nepali":                      {"username,name\nasha,आशा राई\n", "2 asha/आशा राई///"},
		"a username twice":            {"username,name\nasha,A\nbina,B\nASHA,C\n", "2 asha/A/// 3 bina/B/// 4 conflict: line 2 has this username already"},
		"bad mail":                    {"username,name,email\nasha,Asha,nowhere\n", "2 invalid: that is not a mail address such as asha@example.com"},
		"a bad line does not claim":   {"username,name,email\nasha,Asha,nowhere\nasha,Asha,\n", "2 invalid: that is not a mail address such as asha@example.com 3 asha/Asha///"},
		"too few fields":              {"username,name,code\nasha,Asha\n", "2 invalid: the line has 2 fields and the first line 3; put fields with commas in quotation marks"},
		"too many fields":             {"username,name\nasha,Rai, Asha\n", "2 invalid: the line has 3 fields and the first line 2; put fields with commas in quotation marks"},
		"no name":                     {"username,name\nasha,\n", "2 invalid: the person's name must have 1 to 200 characters"},
		"empty file":                  {"", "invalid"},
		"only a byte order mark":      {"\ufeff", "invalid"},
		"an unknown column":           {"username,name,colour\n", "invalid"},
		"no username":                 {"name\n", "invalid"},
		"a column twice":              {"username,name,name\n", "invalid"},
		"another encoding":            {"username,name\nasha,\xe9\n", "invalid"},
		"an open quotation mark":      {"username,name\nasha,\"A\n", "invalid"},
		"no CSV at all":               {"PK\x03\x04", "invalid"},
		"more than a file may have":   {"username,name\n" + strings.Repeat("#", presignup.MaxCSV), "too_large"},
		"one person more than may be": {people(presignup.MaxRows + 1), "too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := presignup.ReadPeople(strings.NewReader(tt.file))
			if got := tell(rows, err); got != tt.want {
				t.Errorf("got  %.300q\nwant %.300q", got, tt.want)
			}
		})
	}
	rows, err := presignup.ReadPeople(strings.NewReader(people(presignup.MaxRows)))
	if err != nil || len(rows) != presignup.MaxRows {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func people(n int) string {
	var b strings.Builder
	b.WriteString("username,name\n")
	for i := range n {
		fmt.Fprintf(&b, "p%d,P\n", i)
	}
	return b.String()
}

func tell(rows []presignup.Row, err error) string {
	if err != nil {
		return string(hajir.CodeOf(err))
	}
	var all []string
	for _, r := range rows {
		p := r.Person
		line := fmt.Sprintf("%d %s/%s/%s/%s/%s", r.Line, p.Username, p.Name, p.Email, p.Code, p.Department)
		if p.Phone != "" {
			line += "/" + p.Phone
		}
		if r.Err != nil {
			line = fmt.Sprintf("%d %s", r.Line, r.Err)
			if e, ok := errors.AsType[*hajir.Error](r.Err); ok {
				line = fmt.Sprintf("%d %s: %s", r.Line, e.Code, e.Message)
			}
		}
		all = append(all, line)
	}
	return strings.Join(all, " ")
}

// Whatever the file is, every person that is taken is in order and alone.
func FuzzReadPeople(f *testing.F) {
	for _, seed := range []string{
		"username,name\nasha,Asha\n", "\ufeffusername;name\nasha;A\n", "name,username,email\n\"a\",b,c@d\n\"", "username,name\n,\n\xff", "username,name,phone\nasha,A,00977-981 2345678\n", "a", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := presignup.ReadPeople(strings.NewReader(string(file)))
		if err != nil {
			if code := hajir.CodeOf(err); code != hajir.Invalid && code != hajir.TooLarge || len(rows) > 0 {
				t.Fatalf("%d rows and %v", len(rows), err)
			}
			return
		}
		seen, line := map[string]bool{}, 1
		for _, r := range rows {
			if r.Line <= line {
				t.Fatalf("line %d follows line %d", r.Line, line)
			}
			line = r.Line
			if r.Err != nil {
				continue
			}
			if err := r.Person.Validate(); err != nil || seen[r.Person.Username] {
				t.Fatalf("took %+v: %v", r.Person, err)
			}
			seen[r.Person.Username] = true
		}
	})
}
