package sqlite

import (
	"slices"
	"strings"
	"testing"
)

// A manager's reports are looked up and not searched for: this is asked with
// every page that a manager opens.
func TestReportsAreFoundByIndex(t *testing.T) {
	db := openEmpty(t)
	const want = "SEARCH Employee_details USING INDEX Employee_details_managerusername (managerusername=? AND Username>?)"
	if plan := planOf(t, db, byManager, "mona", "acme", "", 10); len(plan) != 1 || plan[0] != want {
		t.Errorf("plan %q, want %s", plan, want)
	}
}

// Requests are looked up by an index and come in its order, without sorting.
func TestLeaveRequestsAreFoundByIndex(t *testing.T) {
	db := openEmpty(t)
	for query, index := range map[string]string{
		leaveRequestsOf: "employeeusername-index", leaveRequestsTo: "managerusername-index", leaveRequestsIn: "Leave_requests_company",
	} {
		plan := planOf(t, db, query, "mona", "2026", "id", 10)
		if len(plan) != 1 || !strings.HasPrefix(plan[0], "SEARCH Leave_requests USING INDEX "+index+" (") {
			t.Errorf("%s: plan %q, want a search of %s alone", query, plan, index)
		}
	}
}

// What is due is looked up, and comes in order without sorting: that is asked
// every few seconds.
func TestDeliveriesAreFoundByIndex(t *testing.T) {
	db := openEmpty(t)
	for query, index := range map[string]string{
		deliveriesDue: "Deliveries_due", deliveriesWaiting: "Deliveries_waiting", deliveriesDead: "Deliveries_dead", deliveriesOld: "Deliveries_old",
		countWaiting: "Deliveries_waiting", countDead: "Deliveries_dead", countQueue: "Deliveries_due",
	} {
		plan := planOf(t, db, query, "2026", "2026", "id", "", 10)
		if !slices.ContainsFunc(plan, func(s string) bool { return strings.Contains(s, " Deliveries USING ") && strings.Contains(s, index) }) ||
			slices.ContainsFunc(plan, func(s string) bool { return strings.Contains(s, "TEMP B-TREE") }) {
			t.Errorf("%s: plan %q, want a search of %s alone", query, plan, index)
		}
	}
}

// A webhook's log comes in its order, by its key.
func TestAttemptsAreFoundByKey(t *testing.T) {
	db := openEmpty(t)
	for query, want := range map[string]string{
		attemptsOf: "SEARCH Webhook_attempts USING PRIMARY KEY (webhookid=? AND attemptid<?)",
		webhooksOf: "SEARCH Webhooks USING INDEX Webhooks_company (company=?)",
	} {
		if plan := planOf(t, db, query, "acme", "2026", 10); len(plan) != 1 || plan[0] != want {
			t.Errorf("plan %q, want %s", plan, want)
		}
	}
}

// Questions are looked up by an index that gives their order, also when they
// are searched for: the words choose among those of the company.
func TestQuestionsAreFoundByIndex(t *testing.T) {
	db := openEmpty(t)
	for query, index := range map[string]string{
		questionsIn + questionsNewest:                       "Questions_company",
		questionsByStatus + questionsNewest:                 "Questions_status",
		questionsTo + ` AND +status = ?` + questionsNewest:  "Questions_assignee",
		questionsOf + questionsNewest:                       "Questions_asker",
		questionsShown + questionsNewShown:                  "Questions_published",
		questionsInto:                                       "Questions_into",
		questionsClosed:                                     "Questions_closed",
		countQuestions:                                      "Questions_status",
		countQuestionsTo:                                    "Questions_assignee",
		questionsIn + questionsMatch + questionsNewest:      "Questions_company",
		questionsShown + questionsMatch + questionsNewShown: "Questions_published",
	} {
		args := []any{"mona", "acme", "x", "y", "z", 10}
		plan := planOf(t, db, query, args[:strings.Count(query, "?")]...)
		found := false
		for _, step := range plan {
			found = found || strings.HasPrefix(step, "SEARCH Questions USING INDEX "+index+" (") || strings.HasPrefix(step, "SEARCH Questions USING COVERING INDEX "+index+" (")
			if strings.Contains(step, "TEMP B-TREE FOR ORDER") || strings.HasPrefix(step, "SCAN Questions ") || step == "SCAN Questions" {
				found = false
				break
			}
		}
		if !found {
			t.Errorf("%s: plan %q, want a search of %s", query, plan, index)
		}
	}
}

// A month of a company's people is looked up person by person, by the table's
// key: nothing else is read.
func TestDaysOfPeopleAreFoundByKey(t *testing.T) {
	db := openEmpty(t)
	plan := planOf(t, db, daysOf, `["asha"]`, "2026-03-01", "2026-03-31")
	if !slices.Contains(plan, "SEARCH Employee USING PRIMARY KEY (Name=? AND Date>? AND Date<?)") {
		t.Errorf("plan %q", plan)
	}
}

// Events and calendar links are looked up by a key or an index, and come in its
// order.
func TestEventsAreFoundByKey(t *testing.T) {
	db := openEmpty(t)
	for _, tt := range []struct {
		query, want string
		args        []any
	}{
		{occasionsBetween, "SEARCH Events_records USING PRIMARY KEY (companyusername=? AND date>? AND date<?)", []any{"acme", "2026-03-01", "2026-03-310"}},
		{occasionsInMonth, "SEARCH Events_records USING COVERING INDEX Events_records_monthvalue (companyusername=? AND monthvalue=?)", []any{"acme", "2026-03"}},
		{feedByHash, "SEARCH Calendar_feeds USING INDEX tokenhash-index (tokenhash=?)", []any{"hash"}},
	} {
		if plan := planOf(t, db, tt.query, tt.args...); len(plan) != 1 || plan[0] != tt.want {
			t.Errorf("%s: plan %q, want %s", tt.query, plan, tt.want)
		}
	}
}

// A company's newest imports are read off the end of its key.
func TestImportsAreFoundByKey(t *testing.T) {
	db := openEmpty(t)
	if plan := planOf(t, db, listImports, "acme", 10); len(plan) != 1 || plan[0] != "SEARCH Imports USING PRIMARY KEY (company=?)" {
		t.Errorf("plan %q", plan)
	}
}

// The queue is asked for with every refusal at a door.
func TestReviewsAreFoundByIndex(t *testing.T) {
	db := openEmpty(t)
	for query, index := range map[string]string{
		reviewsOf: "Recognition_reviews_open", reviewsOfPerson: "Recognition_reviews_username", reviewsExpired: "Recognition_reviews_expires",
	} {
		plan := planOf(t, db, query, "acme", true, "", "~", 10)
		if len(plan) != 1 || !strings.HasPrefix(plan[0], "SEARCH Recognition_reviews USING INDEX "+index+" (") {
			t.Errorf("%s: plan %q, want a search of %s alone", query, plan, index)
		}
	}
}

// planOf returns how SQLite would answer a query.
func planOf(t *testing.T, db *DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.read.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
}

// So are corrections; a person's come by their key.
func TestCorrectionsAreFoundByIndex(t *testing.T) {
	db := openEmpty(t)
	for query, index := range map[string]string{correctionsTo: "INDEX Day_corrections_decider", correctionsToDo: "INDEX Day_corrections_todo"} {
		plan := planOf(t, db, query, "mona", "asha", "2026-03-02", 10)
		if len(plan) != 1 || !strings.HasPrefix(plan[0], "SEARCH Day_corrections USING "+index+" (") {
			t.Errorf("%s: plan %q, want a search of %s alone", query, plan, index)
		}
	}
	if plan := planOf(t, db, correctionsBetween, "asha", "2026-03-01", "2026-03-31"); len(plan) != 1 || !strings.HasPrefix(plan[0], "SEARCH Day_corrections USING PRIMARY KEY (") {
		t.Errorf("a person's: %q", plan)
	}
}

// Who types a command is found without a search.
func TestSlackIsFoundByIndex(t *testing.T) {
	db := openEmpty(t)
	for query, args := range map[string][]any{
		slackByTeam: {"T1"}, slackLinkByUser: {"T1", "U1"}, slackLinksOf: {"acme", "", 10}, slackMessagesOf: {"leave/1"},
	} {
		plan := planOf(t, db, query, args...)
		if len(plan) != 1 || !strings.HasPrefix(plan[0], "SEARCH Slack_") {
			t.Errorf("%s: plan %q, want one search", query, plan)
		}
	}
}
