import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Employee } from '../api/shapes'
import { CalendarFields } from '../clock/calendar-fields'
import { longDate, localDate } from '../clock/clock'
import { employeeKey, useEmployee } from '../employees/employees'
import { session } from '../session/session'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'

/** In which calendar a person reads dates. */
export function CalendarCard() {
  const { company, username } = useMe()
  const answer = useEmployee(company, username)
  if (!answer.data) return null
  return <Choice company={company} employee={answer.data} />
}

function Choice({ company, employee }: { company: string; employee: Employee }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const queries = useQueryClient()
  const { calendar, both_calendars } = employee
  const [choice, setChoice] = useState({ calendar, both_calendars })
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/employees/{username}/calendar', {
          params: { path: { company, username: employee.username } },
          body: choice,
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: employeeKey(company, employee.username) })
      notifications.show({ message: t('calendar.saved'), color: 'pine' })
      // Who one is carries how dates are written.
      await session.refresh().catch(() => undefined)
    },
  })
  const changed =
    choice.calendar !== calendar || (choice.calendar !== '' && choice.both_calendars !== both_calendars)
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="calendar-card">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack maw={420}>
          <div>
            <Title order={2}>{t('calendar.ownTitle')}</Title>
            <Text size="sm" c="dimmed">
              {t('calendar.ownLead', { date: longDate(localDate(new Date(), zone)) })}
            </Text>
          </div>
          <CalendarFields person value={choice} onChange={setChoice} />
          {save.error && <Failed error={save.error} />}
          <Button type="submit" loading={save.isPending} disabled={!changed} style={{ alignSelf: 'flex-start' }}>
            {t('app.save')}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}
