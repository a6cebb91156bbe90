package record

import (
	"encoding/json"
	"fmt"

	"hajir/internal/hajir"
)

// Audit is what the audit log and whoever is told need to know of a table.
type Audit struct {
	Table string
	// Notices says what happened, to be told to whoever wants it; nil for nothing.
	Notices Noticing
	hajir.Redaction
}

// The tables of which every change is an entry of the audit log.
var (
	AuditedCompanies = Audit{
		Table: "Company_details",
	}
	AuditedEmployees = Audit{
		Table: "Employee_details",
		// What scores come to is nobody's change.
		Redaction: hajir.Redaction{Hidden: []string{"joined_by", "phone"}, Silent: []string{"renewal"}},
	}
	AuditedInvitations = Audit{
		Table:   "Employee_presignup",
		Notices: noticed(Invitation.Load, hajir.InvitationNotices),
		// What becomes of the mail, and that somebody looks at the link, is
		// nobody's change.
		Redaction: hajir.Redaction{Hidden: []string{"phone"}, Silent: []string{"mail", "begun_at"}},
	}
	AuditedDays = Audit{
		Table: "Employee",
	}
	AuditedTemplates = Audit{
		Table: "Face_templates",
	}
	AuditedModels = Audit{
		Table: "Face_models",
		// Who works at a change, and until when that holds, is nobody's change.
		Redaction: hajir.Redaction{Silent: []string{"worker", "work_until"}},
	}
	AuditedUsers = Audit{
		Table: "Users",
	}
	AuditedSessions = Audit{
		Table:     "Sessions",
		Redaction: hajir.Redaction{Silent: []string{"current", "previous", "rotated_at", "expires_at"}},
	}
	AuditedSecondFactors = Audit{
		Table: "Two_factor",
	}
	AuditedPasskeys = Audit{
		Table: "Passkeys",
		// That one signs in with it is an entry of its own.
		Redaction: hajir.Redaction{
			Hidden: []string{"public_key", "account"}, Silent: []string{"counter", "used_at", "synced", "syncable", "transports"},
		},
	}
	AuditedResets = Audit{
		Table:     "Password_resets",
		Redaction: hajir.Redaction{Hidden: []string{"account"}},
	}
	AuditedErasures = Audit{
		Table:   "Erasures",
		Notices: noticed(Erasure.Load, hajir.ErasureNotices),
	}
	AuditedReviews = Audit{
		Table: "Recognition_reviews",
	}
	AuditedShifts = Audit{
		Table: "Shift_details",
	}
	AuditedAssignments = Audit{
		Table: "Shift_assignments",
	}
	AuditedRoster = Audit{
		Table: "Shift_roster",
	}
	AuditedLeave = Audit{
		Table:   "Leave_requests",
		Notices: noticed(LeaveRequest.Load, hajir.LeaveNotices),
	}
	AuditedLeaveTypes = Audit{
		Table: "Leave_types",
	}
	AuditedLeaveSettings = Audit{
		Table: "Leave_settings",
	}
	AuditedDelegates = Audit{
		Table: "Leave_delegates",
	}
	// Who asked is sealed, and what people wrote can be deleted for good only if
	// the log does not keep it.
	AuditedQuestions = Audit{
		Table:     "Questions",
		Notices:   noticed(Question.Load, hajir.QuestionNotices),
		Redaction: hajir.Redaction{Hidden: []string{"text"}, Silent: []string{"told", "told_at", "mail"}},
	}
	AuditedQuestionSettings = Audit{
		Table: "Question_settings",
	}
	AuditedCorrections = Audit{
		Table:   "Day_corrections",
		Notices: noticed(DayCorrections.Load, hajir.CorrectionNotices),
	}
	AuditedPayroll = Audit{
		Table: "Payroll_mappings",
	}
	AuditedOccasions = Audit{
		Table: "Events_records",
	}
	AuditedChoices = Audit{
		Table: "Holiday_choices",
	}
	AuditedFeeds = Audit{ // not the hash: that it is another link shows in when it was made
		Table: "Calendar_feeds",
	}
	AuditedMailChoices = Audit{
		Table: "Mail_choices",
	}
	AuditedImports = Audit{
		Table: "Imports",
		// How far it has come is nobody's change.
		Redaction: hajir.Redaction{Silent: []string{"done", "seen_at"}},
	}
	AuditedWebhooks = Audit{
		Table:   "Webhooks",
		Notices: noticed(Webhook.Load, hajir.WebhookNotices),
		// That it fails, or does again, is nobody's change; that it is turned off is one.
		Redaction: hajir.Redaction{Silent: []string{"failing_since"}},
	}
	AuditedSilences = Audit{
		Table: "Alarm_silences",
	}
	AuditedKiosks = Audit{
		Table: "Kiosk_details",
	}
	// The digest of the day is nobody's change.
	AuditedSlack = Audit{
		Table:     "Slack_details",
		Notices:   noticed(Slack.Load, hajir.SlackNotices),
		Redaction: hajir.Redaction{Silent: []string{"digested"}},
	}
	AuditedSlackLinks = Audit{
		Table: "Slack_links",
	}
	AuditedPINs = Audit{
		Table: "Employee_pins",
	}
)

// Noticing reads a row as it was stored before and after a change, nil for none,
// and says what happened.
type Noticing func(before, after []byte) ([]hajir.Notice, error)

// noticed makes a Noticing of a rule: read makes a record of what is stored.
func noticed[D, R any](read func(D, int) R, rule func(before, after R) []hajir.Notice) Noticing {
	record := func(doc []byte) (r R, err error) {
		if doc == nil {
			return r, nil
		}
		var d D
		if err := json.Unmarshal(doc, &d); err != nil {
			return r, fmt.Errorf("decode what changed: %w", err)
		}
		return read(d, 0), nil
	}
	return func(before, after []byte) ([]hajir.Notice, error) {
		was, err := record(before)
		if err != nil {
			return nil, err
		}
		is, err := record(after)
		if err != nil || after == nil { // that something was removed is never news
			return nil, err
		}
		return rule(was, is), nil
	}
}

// WithPhone adds a phone number to what is compared of a document.
func WithPhone(doc []byte, phone string) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(doc, &fields); err != nil {
		return nil, fmt.Errorf("read what is compared: %w", err)
	}
	var err error
	if fields["phone"], err = json.Marshal(phone); err != nil {
		return nil, fmt.Errorf("write what is compared: %w", err)
	}
	return json.Marshal(fields)
}
