package server

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// noSite is what is shown when the program was built without the site.
const noSite = "The API works, but this program was built without its site. Build both with: make build\n"

// noncePlace stands in a page for the nonce of its style elements, which is
// another one every time.
const noncePlace = "STYLE_NONCE"

// site serves the pages: files as they are, and index.html for the addresses
// that the site itself routes.
func site(pages fs.FS) http.Handler {
	files := http.FileServerFS(pages)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(pages, name); err == nil && !info.IsDir() {
			if strings.HasPrefix(name, "assets/") { // their names carry a hash of their content
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			w.Header().Add("Vary", "Accept-Encoding")
			if coding, compressed := compressedFile(pages, name, r.Header.Get("Accept-Encoding")); compressed != "" {
				w.Header().Set("Content-Encoding", coding)
				w.Header().Set("Content-Type", cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream"))
				http.ServeFileFS(w, r, pages, compressed) //nolint:gosec // a file of the site, which was looked up
				return
			}
			files.ServeHTTP(w, r)
			return
		}
		// Usernames have dots, so that a dot tells nothing; what a browser
		// navigates to, it takes as HTML.
		if path.Ext(name) != "" && !strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.NotFound(w, r)
			return
		}
		index := path.Join(name, "index.html")
		if _, err := fs.Stat(pages, index); err != nil {
			index = "index.html"
		}
		page, err := fs.ReadFile(pages, index)
		if err != nil {
			http.Error(w, noSite, http.StatusNotFound)
			return
		}
		nonce := rand.Text()
		page = bytes.Replace(page, []byte(noncePlace), []byte(nonce), 1)
		w.Header().Set("Content-Security-Policy", contentSecurityPolicy(nonce))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(page) //nolint:gosec // a file of the site, and nothing of the request
	})
}

// compressedFile returns the content coding and the name of the smallest form of
// the file that the build wrote beside it and that the browser takes, or "".
func compressedFile(pages fs.FS, name, accepted string) (coding, file string) {
	for _, c := range []struct{ coding, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(accepted, c.coding) {
			continue
		}
		if _, err := fs.Stat(pages, name+c.ext); err == nil {
			return c.coding, name + c.ext
		}
	}
	return "", ""
}

// accepts reads an Accept-Encoding header (RFC 9110, section 12.5.3). Wildcards
// count as no: whoever sends one gets the file as it is.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			weight, given := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			return !given || strings.Trim(weight, "0.") != ""
		}
	}
	return false
}
