package dynamodb

// moreOfCompany finds what else belongs to a company, by its hash key.
func moreOfCompany() []query { return nil }
