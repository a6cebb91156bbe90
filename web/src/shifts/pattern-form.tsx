import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Pattern, Shift } from '../api/shapes'
import { Failed } from '../shell/states'
import { patternsKey, rosterKey } from './shifts'
import { weekdays } from './weekdays'

const MAX_WEEKS = 8

interface Props {
  opened: boolean
  onClose: () => void
  company: string
  shifts: Shift[]
  /** The company's days off, with which a new pattern begins. */
  off: readonly string[]
  pattern?: Pattern | undefined
}

export function PatternForm({ opened, onClose, pattern, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={pattern ? t('weeks.editTitle', { name: pattern.name }) : t('weeks.add')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Fields pattern={pattern} onClose={onClose} {...rest} />
    </Modal>
  )
}

function Fields({ onClose, company, shifts, off, pattern }: Omit<Props, 'opened'>) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const offered = shifts.filter((shift) => !shift.retired)
  const usual = weekdays.map((day) => (off.includes(day) ? 'off' : (offered[0]?.id ?? '')))
  const form = useForm({
    initialValues: { name: pattern?.name ?? '', weeks: pattern?.weeks ?? [usual] },
    validate: { name: (value) => (value.trim() ? null : t('shifts.needName')) },
  })
  const { weeks } = form.values
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      pattern
        ? ok(
            api.PUT('/api/v1/companies/{company}/patterns/{pattern_id}', {
              params: { path: { company, pattern_id: pattern.id } },
              body: { ...values, version: pattern.version },
            }),
          )
        : ok(api.POST('/api/v1/companies/{company}/patterns', { params: { path: { company } }, body: values })),
    onSuccess: () => {
      onClose()
      notifications.show({ message: t('app.saved'), color: 'pine' })
      void queries.invalidateQueries({ queryKey: rosterKey(company) })
      void queries.invalidateQueries({ queryKey: ['days'] })
      return queries.invalidateQueries({ queryKey: patternsKey(company) })
    },
  })
  // A retired shift is offered where the pattern has it already.
  const choices = (present: string) => [
    ...shifts.filter((shift) => !shift.retired || shift.id === present).map(({ id, name }) => ({ value: id, label: name })),
    { value: 'off', label: t('weeks.off') },
    { value: '-', label: t('weeks.none') },
  ]
  const set = (week: number, day: number, value: string | null) =>
    form.setFieldValue(
      'weeks',
      weeks.map((days, w) => (w === week ? days.map((shift, d) => (d === day ? (value === '-' || !value ? '' : value) : shift)) : days)),
    )
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <TextInput label={t('shifts.name')} data-autofocus {...form.getInputProps('name')} />
        {weeks.map((week, w) => (
          <div key={w}>
            {weeks.length > 1 && (
              <Text fw={560} mb={4}>
                {t('weeks.week', { number: w + 1 })}
              </Text>
            )}
            <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="xs">
              {week.map((shift, d) => (
                <Select
                  key={d}
                  size="sm"
                  label={t(`rules.days.${weekdays[d] ?? 'sunday'}`)}
                  allowDeselect={false}
                  data={choices(shift)}
                  value={shift || '-'}
                  onChange={(value) => set(w, d, value)}
                />
              ))}
            </SimpleGrid>
          </div>
        ))}
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            disabled={weeks.length >= MAX_WEEKS}
            onClick={() => form.setFieldValue('weeks', [...weeks, weeks.at(-1) ?? usual])}
          >
            {t('weeks.addWeek')}
          </Button>
          {weeks.length > 1 && (
            <Button size="xs" variant="default" onClick={() => form.setFieldValue('weeks', weeks.slice(0, -1))}>
              {t('weeks.removeWeek')}
            </Button>
          )}
          {weeks.length > 1 && (
            <Text size="xs" c="dimmed">
              {t('weeks.cycleHint')}
            </Text>
          )}
        </Group>
        {save.error && <Failed error={save.error} />}
        <Button type="submit" loading={save.isPending}>
          {t('app.save')}
        </Button>
      </Stack>
    </form>
  )
}
