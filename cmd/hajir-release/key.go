package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"aead.dev/minisign"
)

// key is where the publisher's key lies.
type key struct {
	KeyFile  string `name:"key" required:"" help:"File with the private key, of hajir-release key or minisign -G. Never in the repository." type:"path" env:"HAJIR_RELEASE_KEY_FILE" placeholder:"FILE"`
	Password string `help:"Its password. Better given by the environment." env:"HAJIR_RELEASE_KEY_PASSWORD" placeholder:"SECRET"`
}

// open returns the private key.
func (k key) open() (secret minisign.PrivateKey, err error) {
	b, err := os.ReadFile(k.KeyFile)
	if err != nil {
		return secret, fmt.Errorf("the private key: %w", err)
	}
	if !minisign.IsEncrypted(b) {
		if err = secret.UnmarshalText(b); err == nil {
			return secret, nil
		}
		return secret, fmt.Errorf("%s has no private key of minisign in it", k.KeyFile)
	}
	if k.Password == "" {
		return secret, errors.New("the private key needs its password: HAJIR_RELEASE_KEY_PASSWORD")
	}
	if secret, err = minisign.DecryptKey(k.Password, b); err != nil {
		return secret, fmt.Errorf("the private key cannot be opened, perhaps the password is another: %w", err)
	}
	return secret, nil
}

type keyCmd struct {
	Out      string `required:"" help:"Where to write the private key." type:"path" placeholder:"FILE"`
	Password string `required:"" help:"Password that encrypts it, 12 characters or more. Better given by the environment." env:"HAJIR_RELEASE_KEY_PASSWORD" placeholder:"SECRET"`
}

// minPassword is the fewest characters that are worth the encryption.
const minPassword = 12

// Run makes a key, and overwrites none.
func (cmd keyCmd) Run() error {
	if len(cmd.Password) < minPassword {
		return fmt.Errorf("the password has fewer than %d characters", minPassword)
	}
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		return err
	}
	b, err := minisign.EncryptKey(cmd.Password, secret)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(cmd.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = fmt.Println(public)
	return err
}

type signCmd struct {
	key
	contact

	Files []string `arg:"" type:"existingfile" help:"The files, such as checksums.txt."`
}

// Run signs each file, under its name and the time.
func (cmd signCmd) Run() error {
	if err := cmd.check(); err != nil {
		return err
	}
	secret, err := cmd.open()
	if err != nil {
		return err
	}
	for _, name := range cmd.Files {
		b, err := os.ReadFile(name) //nolint:gosec // the publisher names it
		if err != nil {
			return err
		}
		// As minisign itself writes it, and shows it to who verifies.
		comment := fmt.Sprintf("timestamp:%d\tfile:%s", time.Now().Unix(), filepath.Base(name))
		r := minisign.NewReader(bytes.NewReader(b))
		if _, err := r.Read(make([]byte, len(b)+1)); err != nil && len(b) > 0 {
			return err
		}
		if err := os.WriteFile(name+".minisig", r.SignWithComments(secret, comment, "signature of a release of Hajir"), 0o644); err != nil { //nolint:gosec // for everybody
			return err
		}
	}
	return nil
}
