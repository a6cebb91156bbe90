import { ActionIcon, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Absence } from '../api/shapes'
import { fullDate, localDate, shortDay, weekdayLetter } from '../clock/clock'
import { datesOf, monthName, monthOf, shift } from '../clock/month'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { leaveKey, spanText } from './leave'
import classes from './leave.module.css'
import { onDate } from './calendar'

/** Who of one's team is away in a month, without saying why. */
export function TeamCalendar() {
  const { t } = useTranslation()
  const { company, role, time_zone: zone } = useMe()
  const today = localDate(new Date(), zone)
  const [month, setMonth] = useState(() => monthOf(today))
  const dates = datesOf(month)
  const from = dates[0] ?? ''
  const to = dates.at(-1) ?? ''
  const answer = useQuery({
    queryKey: [...leaveKey(company), 'calendar', month],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/leave/calendar', { params: { path: { company }, query: { from, to } } })),
    placeholderData: keepPreviousData,
  })
  const absences = answer.data?.absences ?? []
  const people = [...new Map(absences.map((one) => [one.username, one.name]))].sort((a, b) => a[1].localeCompare(b[1]))
  // On a narrow screen, today is not hidden behind the days that have passed.
  const scroller = useCallback((node: HTMLDivElement | null) => {
    const now = node?.querySelector<HTMLElement>('[data-today]')
    if (node && now) node.scrollLeft = now.offsetLeft - node.clientWidth / 2
  }, [])
  const all = role === 'admin' || role === 'auditor'
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-label={t('leave.team')} data-testid="team-calendar">
      <Stack gap="sm">
        <Group justify="space-between">
          <div>
            <Title order={2}>{t('leave.team')}</Title>
            <Text size="sm" c="dimmed">
              {t(all ? 'leave.everyoneLead' : 'leave.teamLead')}
            </Text>
          </div>
          <Group gap={6} wrap="nowrap">
            <ActionIcon variant="default" size={36} aria-label={t('leave.previous')} onClick={() => setMonth(shift(month, -1))}>
              <IconChevronLeft size={18} />
            </ActionIcon>
            <Text miw={128} ta="center" fw={540} lh={1.25}>
              {monthName(month)}
            </Text>
            <ActionIcon variant="default" size={36} aria-label={t('leave.next')} onClick={() => setMonth(shift(month, 1))}>
              <IconChevronRight size={18} />
            </ActionIcon>
          </Group>
        </Group>
        {answer.isPending && <Rows count={3} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data && people.length === 0 && (
          <Text c="dimmed" size="sm" py="sm">
            {t('leave.teamEmpty')}
          </Text>
        )}
        {people.length > 0 && (
          <div className={classes.scroll} ref={scroller} tabIndex={0} role="region" aria-label={monthName(month)}>
            <table className={classes.calendar}>
              <thead>
                <tr>
                  <td className={classes.name} />
                  {dates.map((date) => (
                    <th key={date} scope="col" data-today={date === today || undefined} title={fullDate(date)} aria-label={fullDate(date)}>
                      {weekdayLetter(date)}
                      <br />
                      {shortDay(date).day}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {people.map(([username, name]) => (
                  <Person key={username} name={name} dates={dates} absences={absences.filter((one) => one.username === username)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Stack>
    </Paper>
  )
}

function Person({ name, dates, absences }: { name: string; dates: string[]; absences: Absence[] }) {
  const { t } = useTranslation()
  return (
    <tr>
      <th scope="row" className={classes.name} title={name}>
        {name}
      </th>
      {dates.map((date) => {
        const found = absences.filter((one) => one.from <= date && date <= one.to)
        return (
          <td key={date}>
            {found.map((one) => {
              const text = one.pending ? `${spanText(one)}, ${t('leave.pendingMark')}` : spanText(one)
              return (
                <span
                  key={one.from + one.start}
                  role="img"
                  aria-label={text}
                  title={text}
                  data-half={onDate(one, date)}
                  data-pending={one.pending || undefined}
                  data-first={date === one.from || undefined}
                  data-last={date === one.to || undefined}
                />
              )
            })}
          </td>
        )
      })}
    </tr>
  )
}
