import { Button, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { QuestionDetail } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { lengthProblem, MAX, MIN } from './question-field'
import { useTakeQuestion } from './question-page'

/** Puts a question on the public page, worded as everybody may read it. */
export function PublishCard({ question }: { question: QuestionDetail }) {
  const { t } = useTranslation()
  const { company, time_zone: zone } = useMe()
  const take = useTakeQuestion(company)
  const [text, setText] = useState(question.public_text ?? question.text)
  const path = { company, questionid: question.id }
  const publish = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/questions/{questionid}/publication', {
          params: { path },
          body: { text, version: question.version },
        }),
      ),
    onSuccess: take,
  })
  const withdraw = useMutation({
    mutationFn: () =>
      ok(api.DELETE('/api/v1/companies/{company}/questions/{questionid}/publication', { params: { path } })),
    onSuccess: take,
  })
  const problem = lengthProblem(text)
  const published = question.published_at
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="publish-card">
      <Stack gap="sm">
        <div>
          <Title order={2}>{t('questions.publication')}</Title>
          <Text size="sm" c="dimmed">
            {published ? t('questions.publishedSince', { when: dateAndTime(published, zone) }) : t('questions.publicationLead')}
          </Text>
        </div>
        <Textarea
          size="md"
          label={t('questions.wording')}
          description={t('questions.wordingHint')}
          autosize
          minRows={2}
          maxRows={12}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={problem && t(problem, { min: MIN, max: MAX })}
        />
        {(publish.error ?? withdraw.error) && <Failed error={publish.error ?? withdraw.error} />}
        <Group>
          <Button
            loading={publish.isPending}
            disabled={problem !== null || (published !== undefined && text === question.public_text)}
            onClick={() => publish.mutate()}
          >
            {t(published ? 'questions.publishAgain' : 'questions.publish')}
          </Button>
          {published && (
            <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
              {t('questions.withdraw')}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  )
}
