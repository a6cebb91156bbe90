import { ActionIcon, Button, Group, Paper, Stack } from '@mantine/core'
import { MonthPickerInput } from '@mantine/dates'
import { IconCalendarOff, IconCalendarEvent, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { localDate } from '../clock/clock'
import { SheetMenu } from '../reports/sheet-menu'
import { Empty, Failed, Rows } from '../shell/states'
import { DayRow } from './day-row'
import { monthName, shift } from './month'
import { MonthTotals } from './month-totals'

interface Props {
  company: string
  username: string
  /** The company's zone; a person elsewhere has their own. */
  zone: string
  /** Show why each punch was believed, which is the admin's concern. */
  decisions?: boolean
}

export function MonthView({ company, username, zone, decisions = false }: Props) {
  const { t } = useTranslation()
  const present = localDate(new Date(), zone).slice(0, 7)
  const [month, setMonth] = useState(present)
  const [ahead, setAhead] = useState(false)
  const answer = useQuery({
    queryKey: ['days', company, username, month],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/days', {
          params: { path: { company, username }, query: { month } },
        }),
      ),
  })
  const local = answer.data?.time_zone ?? zone
  const today = localDate(new Date(), local)
  const known = (answer.data?.days ?? []).filter((day) => day.day_status !== 'none')
  const days = known.filter((day) => ahead || day.date <= today || day.punches.length > 0)
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Group gap={6} wrap="nowrap">
          <ActionIcon variant="default" size={42} aria-label={t('days.previous')} onClick={() => setMonth(shift(month, -1))}>
            <IconChevronLeft size={20} />
          </ActionIcon>
          <MonthPickerInput
            aria-label={`${t('days.month')}: ${monthName(month)}`}
            value={`${month}-01`}
            onChange={(value) => value && setMonth(value.slice(0, 7))}
            valueFormat="MMMM YYYY"
            leftSection={<IconCalendarEvent size={18} />}
            size="md"
            w={210}
          />
          <ActionIcon variant="default" size={42} aria-label={t('days.next')} onClick={() => setMonth(shift(month, 1))}>
            <IconChevronRight size={20} />
          </ActionIcon>
        </Group>
        <Group gap="xs">
          {days.length < known.length && (
            <Button variant="subtle" size="sm" onClick={() => setAhead(true)}>
              {t('day.ahead')}
            </Button>
          )}
          <SheetMenu company={company} username={username} period={{ month }} />
        </Group>
      </Group>
      {answer.isPending && <Rows count={5} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && days.length === 0 && (
        <Empty icon={IconCalendarOff} title={t('days.empty')} hint={t('days.emptyHint')} />
      )}
      {answer.data && days.length > 0 && (
        <>
          <MonthTotals totals={answer.data.totals} />
          <Paper style={{ overflow: 'hidden' }}>
            {[...days].reverse().map((day) => (
              <DayRow key={day.date} day={day} zone={local} decisions={decisions} />
            ))}
          </Paper>
        </>
      )}
    </Stack>
  )
}
