package dynamodb

// The tables. The first six have the names and keys that the product always had.
var (
	companies = &table{name: "Company_details", hash: "Username"}
	days      = &table{
		name: "Employee", hash: "Name", sort: "Date",
		local: []index{{"monthvalue-index", "Name", "monthvalue"}}, global: []index{byCompany.by("Date")},
	}
	employees = &table{
		name: "Employee_details", hash: "Username",
		global: []index{byCompany.by("Username"), {"managerusername-index", "managerusername", "Username"}, {"code-index", "companycode", "Username"}},
	}
	invitations = &table{name: "Employee_presignup", hash: "Username", global: []index{byCompany.by("Username")}}

	// directory holds what must be known at once and by all: lists that no key
	// gives (companies, an account's sessions), and names that one alone may
	// have (employee codes, pairing codes). It changes with what it lists.
	directory = &table{name: "Directory", hash: "list", sort: "name", expires: true}
	auditLog  = &table{name: "Audit_log", hash: "company", sort: "seq", global: []index{
		{"actor-index", "companyactor", "seq"}, {"person-index", "companyperson", "seq"}, {"operation-index", "companyoperation", "seq"},
	}}
	deliveries = &table{name: "Deliveries", hash: "noticeid", sort: "address", global: []index{
		{"queue-index", "queue", "at"}, {"company-index", "companyqueue", "at"},
	}}
	noticeWants = &table{name: "Notice_wants", hash: "company", sort: "kindchannel"}

	users = &table{name: "Users", hash: "Username", global: []index{byCompany.by("role"), {"openemail-index", "openemail", "Username"}}}
	// Neither has an index by account: their lists are in the directory, since
	// who ends all sessions must miss none.
	sessions      = &table{name: "Sessions", hash: "id", global: []index{byExpiry}}
	passkeys      = &table{name: "Passkeys", hash: "credentialid"}
	secondFactors = &table{name: "Two_factor", hash: "Username"}
	challenges    = &table{name: "Used_challenges", hash: "challenge", global: []index{byExpiry}, expires: true}
	resets        = &table{name: "Password_resets", hash: "Username", global: []index{byCompany.by("Username"), byExpiry}, expires: true}
	tries         = &table{name: "Tries", hash: "key", global: []index{byExpiry}, expires: true}

	kiosks   = &table{name: "Kiosk_details", hash: "Username", global: []index{byCompany.by("Username")}}
	pairings = &table{name: "Kiosk_pairings", hash: "id", global: []index{{"client-index", "client", "id"}, byExpiry}, expires: true}
	pins     = &table{name: "Employee_pins", hash: "Username", global: []index{byCompany.by("Username")}}
	failures = &table{name: "Failures", hash: "company", sort: "subject", global: []index{byExpiry}}

	templates  = &table{name: "Face_templates", hash: "company", sort: "face"}
	faceModels = &table{name: "Face_models", hash: "company"}
	leftFaces  = &table{name: "Face_leftovers", hash: "company", sort: "face"}
	erasures   = &table{name: "Erasures", hash: "Username", sort: "number", global: []index{byCompany.by("asked"), {"due-index", "todo", "due"}}}
)

// The tables of leave, shifts, corrections and closings. Where a sort key is
// "at", it has the time and the ID, so that those of one moment have an order.
var (
	leaveRequests = &table{name: "Leave_requests", hash: "leaveid", global: []index{
		{"employeeusername-index", "employeeusername", "at"}, {"managerusername-index", "managerusername", "at"}, byCompany.by("at"),
	}}
	leaveTypes     = &table{name: "Leave_types", hash: "company", sort: "typeid"}
	leaveSettings  = &table{name: "Leave_settings", hash: "company"}
	leaveLedger    = &table{name: "Leave_ledger", hash: "Username", sort: "entryid", global: []index{byCompany.by("Username")}}
	leaveAccounts  = &table{name: "Leave_accounts", hash: "Username", global: []index{byCompany.by("Username")}}
	leaveDelegates = &table{name: "Leave_delegates", hash: "managerusername", global: []index{
		{"delegateusername-index", "delegateusername", "managerusername"}, byCompany.by("managerusername"),
	}}

	shiftDetails     = &table{name: "Shift_details", hash: "company", sort: "id"}
	shiftAssignments = &table{name: "Shift_assignments", hash: "subject", sort: "fromdate", global: []index{byCompany.by("subject")}}
	shiftRoster      = &table{name: "Shift_roster", hash: "Username", sort: "Date", global: []index{byCompany.by("shift")}}

	dayCorrections = &table{name: "Day_corrections", hash: "Username", sort: "Date", global: []index{
		{"decider-index", "decider", "persondate"}, {"todo-index", "todo", "persondate"}, byCompany.by("Date"),
	}}
	dayClosings = &table{name: "Day_closings", hash: "company", sort: "Date"}
)

// The tables of questions, reviews, the calendar, and what is told to people and
// programs. An index that is read for what is of several companies has one hash
// key: few records come into it, or they leave it soon.
var (
	questions = &table{name: "Questions", hash: "questionid", global: []index{
		byCompany.by("at"),
		{"status-index", "companystatus", "at"},
		{"asker-index", "companyasker", "at"},
		{"assignee-index", "companyassignee", "at"},
		{"into-index", "intoid", "questionid"},
		{"published-index", "company", "published"},
		{"closed-index", "company", "closed"},
	}}
	questionSettings = &table{name: "Question_settings", hash: "company"}
	reviews          = &table{name: "Recognition_reviews", hash: "company", sort: "id", global: []index{
		{"open-index", "companyopen", "id"}, {"username-index", "companyusername", "id"}, byExpiry,
	}}

	events         = &table{name: "Events_records", hash: "companyusername", sort: "date", local: []index{{"monthvalue-index", "companyusername", "monthvalue"}}}
	holidayChoices = &table{name: "Holiday_choices", hash: "Username", global: []index{byCompany.by("Username")}}
	calendarFeeds  = &table{name: "Calendar_feeds", hash: "Username", sort: "kind", global: []index{{"tokenhash-index", "tokenhash", ""}, byCompany.by("Username")}}

	payrollMappings = &table{name: "Payroll_mappings", hash: "company", sort: "mappingid"}
	imports         = &table{name: "Imports", hash: "company", sort: "importid"}
	mailChoices     = &table{name: "Mail_choices", hash: "Username", global: []index{byCompany.by("Username")}}
	mailPiles       = &table{name: "Mail_piles", hash: "Username", global: []index{byCompany.by("Username")}}

	webhooks        = &table{name: "Webhooks", hash: "webhookid", global: []index{byCompany.by("webhookid")}}
	webhookAttempts = &table{name: "Webhook_attempts", hash: "webhookid", sort: "attemptid", global: []index{byDay.by("attemptid"), byCompany.by("attemptid")}, expires: true}
	slackDetails    = &table{name: "Slack_details", hash: "company"}
	slackLinks      = &table{name: "Slack_links", hash: "Username", global: []index{byCompany.by("Username")}}
	slackMessages   = &table{name: "Slack_messages", hash: "ref", sort: "message", global: []index{byDay.by("at"), byCompany.by("at")}, expires: true}

	signUps = &table{name: "Company_presignup", hash: "id", global: []index{{"client-index", "client", ""}, {"address-index", "address", ""}, byExpiry}, expires: true}

	alarms        = &table{name: "Alarms", hash: "scope", sort: "name"}
	alarmHistory  = &table{name: "Alarm_history", hash: "scope", sort: "atname"}
	alarmSilences = &table{name: "Alarm_silences", hash: "company", sort: "name"}
)

// byDay finds what is kept for some time by the day on which it was made, so that
// not all that is new falls on one key.
var byDay = index{"day-index", "day", ""}

// tables lists all tables.
func tables() []*table {
	return []*table{
		companies, days, employees, invitations,
		directory, auditLog, deliveries, noticeWants,
		users, sessions, passkeys, secondFactors, challenges, resets, tries,
		kiosks, pairings, pins, failures,
		templates, faceModels, leftFaces, erasures,
		leaveRequests, leaveTypes, leaveSettings, leaveLedger, leaveAccounts, leaveDelegates,
		shiftDetails, shiftAssignments, shiftRoster, dayCorrections, dayClosings,
		questions, questionSettings, reviews, events, holidayChoices, calendarFeeds, payrollMappings, imports, mailChoices, mailPiles,
		webhooks, webhookAttempts, slackDetails, slackLinks, slackMessages, signUps, alarms, alarmHistory, alarmSilences,
	}
}
