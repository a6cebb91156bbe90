import { Alert, Button, Checkbox, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconUsers } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { Problem } from '../api/problem'
import type { Leave, LeaveSpan } from '../api/shapes'
import { shortDate } from '../clock/clock'
import { DateRangeField } from '../clock/date-field'
import { problemText } from '../locale/problem-text'
import { days, leaveKey } from './leave'

interface Props {
  company: string
  username: string
  /** Whose leave the admin enters; absent: one's own. */
  name?: string
  leave: Leave
  opened: boolean
  onClose: () => void
}

export function RequestForm(props: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.name ? t('leave.enterTitle', { name: props.name }) : t('leave.ask')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Form {...props} />
    </Modal>
  )
}

type Part = LeaveSpan['start']

function Form({ company, username, name, leave, onClose }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const kinds = leave.balances.filter((one) => one.may_request)
  const [kind, setKind] = useState(kinds[0]?.type_id ?? '')
  const [dates, setDates] = useState<[string | null, string | null]>([null, null])
  const [part, setPart] = useState<Part>('full')
  const [startHalf, setStartHalf] = useState(false)
  const [endHalf, setEndHalf] = useState(false)
  const [reason, setReason] = useState('')
  const [from, to] = dates
  const halves = kinds.find((one) => one.type_id === kind)?.half_days ?? false
  const span: LeaveSpan | null =
    from && to
      ? from === to
        ? { from, to, start: halves ? part : 'full', end: halves ? part : 'full' }
        : { from, to, start: halves && startHalf ? 'second_half' : 'full', end: halves && endHalf ? 'first_half' : 'full' }
      : null
  const params = { path: { company, username } }
  const preview = useQuery({
    queryKey: [...leaveKey(company), 'preview', username, kind, span],
    queryFn: ({ signal }) =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/leave/preview', {
          params,
          body: { type_id: kind, ...(span as LeaveSpan) },
          signal,
        }),
      ),
    enabled: span !== null && kind !== '',
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const send = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/leave/requests', {
          params,
          body: { type_id: kind, ...(span as LeaveSpan), reason: reason.trim() },
        }),
      ),
    onSuccess: (request) => {
      notifications.show({ message: t('leave.sent', { name: request.decider_name ?? '' }), color: 'pine' })
      onClose()
      return queries.invalidateQueries({ queryKey: leaveKey(company) })
    },
  })
  const answer = span && !preview.isPlaceholderData ? preview.data : undefined
  const unlimited = kinds.find((one) => one.type_id === kind)?.unlimited
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (answer?.allowed) send.mutate()
      }}
    >
      <Stack>
        <Select
          label={t('leave.kind')}
          data={kinds.map((one) => ({ value: one.type_id, label: one.type }))}
          value={kind}
          onChange={(value) => value && setKind(value)}
          allowDeselect={false}
          data-autofocus
        />
        <DateRangeField label={t('leave.dates')} description={t('leave.datesHint')} value={dates} onChange={setDates} />
        {span && halves && from === to && (
          <div>
            <Text size="sm" fw={500} mb={4} id="leave-part">
              {t('leave.part')}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="leave-part"
              value={part}
              onChange={(value) => setPart(value)}
              data={(['full', 'first_half', 'second_half'] as const).map((value) => ({ value, label: t(`leave.${value}`) }))}
            />
          </div>
        )}
        {span && halves && from !== to && (
          <Group gap="lg">
            <Checkbox
              label={t('leave.startHalf', { date: shortDate(span.from) })}
              checked={startHalf}
              onChange={(event) => setStartHalf(event.currentTarget.checked)}
            />
            <Checkbox
              label={t('leave.endHalf', { date: shortDate(span.to) })}
              checked={endHalf}
              onChange={(event) => setEndHalf(event.currentTarget.checked)}
            />
          </Group>
        )}
        <Textarea
          size="md"
          label={t('leave.reason')}
          description={t('leave.reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={300}
          autosize
          minRows={2}
        />
        <div aria-live="polite">
          {span && preview.error && <Alert color="red">{problemText(preview.error)}</Alert>}
          {answer && (
            <Stack gap="xs" data-testid="preview">
              {answer.allowed ? (
                <Alert color="pine">
                  {t('leave.takes', { days: days(answer.days) })}
                  {!unlimited && ` ${t('leave.leaves', { days: days(answer.left) })}`}
                </Alert>
              ) : (
                <Alert color="red">{problemText(new Problem(answer.code ?? '', answer.detail ?? ''))}</Alert>
              )}
              <Group gap={6} wrap="nowrap" c="dimmed" fz="sm">
                <IconUsers size={16} style={{ flex: 'none' }} />
                {answer.away.length > 0
                  ? t('leave.away', { names: [...new Set(answer.away.map((one) => one.name))].join(', ') })
                  : t('leave.nobodyAway')}
              </Group>
            </Stack>
          )}
        </div>
        {send.error && (
          <Alert color="red" role="alert">
            {problemText(send.error)}
          </Alert>
        )}
        <Button type="submit" disabled={!answer?.allowed} loading={send.isPending}>
          {name ? t('leave.enter') : t('leave.send')}
        </Button>
      </Stack>
    </form>
  )
}
