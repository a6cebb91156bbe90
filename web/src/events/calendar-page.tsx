import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendarOff, IconFileImport, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CalendarEvent } from '../api/shapes'
import { localDate } from '../clock/clock'
import { datesOf, monthOf } from '../clock/month'
import { MonthStepper } from '../clock/month-stepper'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { EventForm } from './event-form'
import { EventList } from './event-list'
import { touches, useEvents, weeksOf } from './events'
import { ImportForm } from './import-form'
import { MonthGrid } from './month-grid'
import { OptionalCard } from './optional-card'
import { OptionalSetting } from './optional-setting'

/** The company's holidays and events; the admin keeps them, others read what concerns them. */
export function CalendarPage() {
  const { t } = useTranslation()
  const me = useMe()
  const today = localDate(new Date(), me.time_zone)
  const present = monthOf(today)
  const [month, setMonth] = useState(present)
  const [editing, setEditing] = useState<CalendarEvent | string>()
  const [importing, files] = useDisclosure()
  const shown = weeksOf(month).flat()
  const answer = useEvents(me.company, shown[0] ?? '', shown.at(-1) ?? '')
  const events = answer.data?.events ?? []
  const inMonth = events.filter((event) => datesOf(month).some((date) => touches(event, date)))
  const mayChange = me.role === 'admin'
  const reads = me.role === 'admin' || me.role === 'auditor'
  const lead = reads ? 'events.lead' : me.role === 'manager' ? 'events.leadTeam' : 'events.leadOwn'
  return (
    <>
      <PageTitle title={t('events.title')} sub={t(lead)}>
        {mayChange && (
          <Group gap="xs">
            <Button variant="default" leftSection={<IconFileImport size={18} />} onClick={files.open}>
              {t('events.import')}
            </Button>
            <Button leftSection={<IconPlus size={18} />} onClick={() => setEditing(month === present ? today : datesOf(month)[0])}>
              {t('events.add')}
            </Button>
          </Group>
        )}
      </PageTitle>
      <Group justify="space-between" gap="sm">
        <MonthStepper month={month} onMonth={setMonth} label={t('days.month')} previous={t('events.previous')} next={t('events.next')} />
        {month !== present && (
          <Button variant="subtle" size="sm" onClick={() => setMonth(present)}>
            {t('events.present')}
          </Button>
        )}
      </Group>
      {answer.isPending && <Rows count={6} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && (
        <>
          <MonthGrid month={month} today={today} events={events} onAdd={mayChange ? setEditing : undefined} />
          {inMonth.length > 0 && <EventList events={inMonth} onEdit={mayChange ? setEditing : undefined} />}
          {inMonth.length === 0 &&
            (mayChange ? (
              <Empty icon={IconCalendarOff} title={t('events.empty')} hint={t('events.emptyHint')} />
            ) : (
              <Text size="sm" c="dimmed" px="xs">
                {t('events.emptyOwn')}
              </Text>
            ))}
        </>
      )}
      {!reads && <OptionalCard username={me.username} />}
      {reads && <OptionalSetting />}
      <EventForm of={editing} onClose={() => setEditing(undefined)} />
      <ImportForm opened={importing} onClose={files.close} />
    </>
  )
}
