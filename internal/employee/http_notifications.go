package employee

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/letter"
)

type notificationsOutput struct{ Body notificationsBody }

type notificationsBody struct {
	Email           string         `json:"email" doc:"Where one is written to; empty: nowhere, until the admin gives an address"`
	Language        hajir.Language `json:"language" enum:",en,ne,hi" doc:"In which one is written to, by one's own choice; empty: the company's"`
	CompanyLanguage hajir.Language `json:"company_language" enum:"en,ne,hi"`
	DigestHour      int            `json:"digest_hour" doc:"When daily letters go out, by the company's clocks" example:"8"`
	Topics          []topicBody    `json:"topics" doc:"In the order in which to show them"`
}

type topicBody struct {
	Topic  hajir.Topic  `json:"topic" doc:"A kind of event of the company's, or one about oneself: own.leave, own.correction, own.exit, decide, team.exit, assigned.question" example:"own.leave"`
	Manner hajir.Manner `json:"manner" enum:"at_once,daily,never" doc:"How one is told of it by mail"`
}

type chooseInput struct {
	Body struct {
		Language *hajir.Language `json:"language,omitempty" enum:",en,ne,hi" doc:"Empty: the company's. The root account's is the company's setting"`
		Topics   []topicBody     `json:"topics,omitempty" maxItems:"50" doc:"Those that are not named stay as they are"`
	}
}

type subscriptionOutput struct {
	Body struct {
		Company string      `json:"company" doc:"Its name"`
		Topic   hajir.Topic `json:"topic" doc:"What the letter was about; daily: the daily letter, with all that it tells"`
		On      bool        `json:"on" doc:"Letters like it still come"`
	}
}

type readSubscriptionInput struct {
	Body struct {
		Token string `json:"token" maxLength:"400" doc:"From the link"`
	}
}

type subscriptionPath struct {
	Token string `path:"token" maxLength:"400"`
}

type seeOtherOutput struct {
	Status   int
	Location string `header:"Location"`
}

func (s *Service) registerNotifications(a *api.API) {
	own := api.Access{Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleEmployee}}
	link := api.Access{Function: api.Employee, Public: "the signature in the link is the proof; it ends mails and shows nothing else"}
	const path = "/me/notifications"
	api.Register(a, huma.Operation{
		OperationID: "get-notifications", Method: http.MethodGet, Path: path, Summary: "What I am told of by mail",
	}, own, s.getNotifications)
	api.Register(a, huma.Operation{
		OperationID: "change-notifications", Method: http.MethodPatch, Path: path, Summary: "Choose what I am told of by mail",
		Description: "At once, in one letter a day, or never. Invitations, new passwords and receipts of erasures always come.",
		Errors:      []int{http.StatusConflict},
	}, own, s.changeNotifications)
	api.Register(a, huma.Operation{
		OperationID: "read-subscription", Method: http.MethodPost, Path: "/unsubscribe", Summary: "What a link in a mail ends",
		Errors: []int{http.StatusNotFound},
	}, link, s.readSubscription)
	const one = letter.UnsubscribePath
	api.Register(a, huma.Operation{
		OperationID: "open-unsubscribe", Method: http.MethodGet, Path: one[len(api.Prefix):] + "{token}", Summary: "Go to the page that ends mails",
		Description: "Changes nothing: programs that look at the links of a mail must not end it.", DefaultStatus: http.StatusSeeOther,
	}, link, s.openUnsubscribe)
	api.Register(a, huma.Operation{
		OperationID: "unsubscribe", Method: http.MethodPost, Path: one[len(api.Prefix):] + "{token}", Summary: "End mails by one request",
		Description: "As RFC 8058 has it, by the link in the header List-Unsubscribe. It may be done again.", Errors: []int{http.StatusNotFound},
	}, link, s.unsubscribe)
}

// choices describes what the caller is told of.
func (s *Service) choices(ctx context.Context, who letter.Choices, language hajir.Language) (*notificationsOutput, error) {
	c, err := s.Store.Company(ctx, who.Company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	out := &notificationsOutput{Body: notificationsBody{
		Email: who.Address, Language: language, CompanyLanguage: c.LanguageOf(hajir.Employee{}), DigestHour: c.DigestHour, Topics: []topicBody{},
	}}
	for _, t := range hajir.TopicsOf(who.Role) {
		out.Body.Topics = append(out.Body.Topics, topicBody{t.Topic, who.Of(who.Role, t.Topic)})
	}
	return out, nil
}

func (s *Service) getNotifications(ctx context.Context, _ *struct{}) (*notificationsOutput, error) {
	by := api.Caller(ctx)
	who, err := s.Letters.Choices(ctx, by.Company, by.Username)
	if err != nil {
		return nil, err
	}
	language, err := s.ownLanguage(ctx, by.Company, by.Username)
	if err != nil {
		return nil, err
	}
	return s.choices(ctx, who, language)
}

func (s *Service) ownLanguage(ctx context.Context, company, username string) (hajir.Language, error) {
	if username == company {
		return "", nil
	}
	_, e, err := s.person(ctx, company, username)
	return e.Language, err
}

func (s *Service) changeNotifications(ctx context.Context, in *chooseInput) (*notificationsOutput, error) {
	by := api.Caller(ctx)
	manners := map[hajir.Topic]hajir.Manner{}
	for _, t := range in.Body.Topics {
		manners[t.Topic] = t.Manner
	}
	who, err := s.Letters.Choices(ctx, by.Company, by.Username)
	if err != nil {
		return nil, err
	}
	if _, err := who.Choose(who.Role, manners); err != nil { // before anything is saved
		return nil, err
	}
	if in.Body.Language != nil {
		if err := s.setLanguage(ctx, by.Company, by.Username, *in.Body.Language); err != nil {
			return nil, err
		}
	}
	if len(manners) > 0 {
		if who, err = s.Letters.Choose(ctx, by.Company, by.Username, manners); err != nil {
			return nil, err
		}
	}
	language, err := s.ownLanguage(ctx, by.Company, by.Username)
	if err != nil {
		return nil, err
	}
	return s.choices(ctx, who, language)
}

// setLanguage saves in which language somebody is written to; "" is the
// company's.
func (s *Service) setLanguage(ctx context.Context, company, username string, l hajir.Language) error {
	if username == company {
		if l == "" {
			return nil
		}
		return hajir.Errorf(hajir.Invalid, "your language is the company's: choose it in the company's settings")
	}
	if l != "" {
		if err := l.Validate(); err != nil {
			return err
		}
	}
	_, err := s.change(ctx, company, username, func(e *hajir.Employee) bool {
		same := e.Language == l
		e.Language = l
		return !same
	})
	return err
}

func (s *Service) readSubscription(ctx context.Context, in *readSubscriptionInput) (*subscriptionOutput, error) {
	return describeSubscription(s.Letters.Find(ctx, in.Body.Token))
}

func (s *Service) openUnsubscribe(_ context.Context, in *subscriptionPath) (*seeOtherOutput, error) {
	return &seeOtherOutput{Status: http.StatusSeeOther, Location: s.Letters.Page(in.Token)}, nil
}

// unsubscribe needs no body: what a mail program sends says no more than the link.
func (s *Service) unsubscribe(ctx context.Context, in *subscriptionPath) (*subscriptionOutput, error) {
	return describeSubscription(s.Letters.Unsubscribe(ctx, in.Token))
}

func describeSubscription(sub letter.Subscription, err error) (*subscriptionOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &subscriptionOutput{}
	out.Body.Company, out.Body.Topic, out.Body.On = sub.Company, sub.Topic, sub.On
	return out, nil
}
