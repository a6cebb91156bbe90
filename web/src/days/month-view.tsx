import { Button, Group, Paper, Stack } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { localDate } from '../clock/clock'
import { monthOf } from '../clock/month'
import { MonthStepper } from '../clock/month-stepper'
import { SheetMenu } from '../reports/sheet-menu'
import { Empty, Failed, Rows } from '../shell/states'
import { DayRow } from './day-row'
import { MonthTotals } from './month-totals'

interface Props {
  company: string
  username: string
  /** The company's zone; a person elsewhere has their own. */
  zone: string
  /** Show why each punch was believed, which is the admin's concern. */
  decisions?: boolean
  /** Where the address names a month: that, and what changes the address. */
  month?: string
  onMonth?: (month: string) => void
  /** Days can be corrected: the admin edits them, a person asks about their own. */
  correct?: 'edit' | 'ask'
}

export function MonthView({ company, username, zone, decisions = false, month: asked, onMonth, correct }: Props) {
  const { t } = useTranslation()
  const [chosen, choose] = useState(() => monthOf(localDate(new Date(), zone)))
  const month = asked ?? chosen
  const setMonth = (next: string) => {
    choose(next)
    onMonth?.(next)
  }
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
  const correctable = (date: string) =>
    date <= today && (correct === 'edit' || (correct === 'ask' && date >= (answer.data?.correctable_from || '9999')))
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <MonthStepper month={month} onMonth={setMonth} label={t('days.month')} previous={t('days.previous')} next={t('days.next')} />
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
              <DayRow
                key={day.date}
                day={day}
                zone={local}
                decisions={decisions}
                correcting={correctable(day.date) ? { company, username, edit: correct === 'edit' } : undefined}
              />
            ))}
          </Paper>
        </>
      )}
    </Stack>
  )
}
