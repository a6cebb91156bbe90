import { Alert, Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Question, QuestionDetail } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { StateBadges, useAsker } from './question-row'
import { questionsKey } from './questions'
import classes from './questions.module.css'

function useDone() {
  const { company } = useMe()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: questionsKey(company) })
}

/** Others that may be the same question. */
export function AlikeCard({ question }: { question: QuestionDetail }) {
  const { t } = useTranslation()
  if (question.alike.length === 0) return null
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="alike-card">
      <Title order={2}>{t('questions.alike')}</Title>
      <Text size="sm" c="dimmed">
        {t('questions.alikeLead')}
      </Text>
      {question.alike.map((one) => (
        <Other key={one.id} question={one} note={t('questions.alikePercent', { percent: Math.round(one.similarity * 100) })}>
          <Merge question={one} into={question.id} />
        </Other>
      ))}
    </Paper>
  )
}

/** What is merged into a question, or the one that it is merged into. */
export function MergedCard({ question }: { question: QuestionDetail }) {
  const { t } = useTranslation()
  const { role } = useMe()
  if (question.into)
    return (
      <Alert color="gray">
        <Stack gap="xs" align="flex-start">
          {t('questions.mergedInto')}
          <Group gap="md">
            <Anchor component={Link} to={`/questions/${question.into}`} inherit>
              {t('questions.mergedShow')}
            </Anchor>
            {role === 'admin' && <TakeOut question={question} />}
          </Group>
        </Stack>
      </Alert>
    )
  if (question.merged.length === 0) return null
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="merged-card">
      <Title order={2}>{t('questions.mergedIn')}</Title>
      {question.merged.map((one) => (
        <Other key={one.id} question={one} note={one.mail && t(`questions.mail.${one.mail}`)}>
          {role === 'admin' && <TakeOut question={one} />}
        </Other>
      ))}
    </Paper>
  )
}

function Other({ question, note, children }: { question: Question; note?: string; children: React.ReactNode }) {
  const { time_zone: zone } = useMe()
  const asker = useAsker()
  return (
    <div className={classes.item}>
      <Anchor component={Link} to={`/questions/${question.id}`} c="inherit">
        <Text className={classes.text}>{question.text}</Text>
      </Anchor>
      <Group justify="space-between" gap="xs" mt={6}>
        <Text size="sm" c="dimmed">
          {[asker(question), dateAndTime(question.at, zone), note].filter(Boolean).join(', ')}
        </Text>
        <Group gap="xs">
          <StateBadges question={question} />
          {children}
        </Group>
      </Group>
    </div>
  )
}

function Merge({ question, into }: { question: Question; into: string }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const done = useDone()
  const merge = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/questions/{questionid}/merge', {
          params: { path: { company, questionid: question.id } },
          body: { into, version: question.version },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: t('questions.mergeDone'), color: 'pine' })
      return done()
    },
  })
  return (
    <>
      <Button
        variant="default"
        size="xs"
        loading={merge.isPending}
        onClick={() => merge.mutate()}
        aria-label={t('questions.mergeOf', { text: question.text.slice(0, 80) })}
      >
        {t('questions.merge')}
      </Button>
      {merge.error && <Failed error={merge.error} />}
    </>
  )
}

function TakeOut({ question }: { question: Question }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const done = useDone()
  const out = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/questions/{questionid}/merge', {
          params: { path: { company, questionid: question.id } },
        }),
      ),
    onSuccess: done,
  })
  return (
    <>
      <Button
        variant="default"
        size="xs"
        loading={out.isPending}
        onClick={() => out.mutate()}
        aria-label={t('questions.takeOutOf', { text: question.text.slice(0, 80) })}
      >
        {t('questions.takeOut')}
      </Button>
      {out.error && <Failed error={out.error} />}
    </>
  )
}
