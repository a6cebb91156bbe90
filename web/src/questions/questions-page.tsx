import { Alert, Anchor, Button, Center, Group, Menu, Paper, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDownload, IconExternalLink, IconMessageQuestion, IconSearch } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { asProblem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { QuestionRow } from './question-row'
import { download, nothing, useQuestions, useQuestionSettings, type Filter } from './questions'
import classes from './questions.module.css'

const states = ['new', 'in_progress', 'answered', 'merged'] as const

/** What the company was asked; for a manager, what was given to them. */
export function QuestionsPage() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const whole = role !== 'manager'
  const settings = useQuestionSettings(company, whole).data
  const [filter, setFilter] = useState<Filter>(nothing)
  const [search] = useDebouncedValue(filter.search, 300)
  const chosen = { ...filter, search }
  const answer = useQuestions(company, chosen)
  const found = answer.data?.pages.flatMap((page) => page.questions) ?? []
  const searching = search.trim() !== '' || filter.state !== null || filter.category !== null
  const file = useMutation({ mutationFn: (format: 'csv' | 'xlsx') => download(company, chosen, format) })
  const none = searching ? 'noneFound' : whole ? 'none' : 'noneMine'
  return (
    <>
      <PageTitle title={t('questions.title')} sub={t(whole ? 'questions.lead' : 'questions.leadManager')}>
        {settings && (
          <Group gap="xs">
            {settings.open && (
              <Button
                component="a"
                href={`/ask/${company}`}
                target="_blank"
                rel="noopener"
                variant="default"
                leftSection={<IconExternalLink size={18} />}
              >
                {t('questions.publicPage')}
              </Button>
            )}
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" leftSection={<IconDownload size={18} />} loading={file.isPending}>
                  {t('questions.export')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => file.mutate('csv')}>{t('questions.csv')}</Menu.Item>
                <Menu.Item onClick={() => file.mutate('xlsx')}>{t('questions.xlsx')}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        )}
      </PageTitle>
      {file.error && (
        <Alert color="red" role="alert">
          {asProblem(file.error).code === 'offline' ? t('questions.exportFailed') : problemText(file.error)}
        </Alert>
      )}
      {settings && !settings.open && (
        <Alert color="gray" data-testid="page-off">
          {t('questions.publicOff')}{' '}
          {role === 'admin' && (
            <Anchor component={Link} to="/settings" inherit>
              {t('questions.publicTurnOn')}
            </Anchor>
          )}
        </Alert>
      )}
      <Paper p={{ base: 'md', sm: 'lg' }}>
        <Group align="flex-end" mb="sm">
          <TextInput
            style={{ flex: '1 1 14rem' }}
            label={t('questions.search')}
            placeholder={t('questions.searchHint')}
            leftSection={<IconSearch size={18} />}
            type="search"
            maxLength={200}
            value={filter.search}
            onChange={(event) => setFilter({ ...filter, search: event.currentTarget.value })}
          />
          <Select
            label={t('questions.stateLabel')}
            placeholder={t('questions.anyState')}
            clearable
            data={states.map((value) => ({ value, label: t(`questions.state.${value}`) }))}
            value={filter.state}
            onChange={(state) => setFilter({ ...filter, state })}
          />
          {settings && settings.categories.length > 0 && (
            <Select
              label={t('questions.category')}
              placeholder={t('questions.anyCategory')}
              clearable
              data={settings.categories}
              value={filter.category}
              onChange={(category) => setFilter({ ...filter, category })}
            />
          )}
        </Group>
        {answer.isPending && <Rows count={5} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data && found.length === 0 && (
          <Empty icon={IconMessageQuestion} title={t(`questions.${none}`)} hint={t(`questions.${none}Hint`)} />
        )}
        <ul className={classes.list}>
          {found.map((one) => (
            <QuestionRow key={one.id} question={one} />
          ))}
        </ul>
        {answer.hasNextPage && (
          <Center mt="sm">
            <Button variant="default" size="xs" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
              {t('questions.more')}
            </Button>
          </Center>
        )}
      </Paper>
    </>
  )
}
