package server

import (
	"net/http"
	"strings"

	"github.com/rs/cors"

	"hajir/internal/api"
)

// corsMaxAge is for how long a browser may remember what it was told, in
// seconds.
const corsMaxAge = 600

// cors lets scripts of the operator's other sites call the API. They bring
// tokens of their own: cookies are not theirs to use, so no credentials are
// allowed, and the refresh cookie stays between a browser and this site.
func (s *Server) cors(next http.Handler) http.Handler {
	if len(s.CORSOrigins) == 0 {
		return next
	}
	shared := cors.New(cors.Options{
		AllowedOrigins: s.CORSOrigins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Idempotency-Key", "Geolocation"},
		ExposedHeaders: []string{"Retry-After", "Content-Disposition"},
		MaxAge:         corsMaxAge,
	}).Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, api.Prefix+"/") {
			shared.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
