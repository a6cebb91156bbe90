import { Button, Center, Group, Paper, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DateField } from '../clock/date-field'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Failed, Rows } from '../shell/states'
import { all, download, useAudit, type Action, type Filter } from './audit'
import { EntryRow } from './entry-row'
import { ProofCard } from './proof-card'
import '../locale/office'

const actions: Action[] = ['create', 'change', 'delete', 'refuse', 'look']

/** Who did what to whom in the company. */
export function AuditPage() {
  const { t } = useTranslation()
  const { company, time_zone: zone } = useMe()
  const [filter, setFilter] = useState(all)
  const [asked] = useDebouncedValue(filter, 300)
  const answer = useAudit(company, asked)
  const entries = answer.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <>
      <PageTitle title={t('audit.title')}>
        <Exports filter={filter} />
      </PageTitle>
      <Text c="dimmed" size="sm" maw={760} mt={-12}>
        {t('audit.lead')}
      </Text>
      <ProofCard head={answer.data?.pages[0]?.head} />
      <Filters filter={filter} onChange={setFilter} />
      {answer.isPending && <Rows count={8} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && entries.length === 0 && (
        <Paper p="xl">
          <Center>
            <Text c="dimmed">{t('audit.nothing')}</Text>
          </Center>
        </Paper>
      )}
      {entries.length > 0 && (
        <Paper component="ul" m={0} p={0} style={{ listStyle: 'none', overflow: 'hidden' }}>
          {entries.map((entry) => (
            <EntryRow key={entry.seq} entry={entry} zone={zone} />
          ))}
        </Paper>
      )}
      {answer.hasNextPage && (
        <Center>
          <Button variant="default" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('audit.older')}
          </Button>
        </Center>
      )}
    </>
  )
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation()
  const date = (field: 'from' | 'to') => ({
    value: filter[field],
    onChange: (value: string | null) => onChange({ ...filter, [field]: value ?? '' }),
    clearable: true,
    style: { flex: '1 1 18rem', maxWidth: 340 },
  })
  const text = (field: Exclude<keyof Filter, 'action' | 'from' | 'to'>) => ({
    value: filter[field],
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...filter, [field]: event.currentTarget.value }),
    style: { flex: '1 1 9rem', maxWidth: 280 },
  })
  const empty = Object.values(filter).every((value) => value === '')
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={t('audit.title')}>
      <DateField label={t('audit.from')} maxDate={filter.to || undefined} {...date('from')} />
      <DateField label={t('audit.to')} minDate={filter.from || undefined} {...date('to')} />
      <TextInput label={t('audit.actor')} placeholder={t('audit.username')} {...text('actor')} maxLength={64} />
      <TextInput label={t('audit.person')} placeholder={t('audit.username')} {...text('person')} maxLength={64} />
      <Select
        label={t('audit.what')}
        placeholder={t('audit.anything')}
        data={actions.map((action) => ({ value: action, label: t(`audit.action.${action}`) }))}
        value={filter.action || null}
        onChange={(action) => onChange({ ...filter, action: action ?? '' })}
        clearable
        style={{ flex: '1 1 13rem' }}
      />
      <TextInput label={t('audit.operation')} placeholder={t('audit.operationHint')} {...text('operation')} maxLength={100} />
      <Button variant="default" disabled={empty} onClick={() => onChange(all)}>
        {t('audit.clear')}
      </Button>
    </Group>
  )
}

function Exports({ filter }: { filter: Filter }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const save = useMutation({
    mutationFn: (format: 'csv' | 'jsonl') => download(company, filter, format),
    onError: () => notifications.show({ message: t('audit.exportFailed'), color: 'red' }),
  })
  return (
    <Group gap="xs">
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          leftSection={<IconDownload size={18} />}
          loading={save.isPending && save.variables === format}
          onClick={() => save.mutate(format)}
        >
          {t(`audit.${format}`)}
        </Button>
      ))}
    </Group>
  )
}
