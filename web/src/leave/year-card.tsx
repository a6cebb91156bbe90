import { Alert, Button, Group, NumberInput, Paper, Select, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { LeaveSettings } from '../api/shapes'
import { shortDate } from '../clock/clock'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { datesText, leaveKey, type LeaveTypes } from './leave'

type Year = LeaveSettings['year']

/** When the leave year begins, and whether everything is approved twice. */
export function YearCard({ answer }: { answer: LeaveTypes }) {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const queries = useQueryClient()
  const { settings } = answer
  const [year, setYear] = useState<Year>(settings.next_year ?? settings.year)
  const [editing, setEditing] = useState(false)
  const monthName = (one: Year) => t(one.calendar === 'bs' ? 'calendar.bsMonths' : 'leave.months', { returnObjects: true })[one.month - 1] ?? ''
  const save = useMutation({
    mutationFn: (change: { year?: Year; second_level?: boolean }) =>
      ok(
        api.PATCH('/api/v1/companies/{company}/leave/settings', {
          params: { path: { company } },
          body: { ...change, ...(settings.version > 0 && { version: settings.version }) },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: t('app.saved'), color: 'pine' })
      setEditing(false)
      return queries.invalidateQueries({ queryKey: leaveKey(company) })
    },
  })
  const months = t(year.calendar === 'bs' ? 'calendar.bsMonths' : 'leave.months', { returnObjects: true })
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="year-card">
      <Stack gap="sm">
        <Title order={2}>{t('leave.yearCard.title')}</Title>
        <Text>
          {t('leave.yearCard.now', {
            day: settings.year.day,
            month: monthName(settings.year),
            dates: datesText(answer.year_begin, answer.year_end),
          })}
        </Text>
        {settings.next_year && (
          <Text c="dimmed">
            {t('leave.yearCard.next', {
              from: shortDate(settings.next_year.from ?? ''),
              day: settings.next_year.day,
              month: monthName(settings.next_year),
            })}
          </Text>
        )}
        {role === 'admin' && !editing && (
          <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => setEditing(true)}>
            {t('leave.yearCard.change')}
          </Button>
        )}
        {editing && (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              save.mutate({ year: { calendar: year.calendar, month: year.month, day: year.day } })
            }}
          >
            <Stack gap="sm" maw={520}>
              <SimpleGrid cols={{ base: 1, xs: 3 }} verticalSpacing="sm">
                <Select
                  label={t('leave.yearCard.calendar')}
                  allowDeselect={false}
                  data={[
                    { value: 'gregorian', label: t('leave.yearCard.gregorian') },
                    { value: 'bs', label: t('leave.yearCard.bs') },
                  ]}
                  value={year.calendar}
                  onChange={(value) =>
                    setYear({ ...year, calendar: value === 'bs' ? 'bs' : 'gregorian', month: value === 'bs' ? 4 : 1, day: 1 })
                  }
                />
                <Select
                  label={t('leave.yearCard.month')}
                  allowDeselect={false}
                  data={months.map((label, index) => ({ value: String(index + 1), label }))}
                  value={String(year.month)}
                  onChange={(value) => setYear({ ...year, month: Number(value) })}
                />
                <NumberInput
                  label={t('leave.yearCard.day')}
                  min={1}
                  max={28}
                  clampBehavior="strict"
                  allowDecimal={false}
                  value={year.day}
                  onChange={(value) => setYear({ ...year, day: Number(value) || 1 })}
                />
              </SimpleGrid>
              {answer.types.length > 0 && (
                <Alert color="marigold">{t('leave.yearCard.later', { date: shortDate(answer.year_end) })}</Alert>
              )}
              <Group>
                <Button type="submit" loading={save.isPending}>
                  {t('app.save')}
                </Button>
                <Button variant="default" onClick={() => setEditing(false)}>
                  {t('app.cancel')}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        <Switch
          label={t('leave.yearCard.second')}
          description={t('leave.yearCard.secondHint')}
          checked={settings.second_level}
          disabled={role !== 'admin' || save.isPending}
          onChange={(event) => save.mutate({ second_level: event.currentTarget.checked })}
        />
        {save.error && (
          <Alert color="red" role="alert">
            {problemText(save.error)}
          </Alert>
        )}
      </Stack>
    </Paper>
  )
}
