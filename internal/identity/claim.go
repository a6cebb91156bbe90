package identity

// Audience is whom the built-in pool's access tokens are meant for.
const Audience = "hajir"

// The claims of the built-in pool's access tokens beyond those of RFC 7519.
const (
	ClaimName    = "name" // OpenID Connect Core, section 5.1
	ClaimCompany = "company"
	ClaimRole    = "role"
	ClaimSession = "sid"
	// ClaimUse is what a token is for. Cognito, too, says so by this name.
	ClaimUse  = "token_use"
	UseAccess = "access"
)
