package main

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/roster"
)

// workdays says on which dates a person would work if none was a holiday, and
// which are.
func workdays(book roster.Book) func(context.Context, hajir.Company, hajir.Employee, string, string) (workday, holiday func(string) bool, err error) {
	return func(ctx context.Context, c hajir.Company, e hajir.Employee, from, to string) (workday, holiday func(string) bool, err error) {
		plan, err := book.Plan(ctx, c, e, from, to)
		workday = func(date string) bool { return !plan.On(date).Off }
		holiday = func(date string) bool { return plan.On(date).Holiday != "" }
		return workday, holiday, err
	}
}
