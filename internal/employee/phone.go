package employee

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type phoneInput struct {
	api.PersonPath
	Body struct {
		Phone string `json:"phone" maxLength:"40" doc:"With its country code; empty for none" example:"+9779812345678"`
	}
}

type phoneOutput struct {
	Body struct {
		Phone string `json:"phone" doc:"As it is kept" example:"+9779812345678"`
	}
}

func (s *Service) registerPhone(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "set-phone", Method: http.MethodPut, Path: "/companies/{company}/employees/{username}/phone",
		Summary: "Change a person's phone number", Description: "People know best where they are reached, so they may change their own.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin}, Self: []hajir.Role{hajir.RoleEmployee},
	}, s.phone)
}

func (s *Service) phone(ctx context.Context, in *phoneInput) (*phoneOutput, error) {
	phone, err := s.SetPhone(ctx, in.Company, in.Username, in.Body.Phone)
	if err != nil {
		return nil, err
	}
	out := &phoneOutput{}
	out.Body.Phone = phone
	return out, nil
}

// saveTries bounds how often the record is loaded anew because others save it.
const saveTries = 16

// SetPhone saves a phone number, or none, and returns it as it is kept.
func (s *Service) SetPhone(ctx context.Context, company, username, phone string) (string, error) {
	phone = hajir.CleanPhone(phone)
	if phone != "" {
		if err := hajir.ValidatePhone(phone); err != nil {
			return "", err
		}
	}
	_, err := s.change(ctx, company, username, func(e *hajir.Employee) bool {
		same := e.Phone == phone
		e.Phone = phone
		return !same
	})
	return phone, err
}

// change saves a person's record, unless apply says that nothing is different.
func (s *Service) change(ctx context.Context, company, username string, apply func(*hajir.Employee) bool) (hajir.Employee, error) {
	for try := 1; ; try++ {
		e, err := s.Store.Employee(ctx, username)
		if err == nil {
			err = e.BelongsTo(company)
		}
		if err != nil {
			return e, fmt.Errorf("load employee: %w", err)
		}
		if !apply(&e) {
			return e, nil
		}
		err = s.Store.SaveEmployee(ctx, e)
		if err == nil {
			return e, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || try == saveTries {
			return e, fmt.Errorf("save employee: %w", err)
		}
	}
}
