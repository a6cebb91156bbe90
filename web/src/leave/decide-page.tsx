import { Alert, Avatar, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconChecklist, IconUsers } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { WaitingLeave } from '../api/shapes'
import { useWaitingCorrections } from '../corrections/corrections'
import { DecideCorrection } from '../corrections/decide-corrections'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { DelegateCard } from './delegate-card'
import { days, leaveKey, spanText, useWaiting } from './leave'
import classes from './leave.module.css'
import { RefuseModal } from './refuse-modal'
import { History } from './request-row'

export function DecidePage() {
  const { t } = useTranslation()
  const { role } = useMe()
  return (
    <>
      <PageTitle title={t('leave.decideTitle')} sub={t('leave.decideLead')} />
      <ToDecide />
      {role === 'manager' && <DelegateCard />}
    </>
  )
}

/** The requests and corrections that wait for whoever is signed in. */
export function ToDecide() {
  const { t } = useTranslation()
  const { company } = useMe()
  const answer = useWaiting(company)
  const days = useWaitingCorrections(company)
  if (answer.isPending || days.isPending) return <Rows count={4} />
  if (answer.error) return <Failed error={answer.error} retry={() => void answer.refetch()} />
  if (days.error) return <Failed error={days.error} retry={() => void days.refetch()} />
  const { corrections } = days.data
  if (answer.data.requests.length === 0 && corrections.length === 0)
    return <Empty icon={IconChecklist} title={t('leave.decideNone')} hint={t('leave.decideNoneHint')} />
  return (
    <Stack gap="md">
      {answer.data.requests.map((request) => (
        <Decide key={request.id} request={request} />
      ))}
      {corrections.length > 0 && <Title order={2}>{t('corrections.toDecide')}</Title>}
      {corrections.map((correction) => (
        <DecideCorrection key={correction.id} correction={correction} />
      ))}
    </Stack>
  )
}

function Decide({ request }: { request: WaitingLeave }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const [refusing, refuse] = useDisclosure()
  const { name } = request
  const back = request.state === 'cancel_asked'
  const decide = useMutation({
    mutationFn: ({ approve, note }: { approve: boolean; note: string }) =>
      ok(
        api.POST('/api/v1/companies/{company}/leave/requests/{leaveid}/decision', {
          params: { path: { company, leaveid: request.id } },
          body: { approve, note, version: request.version },
        }),
      ),
    onSuccess: ({ state, decider_name: decider }) => {
      refuse.close()
      const known = state === 'approved' || state === 'refused' || state === 'second_level' || state === 'cancelled'
      notifications.show({
        message: t(`leave.decided.${known && !(back && state === 'approved') ? state : 'other'}`, { name, decider: decider ?? '' }),
        color: 'pine',
      })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: leaveKey(company) }),
  })
  const away = [...new Set(request.away.map((one) => one.name))]
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid={`waiting-${request.username}`}>
      <Stack gap="sm">
        <Group justify="space-between" gap="md">
          <Group wrap="nowrap">
            <Avatar name={name} color="pine" size={44} aria-hidden />
            <div>
              <Group gap="xs">
                <Title order={3}>{name}</Title>
                {request.for_name && (
                  <Badge color="gray" variant="light" tt="none">
                    {t('leave.decideFor', { name: request.for_name })}
                  </Badge>
                )}
                {request.state !== 'requested' && (
                  <Badge color="marigold" variant="light" tt="none">
                    {t(back ? 'leave.decideBack' : 'leave.decideSecond')}
                  </Badge>
                )}
              </Group>
              <Text>{spanText(request)}</Text>
              <Text size="sm" c="dimmed">
                {request.type}, {days(request.days)}
              </Text>
            </div>
          </Group>
          <Group gap="xs">
            <Button
              loading={decide.isPending && decide.variables.approve}
              onClick={() => decide.mutate({ approve: true, note: '' })}
              aria-label={t('leave.approveOf', { name })}
            >
              {t(back ? 'leave.agree' : 'leave.approve')}
            </Button>
            <Button variant="default" onClick={refuse.open} aria-label={t('leave.refuseOf', { name })}>
              {t(back ? 'leave.disagree' : 'leave.refuse')}
            </Button>
          </Group>
        </Group>
        {!request.unlimited && (
          <dl className={classes.facts} style={{ gridTemplateColumns: 'auto auto', justifyContent: 'start' }}>
            <dt>{t('leave.balanceThen')}</dt>
            <dd>{days(request.balance)}</dd>
            <dt>{t('leave.leftAfter')}</dt>
            <dd>{days(request.left)}</dd>
          </dl>
        )}
        <Group gap={6} wrap="nowrap" c={away.length > 0 ? undefined : 'dimmed'} fz="sm">
          <IconUsers size={16} style={{ flex: 'none' }} />
          {away.length > 0 ? t('leave.away', { names: away.join(', ') }) : t('leave.nobodyAway')}
        </Group>
        <History request={request} />
        {decide.error && !refusing && (
          <Alert color="red" role="alert">
            {problemText(decide.error)}
          </Alert>
        )}
      </Stack>
      <RefuseModal
        opened={refusing}
        onClose={refuse.close}
        title={t('leave.refuseTitle', { name })}
        name={name}
        refuse={t(back ? 'leave.disagree' : 'leave.refuse')}
        pending={decide.isPending}
        error={decide.error}
        onRefuse={(note) => decide.mutate({ approve: false, note })}
      />
    </Paper>
  )
}
