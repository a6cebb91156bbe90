import { Alert, Anchor, Button, Center, Paper, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBeach, IconChecklist, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useWaitingCorrections } from '../corrections/corrections'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { AdminLeave } from './admin-leave'
import { BalanceCards } from './balance-cards'
import { datesText, useLeave, useLeaveOf, useWaiting } from './leave'
import classes from './leave.module.css'
import { RequestForm } from './request-form'
import { RequestRow } from './request-row'
import { TeamCalendar } from './team-calendar'

/** A person's own leave; the whole company's for who runs or audits it. */
export function LeavePage() {
  const { role } = useMe()
  return role === 'admin' || role === 'auditor' ? <AdminLeave /> : <OwnLeave />
}

function OwnLeave() {
  const { t } = useTranslation()
  const { company, username } = useMe()
  const [asking, ask] = useDisclosure()
  const answer = useLeave(company, username)
  const leave = answer.data
  return (
    <>
      <PageTitle
        title={t('leave.title')}
        sub={leave && t('leave.year', { dates: datesText(leave.year_begin, leave.year_end) })}
      >
        {leave?.may_request && (
          <Button leftSection={<IconPlus size={20} />} onClick={ask.open}>
            {t('leave.ask')}
          </Button>
        )}
      </PageTitle>
      <DecideLink />
      {answer.isPending && <Rows count={4} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {leave && leave.balances.length === 0 && <Empty icon={IconBeach} title={t('leave.none')} hint={t('leave.noneHint')} />}
      {leave && leave.balances.length > 0 && (
        <>
          <BalanceCards company={company} username={username} leave={leave} />
          <RequestsOf company={company} username={username} />
          <RequestForm company={company} username={username} leave={leave} opened={asking} onClose={ask.close} />
        </>
      )}
      <TeamCalendar />
    </>
  )
}

/** Leads who stands in for a manager to what waits. */
function DecideLink() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const stands = role === 'employee'
  const waiting = useWaiting(company, stands).data?.requests.length ?? 0
  const days = useWaitingCorrections(company, stands).data?.corrections.length ?? 0
  if (!stands || waiting + days === 0) return null
  return (
    <Alert color="marigold" icon={<IconChecklist />} data-testid="decide-link">
      {waiting > 0 && `${t('leave.decideLink', { count: waiting })} `}
      {days > 0 && `${t('corrections.decideLink', { count: days })} `}
      <Anchor component={Link} to="/to-decide" inherit>
        {t('leave.look')}
      </Anchor>
    </Alert>
  )
}

export function RequestsOf({ company, username }: { company: string; username: string }) {
  const { t } = useTranslation()
  const answer = useLeaveOf(company, username)
  const requests = answer.data?.pages.flatMap((page) => page.requests) ?? []
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-label={t('leave.mine')}>
      <Title order={2} mb="xs">
        {t('leave.mine')}
      </Title>
      {answer.isPending && <Rows count={3} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && requests.length === 0 && (
        <Empty icon={IconBeach} title={t('leave.noRequests')} hint={t('leave.noRequestsHint')} />
      )}
      <ul className={classes.list}>
        {requests.map((request) => (
          <RequestRow key={request.id} request={request} />
        ))}
      </ul>
      {answer.hasNextPage && (
        <Center mt="sm">
          <Button variant="default" size="xs" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('leave.more')}
          </Button>
        </Center>
      )}
    </Paper>
  )
}
