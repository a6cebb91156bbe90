import { Badge, Button, Center, Group, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { OwnQuestion } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { fieldErrors } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Failed, Rows } from '../shell/states'
import { lengthProblem, MAX, MIN, QuestionField } from './question-field'
import { ownKey, useCounts, useOwnQuestions } from './questions'
import classes from './questions.module.css'

/** Where one of the company's people asks, and reads the answers. */
export function MyQuestionsPage() {
  const { t } = useTranslation()
  const { company, username, role } = useMe()
  const answer = useOwnQuestions(company, username)
  const mine = answer.data?.pages.flatMap((page) => page.questions) ?? []
  return (
    <>
      <PageTitle title={t('myQuestions.title')} sub={t('myQuestions.lead')}>
        {role === 'manager' && <ToAnswer />}
      </PageTitle>
      <Stack gap="lg" maw={820}>
        <Paper p={{ base: 'md', sm: 'lg' }}>
          <OwnForm categories={answer.data?.pages[0]?.categories ?? []} />
        </Paper>
        <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-label={t('myQuestions.mine')}>
          <Title order={2}>{t('myQuestions.mine')}</Title>
          {answer.isPending && <Rows count={3} />}
          {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
          {answer.data && mine.length === 0 && <Text c="dimmed">{t('myQuestions.none')}</Text>}
          {mine.map((one) => (
            <Own key={one.id} question={one} />
          ))}
          {answer.hasNextPage && (
            <Center mt="sm">
              <Button variant="default" size="xs" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
                {t('questions.more')}
              </Button>
            </Center>
          )}
        </Paper>
      </Stack>
    </>
  )
}

function ToAnswer() {
  const { t } = useTranslation()
  const { company } = useMe()
  const count = useCounts(company).data?.mine ?? 0
  return (
    <Button component={Link} to="/questions" variant={count > 0 ? 'filled' : 'default'}>
      {t('myQuestions.toAnswer')}
      {count > 0 && ` (${count})`}
    </Button>
  )
}

function OwnForm({ categories }: { categories: string[] }) {
  const { t } = useTranslation()
  const { company, username, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { text: '', category: null as string | null },
    validate: {
      text: (value) => {
        const problem = lengthProblem(value)
        return problem && t(problem, { min: MIN, max: MAX })
      },
    },
  })
  const ask = useMutation({
    mutationFn: ({ text, category }: typeof form.values) =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/questions', {
          params: { path: { company, username } },
          body: { text, ...(category && { category }) },
        }),
      ),
    onSuccess: () => {
      form.reset()
      notifications.show({ message: t('myQuestions.sent'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: ownKey(company, username) })
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), ['text', 'category'])),
  })
  return (
    <form onSubmit={form.onSubmit((values) => ask.mutate(values))} noValidate>
      <Stack>
        <QuestionField
          {...form.getInputProps('text')}
          value={form.values.text}
          onChange={(value) => form.setFieldValue('text', value)}
          zone={zone}
          alikeKey={['questions', company]}
          alike={(text, signal) =>
            ok(api.POST('/api/v1/companies/{company}/answers-alike', { params: { path: { company } }, body: { text }, signal }))
          }
        />
        {categories.length > 0 && (
          <Select
            label={`${t('ask.category')} (${t('app.optional')})`}
            placeholder={t('questions.noCategory')}
            clearable
            data={categories}
            {...form.getInputProps('category')}
          />
        )}
        {ask.error && Object.keys(form.errors).length === 0 && <Failed error={ask.error} />}
        <Group>
          <Button type="submit" loading={ask.isPending}>
            {t('ask.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Own({ question }: { question: OwnQuestion }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  return (
    <div className={classes.item} data-testid="own-question">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Text className={`${classes.text} ${classes.prose}`}>{question.text}</Text>
        <Badge color={question.open ? 'marigold' : 'pine'} variant="light" tt="none" style={{ flex: 'none' }}>
          {t(question.open ? 'myQuestions.waiting' : 'myQuestions.answered')}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        {[dateAndTime(question.at, zone), question.category].filter(Boolean).join(', ')}
      </Text>
      {question.answer && (
        <div className={classes.quote}>
          <Text mt="sm" className={classes.prose}>
            {question.answer}
          </Text>
          {question.answered_at && (
            <Text size="sm" c="dimmed">
              {t('myQuestions.answeredBy', { name: question.answered_by ?? '', when: dateAndTime(question.answered_at, zone) })}
            </Text>
          )}
        </div>
      )}
    </div>
  )
}
