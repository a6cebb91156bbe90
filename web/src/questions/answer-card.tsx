import { Button, Checkbox, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { QuestionDetail } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { useTakeQuestion } from './question-page'
import classes from './questions.module.css'

/** The answer; who may writes it. */
export function AnswerCard({ question }: { question: QuestionDetail }) {
  const { t } = useTranslation()
  const { role, time_zone: zone } = useMe()
  const { answer } = question
  const mayAnswer = role !== 'auditor'
  const [editing, edit] = useDisclosure(question.state !== 'answered')
  if (!answer && !mayAnswer) return null
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="answer-card">
      <Stack gap="sm">
        <Title order={2}>{t('questions.answer')}</Title>
        {answer && !(editing && mayAnswer) && (
          <>
            <Text className={`${classes.prose} ${classes.quote}`}>{answer.text}</Text>
            <Text size="sm" c="dimmed">
              {t('questions.answeredBy', { name: answer.by_name, when: dateAndTime(answer.at, zone) })}
              {question.mail && `. ${t(`questions.mail.${question.mail}`)}`}
            </Text>
          </>
        )}
        {mayAnswer && editing && <AnswerForm question={question} onDone={edit.close} />}
        {mayAnswer && !editing && (
          <Group>
            <Button variant="default" size="sm" onClick={edit.open}>
              {t('questions.answerChange')}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

function AnswerForm({ question, onDone }: { question: QuestionDetail; onDone: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const take = useTakeQuestion(company)
  const again = question.state === 'answered'
  const [text, setText] = useState(question.answer?.text ?? '')
  const [tell, setTell] = useState(true)
  const [missing, setMissing] = useState(false)
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/questions/{questionid}/answer', {
          params: { path: { company, questionid: question.id } },
          body: { text, tell, version: question.version },
        }),
      ),
    onSuccess: (saved) => {
      notifications.show({ message: t('questions.answered'), color: 'pine' })
      onDone()
      return take(saved)
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(!text.trim())
        if (text.trim()) save.mutate()
      }}
    >
      <Stack gap="sm">
        <Textarea
          size="md"
          aria-label={t('questions.answer')}
          description={t('questions.answerHint')}
          autosize
          minRows={4}
          maxRows={20}
          maxLength={5000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={missing && !text.trim() ? t('questions.answerNeeded') : null}
        />
        {again && (
          <Checkbox label={t('questions.answerTell')} checked={tell} onChange={(event) => setTell(event.currentTarget.checked)} />
        )}
        {save.error && <Failed error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t(again ? 'questions.answerSave' : 'questions.answerSubmit')}
          </Button>
          {again && (
            <Button variant="default" onClick={onDone}>
              {t('app.cancel')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
