import { Badge, Button, Collapse, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { LeaveRequest } from '../api/shapes'
import { dateAndTime, localDate } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { days, leaveKey, spanText } from './leave'
import classes from './leave.module.css'

const colors: Record<LeaveRequest['state'], string> = {
  requested: 'marigold',
  second_level: 'marigold',
  approved: 'pine',
  refused: 'red',
  cancelled: 'gray',
  cancel_asked: 'marigold',
}

/** One request with its history; who may cancels it. */
export function RequestRow({ request, named = false }: { request: LeaveRequest; named?: boolean }) {
  const { t } = useTranslation()
  const { username, role } = useMe()
  const [opened, history] = useDisclosure()
  const mine = request.username === username
  const over = request.state === 'refused' || request.state === 'cancelled'
  const mayCancel = !over && (role === 'admin' || (mine && request.state !== 'cancel_asked'))
  return (
    <li className={classes.row} data-testid={`request-${request.from}`}>
      <div className={classes.line}>
        <div className={classes.what}>
          <Text fw={540}>
            {named && `${request.name}: `}
            {spanText(request)}
          </Text>
          <Text size="sm" c="dimmed">
            {request.type}, {days(request.days)}
            {request.decider_name && `, ${t('leave.waitsFor', { name: request.decider_name })}`}
          </Text>
        </div>
        <Badge color={colors[request.state]} variant="light" tt="none" size="lg">
          {t(`leave.state.${request.state}`)}
        </Badge>
        <Group gap="xs" wrap="nowrap">
          <Button variant="subtle" size="xs" onClick={history.toggle} aria-expanded={opened}>
            {t('leave.history')}
          </Button>
          {mayCancel && <Cancel request={request} />}
        </Group>
      </div>
      <Collapse expanded={opened}>
        <History request={request} />
      </Collapse>
    </li>
  )
}

export function History({ request }: { request: LeaveRequest }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  return (
    <>
      {request.reason && (
        <Text size="sm" mt="xs" style={{ whiteSpace: 'pre-line' }}>
          {t('leave.reason')}: {request.reason}
        </Text>
      )}
      <ol className={classes.steps}>
        {request.history.map((step, index) => (
          <li key={index}>
            {t(`leave.action.${step.action}`)} {step.by_name && t('leave.by', { name: step.by_name })}
            {step.for_name && `, ${t('leave.inPlace', { name: step.for_name })}`}
            <Text span size="xs" c="dimmed" ml={8} className="figures">
              {dateAndTime(step.at, zone)}
            </Text>
            {step.note && (
              <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-line' }}>
                {step.note}
              </Text>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

function Cancel({ request }: { request: LeaveRequest }) {
  const { t } = useTranslation()
  const { company, role, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const [asking, ask] = useDisclosure()
  const begun = request.state === 'approved' && request.from <= localDate(new Date(), zone) && role !== 'admin'
  const cancel = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/leave/requests/{leaveid}/cancel', {
          params: { path: { company, username: request.username, leaveid: request.id } },
          body: {},
        }),
      ),
    onSuccess: (saved) => {
      ask.close()
      notifications.show({
        message: t(saved.state === 'cancel_asked' ? 'leave.cancelAsked' : 'leave.cancelled'),
        color: 'pine',
      })
      return queries.invalidateQueries({ queryKey: leaveKey(company) })
    },
  })
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={ask.open}
        aria-label={t('leave.cancelOf', { dates: spanText(request) })}
      >
        {t('leave.cancel')}
      </Button>
      <Confirm
        opened={asking}
        title={t('leave.cancelTitle')}
        text={`${spanText(request)}. ${t(begun ? 'leave.cancelBegun' : 'leave.cancelHint')}`}
        yes={t('leave.cancel')}
        pending={cancel.isPending}
        error={cancel.error}
        onYes={() => cancel.mutate()}
        onClose={ask.close}
      />
    </>
  )
}
