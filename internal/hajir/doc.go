// Package hajir holds what the product is about: companies, employees, their
// days and the decisions behind each punch, with the rules that bind them. It
// performs no I/O and reads no clock. Read day.go first.
package hajir
