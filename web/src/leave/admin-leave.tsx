import { Button, Center, Group, Paper, Select, Tabs, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBeach } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { LeaveRequest } from '../api/shapes'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { useWaitingCorrections } from '../corrections/corrections'
import { ToDecide } from './decide-page'
import { datesText, leaveKey, useLeaveTypes, useWaiting, type LeaveTypes } from './leave'
import classes from './leave.module.css'
import { RequestRow } from './request-row'
import { TeamCalendar } from './team-calendar'
import { TypesTab } from './types-tab'

/** The whole company's leave. An auditor decides and changes nothing. */
export function AdminLeave() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const decides = role === 'admin'
  const types = useLeaveTypes(company)
  return (
    <>
      <PageTitle
        title={t('leave.title')}
        sub={types.data && t('leave.year', { dates: datesText(types.data.year_begin, types.data.year_end) })}
      />
      {types.isPending && <Rows count={4} />}
      {types.error && <Failed error={types.error} retry={() => void types.refetch()} />}
      {types.data && <LeaveTabs types={types.data} decides={decides} />}
    </>
  )
}

function LeaveTabs({ types, decides }: { types: LeaveTypes; decides: boolean }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const days = useWaitingCorrections(company, decides).data?.corrections.length ?? 0
  const waiting = (useWaiting(company, decides).data?.requests.length ?? 0) + days
  // Without any kind of leave there is nothing else to do.
  const [tab, setTab] = useState<string | null>(types.types.length === 0 ? 'types' : decides ? 'decide' : 'requests')
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List mb="md">
        {decides && (
          <Tabs.Tab value="decide">
            {t('leave.tab.decide')}
            {waiting > 0 && ` (${waiting})`}
          </Tabs.Tab>
        )}
        <Tabs.Tab value="requests">{t('leave.tab.requests')}</Tabs.Tab>
        <Tabs.Tab value="calendar">{t('leave.tab.calendar')}</Tabs.Tab>
        <Tabs.Tab value="types">{t('leave.tab.types')}</Tabs.Tab>
      </Tabs.List>
      {decides && (
        <Tabs.Panel value="decide">
          <ToDecide />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="requests">
        <AllRequests />
      </Tabs.Panel>
      <Tabs.Panel value="calendar">
        <TeamCalendar />
      </Tabs.Panel>
      <Tabs.Panel value="types">
        <TypesTab answer={types} />
      </Tabs.Panel>
    </Tabs>
  )
}

const states = ['open', 'requested', 'second_level', 'approved', 'refused', 'cancelled', 'cancel_asked'] as const

function AllRequests() {
  const { t } = useTranslation()
  const { company } = useMe()
  const [state, setState] = useState<'open' | LeaveRequest['state'] | null>(null)
  const [typed, setTyped] = useState('')
  const [who] = useDebouncedValue(typed.trim(), 300)
  const answer = useInfiniteQuery({
    queryKey: [...leaveKey(company), 'all', state, who],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/v1/companies/{company}/leave/requests', {
          params: {
            path: { company },
            query: { limit: 30, ...(state && { state }), ...(who && { username: who }), ...(pageParam && { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
  const requests = answer.data?.pages.flatMap((page) => page.requests) ?? []
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="all-requests">
      <Group align="flex-end" mb="sm">
        <Select
          label={t('leave.filterState')}
          placeholder={t('leave.anyState')}
          clearable
          data={states.map((value) => ({ value, label: value === 'open' ? t('leave.filterOpen') : t(`leave.state.${value}`) }))}
          value={state}
          onChange={setState}
        />
        <TextInput
          label={t('leave.filterWho')}
          placeholder={t('signIn.username')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Group>
      {answer.isPending && <Rows count={5} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && requests.length === 0 && (
        <Empty icon={IconBeach} title={t('leave.noRequests')} hint={t('leave.noRequestsHint')} />
      )}
      <ul className={classes.list}>
        {requests.map((request) => (
          <RequestRow key={request.id} request={request} named />
        ))}
      </ul>
      {answer.hasNextPage && (
        <Center mt="sm">
          <Button variant="default" size="xs" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            <Text inherit>{t('leave.more')}</Text>
          </Button>
        </Center>
      )}
    </Paper>
  )
}
