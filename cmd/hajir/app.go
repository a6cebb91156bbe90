package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"hajir/internal/api"
	"hajir/internal/attendance"
	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/demo"
	"hajir/internal/employee"
	"hajir/internal/faces/onnx"
	"hajir/internal/identity/local"
	"hajir/internal/imaging"
	"hajir/internal/keyring"
	"hajir/internal/live"
	"hajir/internal/objects"
	"hajir/internal/picture"
	"hajir/internal/presignup"
	"hajir/internal/store/sqlite"
	"hajir/models"
)

// app is the program, wired. Nothing is wired anywhere else.
type app struct {
	log        *slog.Logger
	db         *sqlite.DB
	bucket     *objects.Bucket
	faces      *onnx.Recognizer
	pool       *local.Pool
	hub        *live.Hub
	presignup  *presignup.Service
	company    *company.Service
	employee   *employee.Service
	attendance *attendance.Service
	picture    *picture.Service
}

// facesRefresh is after how long faces that another process enrolled (such as
// hajir enroll beside the server) are recognised.
const facesRefresh = 10 * time.Second

// open wires the program over c's data directory. siteURL is where people
// reach the site.
func open(ctx context.Context, c config.Config, siteURL *url.URL) (_ *app, err error) {
	a := &app{log: c.Logger(), hub: &live.Hub{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	master, err := c.Prepare()
	if err != nil {
		return nil, err
	}
	ring, err := keyring.Open(c.Keys(), master)
	if err != nil {
		return nil, err
	}
	if a.db, err = sqlite.Open(ctx, c.Database(), ring); err != nil {
		return nil, err
	}
	signing, err := ring.Secret("signing-key", local.NewSigningKey)
	if err != nil {
		return nil, err
	}
	if a.pool, err = local.New(a.db, time.Now, siteURL.String(), signing); err != nil {
		return nil, err
	}
	links, err := ring.Secret("link-key", randomKey)
	if err != nil {
		return nil, err
	}
	if a.bucket, err = objects.OpenDir(c.Objects(), ring, picture.LinkPath, links, time.Now); err != nil {
		return nil, err
	}
	a.faces, err = onnx.Open(ctx, onnx.Config{
		Models: models.FS(), EmbeddingDir: c.Embedding, Store: a.db, Now: time.Now, Refresh: facesRefresh,
	})
	if err != nil {
		return nil, fmt.Errorf("open face models: %w", err)
	}
	a.wire(siteURL)
	return a, nil
}

func (a *app) wire(siteURL *url.URL) {
	sessions := api.Sessions{Secure: siteURL.Scheme == "https", Now: time.Now}
	pictures := imaging.NewDecoder()
	a.presignup = &presignup.Service{Store: a.db, Users: a.pool, Sessions: sessions}
	a.employee = &employee.Service{Store: a.db, Objects: a.bucket, Now: time.Now}
	a.attendance = &attendance.Service{
		Store: a.db, Objects: a.bucket, Faces: a.faces, Pictures: pictures, Now: time.Now, Changed: a.hub.Publish, Log: a.log,
	}
	a.picture = &picture.Service{Store: a.db, Objects: a.bucket, Faces: a.faces, Pictures: pictures, Log: a.log}
	a.company = &company.Service{
		Store: a.db, Users: a.pool, Faces: a.faces, Objects: a.bucket, Changes: a.hub, Sessions: sessions,
		Now: time.Now, Log: a.log, SiteURL: siteURL.String(),
	}
	example := &demo.Company{
		Add: a.company.Add, Enrol: a.picture.Enrol, SaveDay: a.db.SaveDay, Sample: models.Sample, Now: time.Now,
	}
	a.company.FillDemo = example.Fill
}

// api returns the API with every operation of every feature.
func (a *app) api() *api.API {
	x := api.New(a.pool, a.log, version())
	a.presignup.Register(x)
	a.company.Register(x)
	a.employee.Register(x)
	a.attendance.Register(x)
	a.picture.Register(x)
	return x
}

// Close releases everything in the reverse order.
func (a *app) Close() error {
	var errs []error
	if a.faces != nil {
		errs = append(errs, a.faces.Close())
	}
	if a.bucket != nil {
		errs = append(errs, a.bucket.Close())
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	return errors.Join(errs...)
}

func randomKey() ([]byte, error) {
	key := make([]byte, 32)
	_, err := rand.Read(key)
	return key, err
}
