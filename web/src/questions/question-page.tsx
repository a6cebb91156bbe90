import { Anchor, Badge, Button, Group, Paper, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconArrowLeft, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { QuestionDetail } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { employeesKey } from '../employees/employees'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { PageTitle } from '../shell/page-title'
import { Failed, Rows } from '../shell/states'
import { AnswerCard } from './answer-card'
import { AlikeCard, MergedCard } from './merge-cards'
import { PublishCard } from './publish-card'
import { StateBadges, useAsker } from './question-row'
import { questionKey, questionsKey, useQuestion } from './questions'
import classes from './questions.module.css'

/** One question, from new to published. */
export function QuestionPage() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const { id } = useParams({ from: '/frame/questions/$id' })
  const answer = useQuestion(company, id)
  const question = answer.data
  const admin = role === 'admin'
  return (
    <>
      <Anchor component={Link} to="/questions" size="sm">
        <Group gap={6} component="span">
          <IconArrowLeft size={16} />
          {t('questions.back')}
        </Group>
      </Anchor>
      {answer.isPending && <Rows count={6} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {/* What is being typed stays when only something else of the question changes. */}
      {question && (
        <Stack gap="lg" maw={820} key={question.id}>
          <QuestionCard question={question} />
          {question.state !== 'merged' && <AnswerCard key={`${question.state} ${question.answer?.at ?? ''}`} question={question} />}
          {question.state === 'answered' && admin && <PublishCard key={`${question.published_at ?? ''} ${question.public_text ?? ''}`} question={question} />}
          <MergedCard question={question} />
          {question.state !== 'merged' && admin && <AlikeCard question={question} />}
        </Stack>
      )}
    </>
  )
}

/** Takes what a change was answered with, and has the lists loaded anew. */
export function useTakeQuestion(company: string) {
  const queries = useQueryClient()
  return (saved: QuestionDetail) => {
    queries.setQueryData(questionKey(company, saved.id), saved)
    return queries.invalidateQueries({
      queryKey: questionsKey(company),
      predicate: ({ queryKey }) => !(queryKey[2] === 'one' && queryKey[3] === saved.id),
    })
  }
}

function QuestionCard({ question }: { question: QuestionDetail }) {
  const { t } = useTranslation()
  const { company, role, time_zone: zone } = useMe()
  const take = useTakeQuestion(company)
  const asker = useAsker()
  const { asker: who } = question
  const move = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/questions/{questionid}/state', {
          params: { path: { company, questionid: question.id } },
          body: { state: 'in_progress', version: question.version },
        }),
      ),
    onSuccess: take,
  })
  const mayMove = role !== 'auditor' && (question.state === 'new' || question.state === 'answered')
  return (
    <>
      <PageTitle title={t('questions.title')}>
        <StateBadges question={question} />
      </PageTitle>
      <Paper p={{ base: 'md', sm: 'lg' }}>
        <Stack gap="sm">
          <Text fz="lg" className={classes.prose} data-testid="question-text">
            {question.text}
          </Text>
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {t('questions.asked', { when: dateAndTime(question.at, zone) })} {t('questions.byWhom', { name: asker(question) })}
              {who.name && who.email && ` (${who.email})`}
              {question.forgotten_at && `. ${t('questions.forgotten', { when: dateAndTime(question.forgotten_at, zone) })}`}
            </Text>
            {question.category && (
              <Badge color="gray" variant="light" tt="none">
                {question.category}
              </Badge>
            )}
          </Group>
          {role === 'admin' && question.state !== 'merged' && <Assignee question={question} />}
          {move.error && <Failed error={move.error} />}
          {role !== 'auditor' && (
            <Group gap="xs">
              {mayMove && (
                <Button variant="default" size="sm" loading={move.isPending} onClick={() => move.mutate()}>
                  {t(question.state === 'new' ? 'questions.begin' : 'questions.reopen')}
                </Button>
              )}
              {role === 'admin' && <Remove question={question} />}
            </Group>
          )}
        </Stack>
      </Paper>
    </>
  )
}

function Assignee({ question }: { question: QuestionDetail }) {
  const { t } = useTranslation()
  const { company, company_name: name } = useMe()
  const take = useTakeQuestion(company)
  const managers = useQuery({
    queryKey: [...employeesKey(company), 'managers', 'all'],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees', {
          params: { path: { company }, query: { role: 'manager', active: 'true', limit: 200 } },
        }),
      ),
  })
  const assign = useMutation({
    mutationFn: (assignee: string) =>
      ok(
        api.PUT('/api/v1/companies/{company}/questions/{questionid}/assignee', {
          params: { path: { company, questionid: question.id } },
          body: { assignee, version: question.version },
        }),
      ),
    onSuccess: take,
  })
  const data = [
    { value: company, label: t('questions.admin', { name }) },
    ...(managers.data?.employees ?? []).map((one) => ({ value: one.username, label: one.name })),
  ]
  // Whoever has it stays among the options, even if they are no manager any more.
  if (question.assignee && !data.some(({ value }) => value === question.assignee))
    data.push({ value: question.assignee, label: question.assignee_name ?? question.assignee })
  return (
    <div>
      <Select
        label={t('questions.assignee')}
        placeholder={t('questions.nobody')}
        clearable
        searchable
        maw={340}
        data={data}
        value={question.assignee ?? null}
        onChange={(value) => assign.mutate(value ?? '')}
        disabled={assign.isPending}
      />
      {assign.error && <Failed error={assign.error} />}
    </div>
  )
}

function Remove({ question }: { question: QuestionDetail }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const [asking, ask] = useDisclosure()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/questions/{questionid}', {
          params: { path: { company, questionid: question.id } },
        }),
      ),
    onSuccess: async () => {
      notifications.show({ message: t('questions.removed'), color: 'pine' })
      await navigate({ to: '/questions' })
      queries.removeQueries({ queryKey: questionKey(company, question.id) })
      await queries.invalidateQueries({ queryKey: questionsKey(company) })
    },
  })
  return (
    <>
      <Button variant="subtle" color="red" size="sm" leftSection={<IconTrash size={16} />} onClick={ask.open}>
        {t('questions.remove')}
      </Button>
      <Confirm
        opened={asking}
        title={t('questions.removeTitle')}
        text={t('questions.removeText')}
        yes={t('questions.remove')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={ask.close}
      />
    </>
  )
}
