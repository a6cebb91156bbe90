package main

import (
	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
	"hajir/internal/questions"
)

// questionLetter writes the message that brings an answer to who asked. It says
// who answers, and its link is the same for everybody.
func questionLetter(n questions.Notice) (mail.Message, error) {
	by := n.Answer.ByName
	if by != "" && by != n.Company.Name {
		by += " of " + n.Company.Name
	}
	return template.Render(mail.QuestionAnswered, string(n.Company.LanguageOf(hajir.Employee{})), template.Data{
		Company: n.Company.Name, Name: n.To, Link: n.Link,
		Question: &template.Question{Text: n.Question, Answer: n.Answer.Text, By: by},
	})
}
