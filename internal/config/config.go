// Package config is what an operator can choose: one struct of flags, each
// also an environment variable, validated before anything starts.
package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/keyring"
)

// Config is shared by every command. Kong fills it from flags and environment.
type Config struct {
	Data          string `help:"Directory of the records, pictures and keys." default:"data" type:"path" env:"HAJIR_DATA"`
	MasterKey     string `help:"Master key, ${master_key_bytes} bytes in base64. Better given by the environment or --master-key-file." env:"HAJIR_MASTER_KEY" placeholder:"BASE64"`
	MasterKeyFile string `help:"File with the master key; made if it does not exist. Keep it apart from backups of the data." type:"path" env:"HAJIR_MASTER_KEY_FILE" placeholder:"FILE"`
	KMSKey        string `help:"KMS key that encrypts the data keys instead of a master key, such as awskms://alias/hajir?region=ap-south-1." env:"HAJIR_KMS_KEY" placeholder:"URL"`
	Embedding     string `help:"Directory with the manifest.json and file of another embedding model." type:"existingdir" env:"HAJIR_EMBEDDING" placeholder:"DIR"`
	LogLevel      string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"HAJIR_LOG_LEVEL"`
	LogFormat     string `help:"text or json." enum:"text,json" default:"text" env:"HAJIR_LOG_FORMAT"`
	OTLPEndpoint  string `name:"otlp-endpoint" help:"OpenTelemetry collector that traces are sent to by OTLP over HTTP, such as http://127.0.0.1:4318. Default: none." env:"HAJIR_OTLP_ENDPOINT" placeholder:"URL"`
	// LogTo is where log lines go; nil is standard error.
	LogTo io.Writer `kong:"-"`

	Mail   Mail   `embed:"" group:"Mail"`
	Slack  Slack  `embed:"" group:"Slack"`
	Copies Backup `embed:"" group:"Backup"`

	Pictures Pictures `embed:"" group:"Pictures"`
}

// Serve is what the server can be told beyond Config.
type Serve struct {
	Address

	PublicURL   string  `help:"Where people reach the site, such as https://hajir.example.com. Default: the first --domain, else the address listened on." env:"HAJIR_PUBLIC_URL" placeholder:"URL"`
	ClientRate  float64 `help:"Requests a second that each function answers one client; twice as many at once. 0: no bound." default:"250" env:"HAJIR_CLIENT_RATE"`
	CompanyRate float64 `help:"Requests a second that each function answers one company; twice as many at once. 0: no bound." default:"500" env:"HAJIR_COMPANY_RATE"`
	Issuers     string  `help:"JSON file that names issuers elsewhere, such as Cognito or Keycloak, whose tokens the API takes beside its own." type:"path" env:"HAJIR_ISSUERS_FILE" placeholder:"FILE"`
	OpenSignUp  bool    `help:"Let everybody make a company who confirms their mail address." env:"HAJIR_OPEN_SIGN_UP"`
	// Only their word about a client's address is taken.
	TrustedProxies   []string `help:"Networks of proxies whose X-Forwarded-For is believed, such as 127.0.0.1/32,10.0.0.0/8." env:"HAJIR_TRUSTED_PROXIES" placeholder:"CIDR"`
	CORSOrigins      []string `name:"cors-origins" help:"Origins of other sites whose scripts may call the API, such as https://intranet.example.com. Default: none." env:"HAJIR_CORS_ORIGINS" placeholder:"ORIGIN"`
	MetricsToken     string   `help:"Token of 16 characters or more with which /metrics is read. Without one nobody can. Better given by the environment or --metrics-token-file." env:"HAJIR_METRICS_TOKEN" placeholder:"SECRET"`
	MetricsTokenFile string   `help:"File with that token." type:"path" env:"HAJIR_METRICS_TOKEN_FILE" placeholder:"FILE"`

	WebhookNetworks []string      `help:"Networks into which webhooks may go although they are private, such as 10.1.2.0/24; there, http:// is taken, too. Default: none." env:"HAJIR_WEBHOOK_NETWORKS" placeholder:"CIDR"`
	DeliveryLease   time.Duration `help:"For how long whoever claims a delivery may try." default:"1m" hidden:"" env:"HAJIR_DELIVERY_LEASE"`
	AlarmMail       []string      `help:"Addresses that are mailed when an alarm is raised or cleared." env:"HAJIR_ALARM_MAIL" placeholder:"ADDRESS"`
	OperatorCompany string        `help:"Username of the company whose admin sees the health of the installation. Default: the only company, while sign-up is closed." env:"HAJIR_OPERATOR_COMPANY" placeholder:"COMPANY"`

	BackupDrill time.Duration `help:"How often the newest state of the backup is restored, checked and removed again; 0: never." default:"168h" env:"HAJIR_BACKUP_DRILL"`
}

// Proxies returns the networks of the trusted proxies.
func (s Serve) Proxies() ([]netip.Prefix, error) {
	all, err := hajir.ParseNetworks(s.TrustedProxies)
	if e, ok := errors.AsType[*hajir.Error](err); ok {
		return nil, fmt.Errorf("--trusted-proxies: %s", e.Message)
	}
	return all, err
}

// WebhookTargets returns the networks into which webhooks may go although they
// are private.
func (s Serve) WebhookTargets() ([]netip.Prefix, error) {
	all, err := hajir.ParseNetworks(s.WebhookNetworks)
	if e, ok := errors.AsType[*hajir.Error](err); ok {
		return nil, fmt.Errorf("--webhook-networks: %s", e.Message)
	}
	return all, err
}

// Database returns where the records lie.
func (c Config) Database() string { return filepath.Join(c.Data, "hajir.db") }

// Models returns where embedding models are kept that faces were computed with,
// for when the program is started with another one: a folder each.
func (c Config) Models() string { return filepath.Join(c.Data, "models") }

// Keys returns where the encrypted keys lie.
func (c Config) Keys() string { return filepath.Join(c.Data, "keys") }

// Prepare makes the data directory.
func (c Config) Prepare() error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	return nil
}

// New says whether there are no records yet. Only then may keys be made.
func (c Config) New() bool {
	_, err := os.Stat(c.Database())
	return errors.Is(err, fs.ErrNotExist)
}

// Master returns the master key, which is made if mayMake says so and it lies in
// a file that does not exist.
func (c Config) Master(mayMake bool) ([]byte, error) {
	switch {
	case c.MasterKey != "" && c.MasterKeyFile != "":
		return nil, errors.New("give the master key or its file, not both")
	case c.MasterKey != "":
		return keyring.ParseMasterKey(c.MasterKey)
	case c.MasterKeyFile != "":
		return keyring.LoadMasterKey(c.MasterKeyFile, mayMake)
	}
	return keyring.LoadMasterKey(filepath.Join(c.Data, "master.key"), mayMake)
}

// InUse returns the file that is locked while a process has the data open.
func (c Config) InUse() string { return filepath.Join(c.Data, ".in-use") }

// Lock returns the file that is locked while keys and records are opened.
func (c Config) Lock() string { return filepath.Join(c.Data, ".lock") }

// Logger returns the log, on standard error.
func (c Config) Logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // kong has checked the name
	}
	options := &slog.HandlerOptions{Level: level}
	to := c.LogTo
	if to == nil {
		to = os.Stderr
	}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// Validate refuses what no server can be told. Kong calls it.
func (s Serve) Validate() error {
	if err := s.Address.Validate(); err != nil {
		return err
	}
	if s.ClientRate < 0 || s.CompanyRate < 0 {
		return errors.New("--client-rate and --company-rate are requests a second, or 0 for no bound; they cannot be negative")
	}
	for _, origin := range s.CORSOrigins {
		if err := validateOrigin(origin); err != nil {
			return err
		}
	}
	return nil
}

// validateOrigin refuses what no browser sends as the origin of a page
// (RFC 6454, section 6.2), so that a mistake shows at once.
func validateOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err == nil {
		port := u.Port()
		isDefault := u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" || port == "" && strings.HasSuffix(u.Host, ":")
		plain := url.URL{Scheme: u.Scheme, Host: u.Host}
		web := (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
		if web && !isDefault && plain.String() == origin && strings.ToLower(origin) == origin && !strings.ContainsAny(origin, "*,% ") {
			return nil
		}
	}
	return fmt.Errorf("--cors-origins: %q is not the origin of a site, such as https://intranet.example.com: no path, no *, no default port, lower case", origin)
}

// minMetricsToken is the fewest characters of a token that nobody guesses.
const minMetricsToken = 16

// MetricsBearer returns the token with which /metrics is read; "" when nobody
// may.
func (s Serve) MetricsBearer() (string, error) {
	token := s.MetricsToken
	if s.MetricsTokenFile != "" {
		if token != "" {
			return "", errors.New("give the metrics' token or its file, not both")
		}
		b, err := os.ReadFile(s.MetricsTokenFile)
		if err != nil {
			return "", fmt.Errorf("read the metrics' token: %w", err)
		}
		if token = strings.TrimSpace(string(b)); token == "" {
			return "", fmt.Errorf("%s has no token in it", s.MetricsTokenFile)
		}
	}
	if token != "" && len(token) < minMetricsToken {
		return "", fmt.Errorf("the metrics' token has fewer than %d characters; make one with: openssl rand -hex 16", minMetricsToken)
	}
	return token, nil
}

// SiteURL returns where people reach the site, without a slash at the end;
// addr is what the server listens on.
func (s Serve) SiteURL(addr net.Addr) (*url.URL, error) {
	if s.PublicURL == "" {
		host := addr.String()
		if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() { // every address, of which one is known
			host = net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
		}
		if s.Secure() {
			name, port, err := net.SplitHostPort(host)
			if err != nil {
				return nil, fmt.Errorf("--listen: %w", err)
			}
			return s.site(name, port), nil
		}
		return &url.URL{Scheme: "http", Host: host}, nil
	}
	u, err := url.Parse(strings.TrimRight(s.PublicURL, "/"))
	if err != nil || u.Host == "" || u.Path != "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("--public-url must be http:// or https:// and a host, without a path: %q", s.PublicURL)
	}
	return u, s.checkSite(u)
}
