package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Slack is the operator's Slack app. Without one, no workspace can be connected.
type Slack struct {
	SlackClientID          string `name:"slack-client-id" help:"Client ID of your Slack app, made by deploy/slack/manifest.yaml." env:"HAJIR_SLACK_CLIENT_ID" placeholder:"ID"`
	SlackClientSecret      string `name:"slack-client-secret" help:"Its client secret. Better given by the environment or --slack-client-secret-file." env:"HAJIR_SLACK_CLIENT_SECRET" placeholder:"SECRET"`
	SlackClientSecretFile  string `name:"slack-client-secret-file" help:"File with it." type:"path" env:"HAJIR_SLACK_CLIENT_SECRET_FILE" placeholder:"FILE"`
	SlackSigningSecret     string `name:"slack-signing-secret" help:"Its signing secret. Better given by the environment or --slack-signing-secret-file." env:"HAJIR_SLACK_SIGNING_SECRET" placeholder:"SECRET"`
	SlackSigningSecretFile string `name:"slack-signing-secret-file" help:"File with it." type:"path" env:"HAJIR_SLACK_SIGNING_SECRET_FILE" placeholder:"FILE"`
	SlackAPIURL            string `name:"slack-api-url" help:"Where Slack's API lies." default:"https://slack.com/api/" env:"HAJIR_SLACK_API_URL" placeholder:"URL"`
}

// App returns the client secret and the signing secret, both "" when there is no
// app.
func (s Slack) App() (client, signing string, err error) {
	if client, err = secret("--slack-client-secret", s.SlackClientSecret, s.SlackClientSecretFile); err != nil {
		return "", "", err
	}
	if signing, err = secret("--slack-signing-secret", s.SlackSigningSecret, s.SlackSigningSecretFile); err != nil {
		return "", "", err
	}
	switch {
	case s.SlackClientID == "" && client == "" && signing == "":
		return "", "", nil
	case s.SlackClientID == "" || client == "" || signing == "":
		return "", "", errors.New("a Slack app needs all three: --slack-client-id, --slack-client-secret and --slack-signing-secret")
	}
	u, err := url.Parse(s.SlackAPIURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || !strings.HasSuffix(u.Path, "/") {
		return "", "", fmt.Errorf("--slack-api-url must be http:// or https:// with a host, and end with a slash: %q", s.SlackAPIURL)
	}
	return client, signing, nil
}

// secret returns a secret that is given itself or by a file, without the line's
// end.
func secret(flag, value, file string) (string, error) {
	if file == "" {
		return strings.TrimSpace(value), nil
	}
	if value != "" {
		return "", fmt.Errorf("give %s or %s-file, not both", flag, flag)
	}
	b, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return "", fmt.Errorf("%s-file: %w", flag, err)
	}
	text := strings.TrimSpace(string(b))
	if text == "" {
		return "", fmt.Errorf("%s has no secret in it", file)
	}
	return text, nil
}
