package api

import (
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/identity"
)

// client tells the operation where its request comes from.
func client(ctx huma.Context, next func(huma.Context)) {
	next(huma.WithContext(ctx, identity.WithClient(ctx.Context(), identity.Client{
		Address: clientAddress(ctx), Device: device(ctx.Header("User-Agent")),
	})))
}

// clientAddress returns the address that Client does as text; "" when it is not
// known.
func clientAddress(ctx huma.Context) string {
	if a := Client(ctx.Context()); a.IsValid() {
		return a.String()
	}
	return ""
}

// Browsers and systems by what their User-Agent contains. The order matters:
// most claim to be others too.
var (
	browsers = [][2]string{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	}
	systems = [][2]string{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"Mac OS X", "Mac"},
		{"CrOS", "ChromeOS"},
		{"Linux", "Linux"},
	}
)

// maxDevice bounds what an unknown client may call itself, in characters.
const maxDevice = 40

// device describes a User-Agent in a few words by which its owner knows it.
func device(agent string) string {
	browser, system := first(browsers, agent), first(systems, agent)
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser+system != "":
		return browser + system
	}
	name, _, _ := strings.Cut(strings.TrimSpace(agent), " ")
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(name); len(runes) > maxDevice {
		name = string(runes[:maxDevice])
	}
	return name
}

func first(known [][2]string, agent string) string {
	for _, k := range known {
		if strings.Contains(agent, k[0]) {
			return k[1]
		}
	}
	return ""
}
