import { Autocomplete, Button, Group, Modal, SegmentedControl, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { TimeInput } from '@mantine/dates'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { CalendarEvent, EventFields } from '../api/shapes'
import { DateField } from '../clock/date-field'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { useCalendarChanged } from './events'

interface Props {
  /** What is changed, or the date of a new one; nothing: closed. */
  of?: CalendarEvent | string
  onClose: () => void
}

export function EventForm({ of, onClose }: Props) {
  const { t } = useTranslation()
  const title = typeof of === 'object' ? t('events.editTitle', { title: of.title }) : t('events.addTitle')
  return (
    <Modal opened={of !== undefined} onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('app.close') }}>
      {of !== undefined && <Fields of={of} onClose={onClose} />}
    </Modal>
  )
}

// More people than this are found by their department or by the API.
const MOST = 500

function Fields({ of, onClose }: Required<Props>) {
  const { t } = useTranslation()
  const { company } = useMe()
  const changed = useCalendarChanged(company)
  const before = typeof of === 'object' ? of : undefined
  const date = typeof of === 'object' ? of.date : of
  const people = useQuery({
    queryKey: ['employees', company, 'choices'],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees', {
          params: { path: { company }, query: { limit: MOST, active: 'true' } },
        }),
      ),
  })
  const employees = people.data?.employees ?? []
  const departments = [...new Set(employees.map((one) => one.department).filter(Boolean))].sort()
  const form = useForm({
    initialValues: {
      title: before?.title ?? '',
      kind: before?.kind ?? ('holiday'),
      date,
      to: before?.to ?? date,
      start: before?.start ?? '',
      end: before?.end ?? '',
      note: before?.note ?? '',
      scope: before?.scope ?? ('company'),
      subject: before?.subject ?? '',
    },
    validate: {
      title: (value) => (value.trim() ? null : t('events.needName')),
      subject: (value, values) => (values.scope === 'company' || value.trim() ? null : t('events.needSubject')),
      end: (value, values) => (values.kind === 'event' && !value !== !values.start ? t('events.needTimes') : null),
    },
  })
  const { kind, scope } = form.values
  const save = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const body: EventFields = {
        title: values.title,
        kind: values.kind,
        date: values.date,
        to: values.kind === 'optional' ? values.date : values.to,
        scope: values.scope,
        note: values.note,
        ...(values.scope !== 'company' && { subject: values.subject }),
        ...(values.kind === 'event' && values.start && values.end && { start: values.start, end: values.end }),
      }
      if (before === undefined) return ok(api.POST('/api/v1/companies/{company}/events', { params: { path: { company } }, body }))
      return ok(
        api.PUT('/api/v1/companies/{company}/events/{date}/{event_id}', {
          params: { path: { company, date: before.date, event_id: before.id } },
          body: { ...body, version: before.version },
        }),
      )
    },
    onSuccess: (saved) => {
      onClose()
      notifications.show({ message: t('events.added', { title: saved.title }), color: 'pine' })
      return changed()
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <TextInput label={t('events.name')} maxLength={200} data-autofocus {...form.getInputProps('title')} />
        <div>
          <SegmentedControl
            fullWidth
            aria-label={t('events.kindLabel')}
            data={(['holiday', 'optional', 'event'] as const).map((value) => ({ value, label: t(`events.kind.${value}`) }))}
            value={kind}
            onChange={(value) => form.setFieldValue('kind', value)}
          />
          <Text size="sm" c="dimmed" mt={6}>
            {t(`events.kindHint.${kind}`)}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <DateField
            label={t('events.from')}
            value={form.values.date}
            onChange={(value) => value && form.setValues({ date: value, to: value > form.values.to || form.values.to === form.values.date ? value : form.values.to })}
          />
          {kind !== 'optional' && (
            <DateField
              label={t('events.to')}
              minDate={form.values.date}
              value={form.values.to}
              onChange={(value) => value && form.setFieldValue('to', value)}
            />
          )}
          {kind === 'event' && (
            <>
              <TimeInput label={t('events.start')} {...form.getInputProps('start')} />
              <TimeInput label={t('events.end')} description="" {...form.getInputProps('end')} />
            </>
          )}
        </SimpleGrid>
        {kind === 'event' && (
          <Text size="sm" c="dimmed" mt={-8}>
            {t('events.timesHint')}
          </Text>
        )}
        <SegmentedControl
          fullWidth
          aria-label={t('events.scope')}
          data={(['company', 'department', 'person'] as const).map((value) => ({ value, label: t(`events.scopes.${value}`) }))}
          value={scope}
          onChange={(value) => form.setValues({ scope: value, subject: '' })}
        />
        {scope === 'department' && <Autocomplete label={t('events.department')} data={departments} {...form.getInputProps('subject')} />}
        {scope === 'person' && (
          <Select
            label={t('events.person')}
            searchable
            data={employees.map(({ username, name }) => ({ value: username, label: `${name} (${username})` }))}
            {...form.getInputProps('subject')}
            value={form.values.subject || null}
          />
        )}
        <Textarea label={t('events.note')} autosize minRows={2} maxRows={6} maxLength={1000} {...form.getInputProps('note')} />
        {(kind !== 'event' || (before && before.kind !== 'event')) && (
          <Text size="sm" c="dimmed">
            {t('events.follows')}
          </Text>
        )}
        {save.error && <Failed error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('app.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
