package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Function is one of the seven functions that an operation belongs to. On AWS
// each is a Lambda function; here all are served by one process.
type Function string

// The functions that have operations so far.
const (
	PreSignUp  Function = "AdminPreSignUpLambdaFunction"
	Company    Function = "CompanyRequestHandler"
	Employee   Function = "EmployeeRequestLambdaFunction"
	Attendance Function = "InternAttendance"
	Picture    Function = "UploadPicture"
	Slack      Function = "SlackIntegrationLambdaFunction"
	Questions  Function = "carer_genese_question_collectionLambdaFunction"
)

// Access is an operation's statement of who may call it. The path parameter
// {company} must be the caller's own company, whatever the role.
type Access struct {
	// Function is the function that the operation belongs to.
	Function Function
	// Allow lists the roles that may call it. A manager is an employee, here and
	// in Self.
	Allow []hajir.Role
	// Self lists roles that may call it when the path parameter {username} is
	// their own.
	Self []hajir.Role
	// Reports lists roles that may call it when the path parameter {username}
	// names somebody who reports to them, directly or further down.
	Reports []hajir.Role
	// Public says, when it is not empty, why no token is asked for.
	Public string
}

func (a Access) stated() bool {
	return a.Function != "" && (a.Public != "" || len(a.Allow)+len(a.Self)+len(a.Reports) > 0)
}

func (a Access) String() string {
	if a.Public != "" {
		return "public: " + a.Public
	}
	var who []string
	add := func(roles []hajir.Role, which string) {
		for _, r := range roles {
			who = append(who, string(r)+which)
			if r == hajir.RoleEmployee && !slices.Contains(roles, hajir.RoleManager) {
				who = append(who, string(hajir.RoleManager)+which)
			}
		}
	}
	add(a.Allow, "")
	add(a.Self, " (own records)")
	add(a.Reports, " (records of their reports)")
	return strings.Join(who, ", ")
}

// Relations knows who reports to whom.
type Relations interface {
	// IsReport says whether username is one of the company's people and reports
	// to manager, directly or further down. Somebody who is not there does not.
	IsReport(ctx context.Context, company, manager, username string) (bool, error)
}

// permits says whether p may call an operation with these path parameters. An
// error says that it is not known, which is no permission.
func (a Access) permits(ctx context.Context, p identity.Principal, company, username string, relations Relations) (bool, error) {
	if company != "" && company != p.Company {
		return false, nil
	}
	includes := func(r hajir.Role) bool { return p.Role.Includes(r) }
	if slices.ContainsFunc(a.Allow, includes) ||
		slices.ContainsFunc(a.Self, includes) && username != "" && username == p.Username {
		return true, nil
	}
	if !slices.Contains(a.Reports, p.Role) || username == "" || username == p.Username {
		return false, nil
	}
	return relations.IsReport(ctx, p.Company, p.Username, username)
}

type principalKey struct{}

// Caller returns who calls the operation; the zero Principal in a public one.
func Caller(ctx context.Context) identity.Principal {
	p, _ := ctx.Value(principalKey{}).(identity.Principal)
	return p
}

// authorize lets a request through to the operation if its statement does.
func (a *API) authorize(access Access) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if access.Public != "" {
			next(acting(ctx, access, hajir.Actor{Kind: hajir.ActorStranger}))
			return
		}
		scheme, token, _ := strings.Cut(ctx.Header("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			ctx.SetHeader("WWW-Authenticate", "Bearer")
			a.write(ctx, hajir.Errorf(hajir.Unauthorized, "sign in first: this needs the header Authorization: Bearer TOKEN"))
			return
		}
		who, err := a.verifier.Verify(ctx.Context(), strings.TrimSpace(token))
		if err != nil {
			if hajir.CodeOf(err) == hajir.Unauthorized { // else it is a good one, or cannot be checked now
				ctx.SetHeader("WWW-Authenticate", `Bearer error="invalid_token"`)
			}
			a.write(ctx, err)
			return
		}
		may, err := access.permits(ctx.Context(), who, ctx.Param("company"), ctx.Param("username"), a.relations)
		if err != nil {
			a.write(ctx, fmt.Errorf("ask who reports to whom: %w", err))
			return
		}
		if !may { // the same words whether or not there is such a person
			a.write(ctx, hajir.Errorf(hajir.Forbidden, "your account may not do this; it is for: %s of the company", access))
			return
		}
		next(huma.WithValue(acting(ctx, access, who.Actor()), principalKey{}, who))
	}
}

// acting notes for the audit log who calls the operation.
func acting(ctx huma.Context, access Access, who hajir.Actor) huma.Context {
	return huma.WithContext(ctx, identity.WithAct(ctx.Context(), identity.Act{
		Actor: who, Operation: ctx.Operation().OperationID, Function: string(access.Function),
	}))
}
