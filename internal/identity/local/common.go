package local

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed common-passwords.txt
var commonPasswords string

// commonSet is read at the first password that is chosen, not at every start.
var commonSet = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonPasswords) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			set[line] = true
		}
	}
	return set
})

// isCommon says whether whoever guesses passwords tries this one early. Capitals
// do not help: guessers try those too.
func isCommon(password string) bool { return commonSet()[strings.ToLower(password)] }
