import { ActionIcon, Autocomplete, Group, Progress, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPrinter, IconTableOff, IconUserSearch } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { dateOf, localDate } from '../clock/clock'
import { monthName, monthOf } from '../clock/month'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { addSums } from './cells'
import { MakeMenu } from './make-menu'
import { PayrollTab } from './payroll-tab'
import { lastOf, type Period } from './period'
import { PeriodPicker } from './period-picker'
import { PersonSelect } from './person-select'
import { ReportGrid } from './report-grid'
import { filterQuery, kinds, periodQuery, useReport, useTimeSheet, type Filter, type Kind, type ManyKind } from './reports'
import { SheetMenu } from './sheet-menu'

const route = getRouteApi('/frame/reports')

export function ReportsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { report = 'muster' } = route.useSearch()
  const navigate = useNavigate()
  const today = localDate(new Date(), me.time_zone)
  const [period, setPeriod] = useState<Period>({ month: monthOf(today) })
  const [filter, setFilter] = useState<Filter>({ department: '', manager: '' })
  const [person, setPerson] = useState('')
  const [known, setKnown] = useState<string[]>([])
  const [department] = useDebouncedValue(filter.department, 300)
  const choices: Kind[] = ['muster', 'time-sheet', 'late', 'overtime', 'absences', 'balances', ...(me.role === 'manager' ? [] : ['payroll' as const])]
  const when = 'month' in period ? monthName(period.month) : `${dateOf(period.from, 'UTC')} – ${dateOf(period.to, 'UTC')}`
  const asked = { ...filter, department }
  return (
    <>
      <PageTitle title={t(`reports.kind.${report}`)} sub={`${me.company_name}, ${when}`} />
      <Group gap="sm" className="no-print">
        <Select
          aria-label={t('reports.which')}
          data={choices.map((value) => ({ value, label: t(`reports.kind.${value}`) }))}
          value={report}
          onChange={(value) => value && void navigate({ to: '/reports', search: { report: value }, replace: true })}
          allowDeselect={false}
          w={210}
        />
        <PeriodPicker value={period} onChange={setPeriod} />
        {report === 'time-sheet' ? (
          <PersonSelect company={me.company} value={person} onChange={setPerson} label={t('reports.person')} placeholder={t('reports.person')} />
        ) : (
          <>
            <Autocomplete
              aria-label={t('reports.department')}
              placeholder={t('reports.anyDepartment')}
              data={known}
              value={filter.department}
              onChange={(value) => setFilter({ ...filter, department: value })}
              clearable
              size="md"
              w={210}
            />
            {report !== 'payroll' && me.role !== 'manager' && (
              <PersonSelect
                company={me.company}
                value={filter.manager}
                onChange={(manager) => setFilter({ ...filter, manager })}
                label={t('reports.manager')}
                placeholder={t('reports.anyManager')}
                managers
              />
            )}
          </>
        )}
      </Group>
      {report === 'payroll' && <PayrollTab company={me.company} period={period} department={department} mayEdit={me.role === 'admin'} />}
      {report === 'time-sheet' && <TimeSheet company={me.company} username={person} period={period} />}
      {isMany(report) && <Many company={me.company} report={report} period={period} filter={asked} onDepartments={setKnown} known={known} />}
    </>
  )
}

const isMany = (kind: Kind): kind is ManyKind => (kinds as readonly string[]).includes(kind)

interface ManyProps {
  company: string
  report: ManyKind
  period: Period
  filter: Filter
  known: string[]
  /** Tells which departments there are, once all people are there. */
  onDepartments: (names: string[]) => void
}

function Many({ company, report, period, filter, known, onDepartments }: ManyProps) {
  const { t } = useTranslation()
  const answer = useReport(company, report, period, filter)
  const pages = answer.data?.pages
  const { rows, sums, columns } = useMemo(
    () => ({
      rows: (pages ?? []).flatMap((page) => page.rows),
      sums: addSums(pages ?? []),
      columns: pages?.[0]?.columns ?? [],
    }),
    [pages],
  )
  const at = columns.findIndex(({ key }) => key === 'department')
  const found = useMemo(() => [...new Set(rows.map((row) => row.cells[at]).filter((name) => typeof name === 'string' && name !== ''))].sort() as string[], [rows, at])
  if (!filter.department && found.some((name) => !known.includes(name))) onDepartments([...new Set([...known, ...found])].sort())
  const done = (pages ?? []).reduce((sum, page) => sum + page.people, 0)
  const all = pages?.[0]?.all_people ?? 0
  const people = new Set(rows.map(({ username }) => username)).size
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" className="figures" data-testid="report-count">
          {answer.data && `${t('reports.people', { count: people })}${rows.length === people ? '' : `, ${t('reports.rows', { count: rows.length })}`}`}
          {answer.data && report === 'balances' && `. ${t('reports.asOf', { date: dateOf(lastOf(period), 'UTC') })}`}
        </Text>
        <Group gap="xs" className="no-print">
          <ActionIcon variant="default" size={36} aria-label={t('reports.print')} disabled={answer.hasNextPage || rows.length === 0} onClick={() => window.print()}>
            <IconPrinter size={20} />
          </ActionIcon>
          <MakeMenu
            company={company}
            path={`/api/v1/companies/${encodeURIComponent(company)}/reports/${report}/export`}
            query={{ ...periodQuery(period), ...filterQuery(filter) }}
          />
        </Group>
      </Group>
      {answer.hasNextPage && done < all && (
        <Group gap="sm" role="status">
          <Progress value={(100 * done) / all} style={{ flex: 1 }} aria-label={t('app.loading')} />
          <Text size="sm" c="dimmed" className="figures">
            {t('reports.loaded', { done, all })}
          </Text>
        </Group>
      )}
      {answer.isPending && <Rows count={8} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && !answer.hasNextPage && rows.length === 0 && (
        <Empty icon={IconTableOff} title={t('reports.empty')} hint={t('reports.emptyHint')} />
      )}
      {rows.length > 0 && <ReportGrid columns={columns} rows={rows} sums={sums} label={t(`reports.kind.${report}`)} />}
      {rows.length > 0 && report === 'muster' && (
        <Text size="xs" c="dimmed">
          {t('reports.legend')}
        </Text>
      )}
    </Stack>
  )
}

function TimeSheet({ company, username, period }: { company: string; username: string; period: Period }) {
  const { t } = useTranslation()
  const answer = useTimeSheet(company, username, period)
  if (!username) return <Empty icon={IconUserSearch} title={t('reports.choosePerson')} hint={t('reports.choosePersonHint')} />
  return (
    <Stack gap="sm">
      <Group justify="flex-end" gap="xs" className="no-print">
        <ActionIcon variant="default" size={36} aria-label={t('reports.print')} disabled={!answer.data} onClick={() => window.print()}>
          <IconPrinter size={20} />
        </ActionIcon>
        <SheetMenu company={company} username={username} period={period} />
      </Group>
      {answer.isPending && <Rows count={8} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && (
        <ReportGrid columns={answer.data.columns} rows={answer.data.rows} sums={addSums([answer.data])} label={t('reports.kind.time-sheet')} />
      )}
    </Stack>
  )
}
