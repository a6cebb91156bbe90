package letter

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// Choices are what somebody is told of, as they see it.
type Choices struct {
	hajir.MailChoices
	Role     hajir.Role
	Address  string         // where they are written to; "" is nowhere
	Language hajir.Language // in which
	Hour     int            // of the daily letter, by the company's clocks
}

// Choices returns what one of a company's accounts is told of.
func (d *Desk) Choices(ctx context.Context, company, username string) (Choices, error) {
	c, err := d.Store.Company(ctx, company)
	if err != nil {
		return Choices{}, fmt.Errorf("load company: %w", err)
	}
	r, err := d.reader(ctx, c, username)
	if err != nil {
		return Choices{}, err
	}
	choices, err := d.Store.MailChoices(ctx, username)
	if err != nil {
		return Choices{}, fmt.Errorf("load choices about mail: %w", err)
	}
	choices.Company = company
	return Choices{choices, r.Role, r.address.Address, r.language, c.DigestHour}, nil
}

// Choose saves what somebody chooses; topics that are not named stay as they are.
func (d *Desk) Choose(ctx context.Context, company, username string, manners map[hajir.Topic]hajir.Manner) (Choices, error) {
	for try := 1; ; try++ {
		c, err := d.Choices(ctx, company, username)
		if err != nil {
			return c, err
		}
		if c.MailChoices, err = c.Choose(c.Role, manners); err != nil {
			return c, err
		}
		err = d.Store.SaveMailChoices(ctx, c.MailChoices)
		if err != nil && hajir.CodeOf(err) == hajir.Conflict && try < tries {
			continue
		}
		if err != nil {
			return c, err
		}
		c.Version++
		if c.Role == hajir.RoleAdmin {
			err = d.want(ctx, c)
		}
		return c, err
	}
}

// want has notices written that are written on request alone.
func (d *Desk) want(ctx context.Context, c Choices) error {
	var kinds []hajir.NoticeKind
	for _, k := range hajir.NoticeKinds() {
		if k.OnRequest() && c.Of(c.Role, hajir.Topic(k)) != hajir.Never {
			kinds = append(kinds, k)
		}
	}
	if err := d.Store.Want(ctx, c.Company, d.Name(), kinds); err != nil {
		return fmt.Errorf("ask for notices: %w", err)
	}
	return nil
}
