import {
  ActionIcon,
  Alert,
  Button,
  Divider,
  Group,
  Modal,
  NumberInput,
  Paper,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { TimeInput } from '@mantine/dates'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconInfoCircle, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Shift, ShiftFields } from '../api/shapes'
import { Failed } from '../shell/states'
import { DayBar } from './day-bar'
import { minutesOf, overMidnight } from './plan'
import { fieldsOf, rosterKey, shiftsKey } from './shifts'

type Break = NonNullable<ShiftFields['breaks']>[number]

const usual: ShiftFields = {
  name: '',
  start: '10:00',
  end: '17:00',
  flexible: false,
  core_start: '',
  core_end: '',
  late_grace_minutes: 10,
  early_grace_minutes: 10,
  window_before_minutes: 120,
  window_after_minutes: 240,
  full_minutes: 300,
  half_minutes: 180,
  breaks: [],
  overtime: { from: 'end', step_minutes: 15, least_minutes: 30 },
}

interface Props {
  opened: boolean
  onClose: () => void
  company: string
  /** The shift to change. */
  shift?: Shift | undefined
  /** What a new shift begins with. */
  like?: Shift | undefined
}

export function ShiftForm({ opened, onClose, shift, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={shift ? t('shifts.editTitle', { name: shift.name }) : t('shifts.addTitle')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Fields shift={shift} onClose={onClose} {...rest} />
    </Modal>
  )
}

function initial(shift?: Shift, like?: Shift, copyName?: string): ShiftFields {
  const from = shift ?? like
  if (!from) return usual
  const fields = fieldsOf(from)
  return {
    ...usual,
    ...fields,
    breaks: fields.breaks ?? [],
    overtime: { ...usual.overtime, step_minutes: 0, least_minutes: 0, ...fields.overtime },
    ...(like && { name: copyName ?? '', retired: false }),
  }
}

function Fields({ shift, like, onClose, company }: Omit<Props, 'opened'>) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const form = useForm<ShiftFields>({
    initialValues: initial(shift, like, like && t('shifts.copyOf', { name: like.name })),
    validate: {
      name: (value) => (value.trim() ? null : t('shifts.needName')),
      start: (value) => (minutesOf(value) === null ? t('shifts.needTime') : null),
      end: (value) => (minutesOf(value) === null ? t('shifts.needTime') : null),
    },
  })
  const values = form.values
  const save = useMutation({
    mutationFn: (fields: ShiftFields) => {
      const body = tidy(fields)
      return shift
        ? ok(
            api.PUT('/api/v1/companies/{company}/shifts/{shift_id}', {
              params: { path: { company, shift_id: shift.id } },
              body: { ...body, version: shift.version },
            }),
          )
        : ok(api.POST('/api/v1/companies/{company}/shifts', { params: { path: { company } }, body }))
    },
    onSuccess: () => {
      onClose()
      notifications.show({ message: t('app.saved'), color: 'pine' })
      void queries.invalidateQueries({ queryKey: rosterKey(company) })
      void queries.invalidateQueries({ queryKey: ['days'] })
      return queries.invalidateQueries({ queryKey: shiftsKey(company) })
    },
  })
  const number = (field: 'late_grace_minutes' | 'early_grace_minutes' | 'window_before_minutes' | 'window_after_minutes' | 'full_minutes' | 'half_minutes', most: number) => ({
    min: 0,
    max: most,
    step: 5,
    allowDecimal: false,
    suffix: t('shifts.minutes'),
    ...form.getInputProps(field),
    onChange: (value: number | string) => form.setFieldValue(field, Number(value) || 0),
  })
  return (
    <form onSubmit={form.onSubmit((fields) => save.mutate(fields))} noValidate>
      <Stack>
        {shift && (
          <Alert color="marigold" icon={<IconInfoCircle />}>
            {t('shifts.warning')}
          </Alert>
        )}
        <TextInput label={t('shifts.name')} data-autofocus {...form.getInputProps('name')} />
        <SimpleGrid cols={2}>
          <TimeInput size="md" label={t('shifts.start')} {...form.getInputProps('start')} />
          <TimeInput
            size="md"
            label={overMidnight(values) ? `${t('shifts.end')} (${t('shifts.nextDay').toLowerCase().replace('.', '')})` : t('shifts.end')}
            {...form.getInputProps('end')}
          />
        </SimpleGrid>
        <DayBar shift={values} />
        <Switch
          label={t('shifts.flexible')}
          description={t('shifts.flexibleHint')}
          {...form.getInputProps('flexible', { type: 'checkbox' })}
        />
        {values.flexible ? (
          <div>
            <SimpleGrid cols={2}>
              <TimeInput size="md" label={t('shifts.coreStart')} {...form.getInputProps('core_start')} />
              <TimeInput size="md" label={t('shifts.coreEnd')} {...form.getInputProps('core_end')} />
            </SimpleGrid>
            <Text size="sm" c="dimmed" mt={4}>
              {t('shifts.coreHint')}
            </Text>
          </div>
        ) : null}
        <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'end' }}>
          <NumberInput label={t('shifts.lateGrace')} {...number('late_grace_minutes', 240)} />
          <NumberInput label={t('shifts.earlyGrace')} {...number('early_grace_minutes', 240)} />
          <NumberInput label={t('shifts.full')} {...number('full_minutes', 1440)} />
          <NumberInput label={`${t('shifts.half')} (${t('shifts.halfHint').toLowerCase().replace('.', '')})`} {...number('half_minutes', 1440)} />
          <NumberInput label={t('shifts.before')} {...number('window_before_minutes', 720)} />
          <NumberInput label={t('shifts.after')} {...number('window_after_minutes', 720)} />
        </SimpleGrid>
        <Divider />
        <Breaks breaks={values.breaks ?? []} flexible={values.flexible ?? false} onChange={(breaks) => form.setFieldValue('breaks', breaks)} />
        <Divider />
        <SimpleGrid cols={{ base: 1, xs: 3 }} style={{ alignItems: 'end' }}>
          <Select
            label={t('shifts.overtime')}
            allowDeselect={false}
            data={(['none', 'end', 'required'] as const).map((value) => ({ value, label: t(`shifts.overtimes.${value}`) }))}
            {...form.getInputProps('overtime.from')}
          />
          {values.overtime.from !== 'none' && (
            <>
              <NumberInput
                label={t('shifts.step')}
                min={0}
                max={240}
                step={5}
                allowDecimal={false}
                suffix={t('shifts.minutes')}
                {...form.getInputProps('overtime.step_minutes')}
                onChange={(value) => form.setFieldValue('overtime.step_minutes', Number(value) || 0)}
              />
              <NumberInput
                label={t('shifts.least')}
                min={0}
                max={720}
                step={5}
                allowDecimal={false}
                suffix={t('shifts.minutes')}
                {...form.getInputProps('overtime.least_minutes')}
                onChange={(value) => form.setFieldValue('overtime.least_minutes', Number(value) || 0)}
              />
            </>
          )}
        </SimpleGrid>
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

// What does not apply is left out, so that it cannot be wrong.
function tidy({ core_start, core_end, breaks, overtime, ...fields }: ShiftFields): ShiftFields {
  return {
    ...fields,
    name: fields.name.trim(),
    ...(fields.flexible && (core_start || core_end) && { core_start: core_start ?? '', core_end: core_end ?? '' }),
    breaks: (breaks ?? []).map((pause) =>
      pause.minutes ? { name: pause.name ?? '', minutes: pause.minutes, rule: pause.rule } : { ...pause, minutes: 0 },
    ),
    overtime: overtime.from === 'none' ? { from: 'none' } : overtime,
  }
}

function Breaks(props: { breaks: Break[]; flexible: boolean; onChange: (breaks: Break[]) => void }) {
  const { t } = useTranslation()
  const { breaks, flexible, onChange } = props
  const change = (index: number, next: Partial<Break>) =>
    onChange(breaks.map((pause, i) => (i === index ? { ...pause, ...next } : pause)))
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text fw={560}>{t('shifts.breaks')}</Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={breaks.length >= 6}
          onClick={() =>
            onChange([...breaks, flexible ? { minutes: 60, rule: 'deducted' } : { from: '13:00', to: '14:00', rule: 'deducted' }])
          }
        >
          {t('shifts.addBreak')}
        </Button>
      </Group>
      {breaks.map((pause, index) => (
        <Paper key={index} p="sm" radius="md">
          <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'end' }}>
            <TextInput
              label={t('shifts.breakName')}
              value={pause.name ?? ''}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
            />
            <Select
              label={t('shifts.rule')}
              allowDeselect={false}
              data={(['deducted', 'punched', 'paid'] as const).map((value) => ({ value, label: t(`shifts.rules.${value}`) }))}
              value={pause.rule}
              onChange={(rule) => rule && change(index, { rule })}
            />
            <SegmentedControl
              aria-label={t('shifts.breakKind')}
              disabled={flexible}
              data={[
                { value: 'fixed', label: t('shifts.breakFixed') },
                { value: 'length', label: t('shifts.breakLength') },
              ]}
              value={pause.minutes ? 'length' : 'fixed'}
              onChange={(kind) =>
                change(index, kind === 'length' ? { minutes: 30, from: '', to: '' } : { minutes: 0, from: '13:00', to: '14:00' })
              }
            />
            <Group gap="xs" wrap="nowrap" align="flex-end">
              {pause.minutes ? (
                <NumberInput
                  aria-label={t('shifts.breakMinutes')}
                  min={1}
                  max={600}
                  step={5}
                  allowDecimal={false}
                  suffix={t('shifts.minutes')}
                  value={pause.minutes}
                  onChange={(value) => change(index, { minutes: Number(value) || 1 })}
                  style={{ flex: 1 }}
                />
              ) : (
                <>
                  <TimeInput
                    size="md"
                    aria-label={t('shifts.breakFrom')}
                    value={pause.from ?? ''}
                    onChange={(event) => change(index, { from: event.currentTarget.value })}
                    style={{ flex: 1 }}
                  />
                  <TimeInput
                    size="md"
                    aria-label={t('shifts.breakTo')}
                    value={pause.to ?? ''}
                    onChange={(event) => change(index, { to: event.currentTarget.value })}
                    style={{ flex: 1 }}
                  />
                </>
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                size={42}
                aria-label={t('shifts.removeBreak')}
                onClick={() => onChange(breaks.filter((_, i) => i !== index))}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </Group>
          </SimpleGrid>
        </Paper>
      ))}
    </Stack>
  )
}
