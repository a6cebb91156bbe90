// Package ses hands messages to Amazon SES, in the form in which every adapter
// does. Read Sender first; failure.go says what the service's errors mean.
package ses

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"hajir/internal/mail"
	"hajir/internal/mail/eml"
)

// Config is what a sender needs.
type Config struct {
	Region string
	// ConfigurationSet is SES's name for where events of mails go; "" for none.
	ConfigurationSet string
	// Endpoint is another one than AWS's; "" for AWS's own.
	Endpoint string
	From     mail.Address // of a domain that SES has verified
}

// Parse reads ses://REGION?configuration_set=NAME&endpoint=URL.
func Parse(address string) (Config, error) {
	u, err := url.Parse(address)
	wrong := errors.New("the mail service is named by ses://REGION, such as ses://ap-south-1, with ?configuration_set=NAME where there is one")
	if err != nil || u.Scheme != "ses" || u.Host == "" || u.Path != "" || u.User != nil {
		return Config{}, wrong
	}
	q := u.Query()
	c := Config{Region: u.Host, ConfigurationSet: q.Get("configuration_set"), Endpoint: q.Get("endpoint")}
	for key := range q {
		if key != "configuration_set" && key != "endpoint" {
			return Config{}, wrong
		}
	}
	return c, nil
}

// Sender hands messages to SES. It implements mail.Sender and is safe for
// concurrent use. SES gives messages an ID of its own in place of the one that
// Hajir names a repeat by; that one is the tag "message" of SES's events.
type Sender struct {
	client *sesv2.Client
	config Config
	now    func() time.Time
}

var _ mail.Sender = (*Sender)(nil)

// patience is how long SES may take with one message.
const patience = 30 * time.Second

// New returns a sender whose messages are dated by now, with the credentials that
// the machine has. It does not call SES.
func New(ctx context.Context, c Config, now func() time.Time) (*Sender, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(c.Region))
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	return &Sender{config: c, now: now, client: sesv2.NewFromConfig(cfg, func(o *sesv2.Options) {
		if c.Endpoint != "" {
			o.BaseEndpoint = aws.String(c.Endpoint)
		}
	})}, nil
}

// String describes the sender.
func (s *Sender) String() string { return "Amazon SES in " + s.config.Region }

// Try asks SES whether it would send mails, and sends none.
func (s *Sender) Try(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	account, err := s.client.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		return failure(ctx, err)
	}
	if !account.SendingEnabled {
		return errors.New("SES has stopped sending mails for this account; the console says why")
	}
	return nil
}

// Send implements mail.Sender.
func (s *Sender) Send(ctx context.Context, m mail.Message) error {
	raw, err := eml.Encode(m, s.config.From, s.now())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	in := &sesv2.SendEmailInput{
		// The name stands in the message.
		FromEmailAddress: aws.String(s.config.From.Address),
		Destination:      &types.Destination{ToAddresses: []string{m.To.Address}},
		Content:          &types.EmailContent{Raw: &types.RawMessage{Data: raw}},
		EmailTags: []types.MessageTag{
			{Name: aws.String("message"), Value: aws.String(m.ID)}, {Name: aws.String("kind"), Value: aws.String(string(m.Kind))},
		},
	}
	if s.config.ConfigurationSet != "" {
		in.ConfigurationSetName = aws.String(s.config.ConfigurationSet)
	}
	if _, err := s.client.SendEmail(ctx, in); err != nil {
		return failure(ctx, err)
	}
	return nil
}
