// Package awskms is a key-encryption key in AWS KMS, or in a service that speaks
// its protocol. Only the data keys travel to it, when the program starts and
// when they change; what they encrypt never does. Read Key first; address.go is
// how an operator names one.
package awskms

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go"
)

// patience is how long the service may take, so that a program that cannot reach
// it says so instead of hanging.
const patience = 20 * time.Second

// Key is a key in KMS. It implements keyring.KEK and is safe for concurrent use.
type Key struct {
	id       string
	region   string
	client   *kms.Client
	patience time.Duration
}

// Open finds the machine's AWS credentials: of the environment, the shared files,
// or the instance. It does not call KMS yet.
func Open(ctx context.Context, c Config) (*Key, error) {
	k := &Key{id: c.Key, region: c.Region, patience: c.Patience}
	if k.patience == 0 {
		k.patience = patience
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(c.Region))
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("there are no AWS credentials for %s: give this machine a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE: %w", k, err)
	}
	k.client = kms.NewFromConfig(cfg, func(o *kms.Options) {
		if c.Endpoint != "" {
			o.BaseEndpoint = aws.String(c.Endpoint)
		}
	})
	return k, nil
}

// String names the key in messages.
func (k *Key) String() string { return "the KMS key " + k.id + " in " + k.region }

// bound is what KMS binds the data keys to: it decrypts them for who says the
// same. A key's policy may ask for it (kms:EncryptionContext:purpose), and every
// use shows it in the service's log.
func bound() map[string]string {
	return map[string]string{"application": "hajir", "purpose": "data-keys"}
}

// EncryptWithContext encrypts the data keys, at most 4096 bytes.
func (k *Key) EncryptWithContext(ctx context.Context, plaintext, _ []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, k.patience)
	defer cancel()
	out, err := k.client.Encrypt(ctx, &kms.EncryptInput{KeyId: &k.id, Plaintext: plaintext, EncryptionContext: bound()})
	if err != nil {
		return nil, k.explain(err)
	}
	return out.CiphertextBlob, nil
}

// DecryptWithContext decrypts the data keys. It names the key, so that no other
// one that the credentials open is used instead.
func (k *Key) DecryptWithContext(ctx context.Context, sealed, _ []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, k.patience)
	defer cancel()
	out, err := k.client.Decrypt(ctx, &kms.DecryptInput{KeyId: &k.id, CiphertextBlob: sealed, EncryptionContext: bound()})
	if err != nil {
		return nil, k.explain(err)
	}
	return out.Plaintext, nil
}

// explain says what to do about a failure of KMS.
func (k *Key) explain(err error) error {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Errorf("%s (%s: %w)", advice(api.ErrorCode()), api.ErrorCode(), err)
	}
	_, unreachable := errors.AsType[net.Error](err)
	if unreachable || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("AWS KMS does not answer; look at the network and at the region, and start again: %w", err)
	}
	return fmt.Errorf("AWS KMS failed: %w", err)
}

func advice(code string) string {
	switch code {
	case "AccessDeniedException":
		return "AWS refuses these credentials the use of the key; they need kms:Encrypt and kms:Decrypt"
	case "DisabledException", "KMSInvalidStateException":
		return "the key is disabled or about to be deleted; enable it, or take the deletion back"
	case "NotFoundException":
		return "there is no such key; look at its name and region"
	case "InvalidCiphertextException", "IncorrectKeyException":
		return "the data keys were encrypted with another key, or were changed: is this the key that they were encrypted with, or is a master key to be given?"
	case "InvalidKeyUsageException", "InvalidArnException", "ValidationException":
		return "this is not a key for symmetric encryption"
	case "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException", "IncompleteSignature", "InvalidClientTokenId":
		return "AWS does not know the credentials, or they have expired"
	case "ThrottlingException", "LimitExceededException", "KMSInternalException", "DependencyTimeoutException", "KeyUnavailableException":
		return "AWS KMS is busy or in trouble; try again"
	}
	return "AWS KMS refused"
}
