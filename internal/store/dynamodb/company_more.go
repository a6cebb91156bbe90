package dynamodb

// moreOfCompany finds what else belongs to a company, by its hash key.
func moreOfCompany() []query {
	all := []query{
		{table: reviews},
		{table: events},
		{table: shiftDetails},
		{table: dayClosings},
		{table: leaveTypes},
		{table: leaveSettings},
		{table: questionSettings},
		{table: payrollMappings},
		{table: imports},
		{table: alarmSilences},
	}
	for _, t := range []*table{
		dayCorrections, shiftRoster, shiftAssignments, calendarFeeds, holidayChoices, leaveRequests, leaveLedger, leaveAccounts, leaveDelegates,
		questions, webhooks, webhookAttempts, slackMessages, mailChoices, mailPiles,
	} {
		all = append(all, query{table: t, index: byCompany.name})
	}
	return all
}
