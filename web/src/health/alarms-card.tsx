import { Alert, Badge, Button, Collapse, Group, Modal, Paper, Select, Stack, Text, Textarea, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { dateAndTime } from '../clock/clock'
import { problemText } from '../locale/problem-text'
import { healthKey, type Alarm } from './health'

interface Shown {
  company: string
  zone: string
  mayChange: boolean
}

/** All alarms, and how many are mailed of them: those that are raised, and
 *  behind a button the calm ones. */
export function AlarmsCard({ alarms, mailed, ...shown }: { alarms: Alarm[]; mailed: number } & Shown) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const raised = alarms.filter(({ state, silence }) => state === 'alarm' || silence)
  const calm = alarms.filter((alarm) => !raised.includes(alarm))
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} data-testid="alarms">
      <Stack>
        <div>
          <Title order={2}>{t('health.alarms.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('health.alarms.mailed', { count: mailed })}
          </Text>
        </div>
        {raised.map((alarm) => (
          <AlarmRow key={alarm.name} alarm={alarm} {...shown} />
        ))}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {t('health.alarms.calm', { count: calm.length })}
          </Text>
          <Button variant="subtle" size="compact-sm" onClick={() => setOpen(!open)} aria-expanded={open} data-testid="calm">
            {t(open ? 'health.alarms.hide' : 'health.alarms.show')}
          </Button>
        </Group>
        <Collapse expanded={open}>
          <Stack gap="md">
            {calm.map((alarm) => (
              <AlarmRow key={alarm.name} alarm={alarm} {...shown} />
            ))}
          </Stack>
        </Collapse>
      </Stack>
    </Paper>
  )
}

function AlarmRow({ alarm, company, zone, mayChange }: { alarm: Alarm } & Shown) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const end = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/health/alarms/{alarm}/silence', { params: { path: { company, alarm: alarm.name } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: healthKey(company) }),
  })
  const raised = alarm.state === 'alarm'
  const [color, word] = raised
    ? (['red', t('health.alarms.raised')] as const)
    : alarm.state === 'ok'
      ? (['pine', t('health.alarms.ok')] as const)
      : (['gray', t('health.alarms.noData')] as const)
  return (
    <Stack gap={4} data-testid={`alarm-${alarm.name}`} data-state={alarm.state}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Badge color={color} variant="light">
            {word}
          </Badge>
          <Text fw={580} style={{ overflowWrap: 'anywhere' }}>
            {alarm.name}
          </Text>
          {alarm.silence && (
            <Badge color="gray" variant="outline">
              {t('health.alarms.silenced', { when: dateAndTime(alarm.silence.until, zone) })}
            </Badge>
          )}
        </Group>
        {mayChange &&
          (alarm.silence ? (
            <Button variant="default" size="compact-sm" loading={end.isPending} onClick={() => end.mutate()}>
              {t('health.alarms.endSilence')}
            </Button>
          ) : (
            <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
              {t('health.alarms.silence')}
            </Button>
          ))}
      </Group>
      {(raised || alarm.silence) && <Text size="sm">{alarm.meaning}</Text>}
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {alarm.rule}
        {' · '}
        {t('health.alarms.since', { when: dateAndTime(alarm.since, zone) })}
        {raised && alarm.value !== undefined && ` · ${t('health.alarms.value', { value: Number(alarm.value.toPrecision(4)) })}`}
        {alarm.untold && !alarm.silence && ` · ${t('health.alarms.untold')}`}
      </Text>
      {alarm.silence && (
        <Text size="sm" c="dimmed">
          {alarm.silence.by}: {alarm.silence.reason}
        </Text>
      )}
      {end.error && (
        <Alert color="red" role="alert">
          {problemText(end.error)}
        </Alert>
      )}
      <Silence opened={asking} onClose={() => setAsking(false)} company={company} name={alarm.name} />
    </Stack>
  )
}

const HOUR = 3_600_000

function Silence({ opened, onClose, company, name }: { opened: boolean; onClose: () => void; company: string; name: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { hours: '4', reason: '' },
    validate: { reason: (value) => (value.trim() ? null : t('health.silence.needReason')) },
  })
  const save = useMutation({
    mutationFn: ({ hours, reason }: typeof form.values) =>
      ok(
        api.PUT('/api/v1/companies/{company}/health/alarms/{alarm}/silence', {
          params: { path: { company, alarm: name } },
          body: { until: new Date(Date.now() + Number(hours) * HOUR).toISOString(), reason: reason.trim() },
        }),
      ),
    onSuccess: () => {
      form.reset()
      onClose()
      return queries.invalidateQueries({ queryKey: healthKey(company) })
    },
  })
  return (
    <Modal opened={opened} onClose={onClose} title={t('health.silence.title', { name })} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <Text size="sm">{t('health.silence.lead')}</Text>
          <Select
            label={t('health.silence.for')}
            allowDeselect={false}
            data={[
              ...[1, 4, 12].map((count) => ({ value: String(count), label: t('health.silence.hours', { count }) })),
              ...[1, 7, 29].map((count) => ({ value: String(24 * count), label: t('health.silence.days', { count }) })),
            ]}
            {...form.getInputProps('hours')}
          />
          <Textarea label={t('health.silence.reason')} description={t('health.silence.reasonHint')} maxLength={500} autosize minRows={2} data-autofocus {...form.getInputProps('reason')} />
          {save.error && (
            <Alert color="red" role="alert">
              {problemText(save.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} data-testid="silence">
              {t('health.alarms.silence')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
