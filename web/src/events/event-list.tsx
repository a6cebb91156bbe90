import { ActionIcon, Badge, Group, Paper, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { CalendarEvent } from '../api/shapes'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import classes from './calendar.module.css'
import { kindColor, useCalendarChanged, whenText } from './events'

/** The events of a month in words; the admin changes and removes them here. */
export function EventList({ events, onEdit }: { events: CalendarEvent[]; onEdit?: (event: CalendarEvent) => void }) {
  return (
    <Paper px={{ base: 'md', sm: 'lg' }} py={4}>
      <ul className={classes.list}>
        {events.map((event) => (
          <Row key={event.id} event={event} onEdit={onEdit} />
        ))}
      </ul>
    </Paper>
  )
}

function Row({ event, onEdit }: { event: CalendarEvent; onEdit?: (event: CalendarEvent) => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const changed = useCalendarChanged(company)
  const [asking, setAsking] = useState(false)
  const { title } = event
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/events/{date}/{event_id}', {
          params: { path: { company, date: event.date, event_id: event.id }, query: { version: event.version } },
        }),
      ),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('events.removed', { title }), color: 'pine' })
      return changed()
    },
  })
  return (
    <li className={classes.row} data-testid={`event-${title}`}>
      <div className={classes.what}>
        <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {whenText(event)}
          {event.subject && `, ${t('events.forSubject', { subject: event.subject })}`}
        </Text>
        {event.note && (
          <Text size="sm" mt={2} className={classes.note}>
            {event.note}
          </Text>
        )}
      </div>
      <Badge color={kindColor[event.kind]} variant="light" tt="none">
        {t(`events.kind.${event.kind}`)}
      </Badge>
      {onEdit && (
        <Group gap={4} wrap="nowrap">
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('events.editOf', { title })} onClick={() => onEdit(event)}>
            <IconPencil size={18} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={`${t('events.remove')} ${title}`}
            onClick={() => setAsking(true)}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Group>
      )}
      <Confirm
        opened={asking}
        title={t('events.removeTitle', { title })}
        text={t(event.kind === 'event' ? 'events.removeEvent' : 'events.removeHoliday')}
        yes={t('events.remove')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      />
    </li>
  )
}
