import { Anchor, Badge, Button, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Delivery } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { useDeliveries, useSendAgain, type DeliveryState } from './deliveries'
import { kindName, targetName } from './kinds'
import '../locale/office'

/** The server counts no further. */
const MOST = 1000

/** What did not arrive yet, or never did. */
export function DeliveriesPage() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const [state, setState] = useState<DeliveryState>('dead')
  const [asking, setAsking] = useState(false)
  const answer = useDeliveries(company, state)
  const again = useSendAgain(company, (count) => {
    setAsking(false)
    notifications.show({ message: t('deliveries.sent', { count }), color: 'pine' })
  })
  const first = answer.data?.pages[0]
  const all = answer.data?.pages.flatMap((page) => page.deliveries) ?? []
  const counted = (label: string, count?: number) => {
    if (!count) return label
    return `${label} (${count >= MOST ? t('deliveries.many', { count }) : String(count)})`
  }
  return (
    <>
      <Stack gap={4}>
        <Anchor component={Link} to="/settings" size="sm">
          {t('deliveries.back')}
        </Anchor>
        <PageTitle title={t('deliveries.title')} sub={t('deliveries.lead')}>
          {role === 'admin' && (first?.dead ?? 0) > 0 && (
            <Button leftSection={<IconRefresh size={18} />} onClick={() => setAsking(true)}>
              {t('deliveries.sendAll')}
            </Button>
          )}
        </PageTitle>
      </Stack>
      <Stack>
        <SegmentedControl
          value={state}
          onChange={setState}
          data={[
            { value: 'dead', label: counted(t('deliveries.dead'), first?.dead) },
            { value: 'waiting', label: counted(t('deliveries.waiting'), first?.waiting) },
          ]}
          maw={420}
        />
        {answer.isPending && <Rows count={4} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {again.error && !asking && <Failed error={again.error} />}
        {answer.data && all.length === 0 && (
          <Empty
            icon={IconCircleCheck}
            title={t(state === 'dead' ? 'deliveries.none' : 'deliveries.noneWaiting')}
            hint={t(state === 'dead' ? 'deliveries.noneHint' : 'deliveries.noneWaitingHint')}
          />
        )}
        {all.map((delivery) => (
          <Row
            key={`${delivery.notice_id}/${delivery.channel ?? ''}/${delivery.target ?? ''}`}
            delivery={delivery}
            mayChange={role === 'admin'}
            pending={again.isPending && again.variables?.notice_id === delivery.notice_id && again.variables.target === delivery.target}
            onAgain={() => {
              const { notice_id, channel, target } = delivery
              again.mutate({ notice_id, ...(channel && { channel }), ...(target && { target }) })
            }}
          />
        ))}
        {answer.hasNextPage && (
          <Group>
            <Button variant="default" size="sm" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
              {t('deliveries.more')}
            </Button>
          </Group>
        )}
      </Stack>
      <Confirm
        opened={asking}
        title={t('deliveries.sendAllTitle')}
        text={t('deliveries.sendAllHint')}
        yes={t('deliveries.sendAll')}
        pending={again.isPending}
        error={again.error}
        onYes={() => again.mutate(null)}
        onClose={() => setAsking(false)}
      />
    </>
  )
}

function Row({ delivery, mayChange, pending, onAgain }: { delivery: Delivery; mayChange: boolean; pending: boolean; onAgain: () => void }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const dead = Boolean(delivery.dead_at)
  const channel = delivery.channel ?? ''
  const known: Record<string, string> = {
    webhook: t('deliveries.channel.webhook'),
    mail: t('deliveries.channel.mail'),
    slack: t('deliveries.channel.slack'),
  }
  const facts = [
    t('deliveries.happened', { when: dateAndTime(delivery.at, zone) }),
    ...(delivery.tries > 0 ? [t('deliveries.tries', { count: delivery.tries })] : []),
    ...(delivery.dead_at ? [t('deliveries.gaveUp', { when: dateAndTime(delivery.dead_at, zone) })] : []),
    ...(delivery.due_at && delivery.tries > 0 ? [t('deliveries.next', { when: dateAndTime(delivery.due_at, zone) })] : []),
  ]
  return (
    <Paper p="md" data-testid="delivery">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ flex: 1, minWidth: 220 }}>
          <Group gap="xs">
            <Text fw={580}>{kindName(t, delivery.kind)}</Text>
            {(delivery.person_name ?? delivery.person) && <Text>{delivery.person_name ?? delivery.person}</Text>}
            <Badge variant="light" color={dead ? 'red' : 'gray'}>
              {channel ? (known[channel] ?? channel) : t('deliveries.spreading')}
            </Badge>
          </Group>
          {delivery.target && (
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {t('deliveries.to', { target: targetName(t, delivery) })}
            </Text>
          )}
          {delivery.reason && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {delivery.reason}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {facts.join(' • ')}
          </Text>
        </Stack>
        {mayChange && (
          <Button size="xs" variant="default" leftSection={<IconRefresh size={16} />} loading={pending} onClick={onAgain}>
            {t(dead ? 'deliveries.again' : 'deliveries.now')}
          </Button>
        )}
      </Group>
    </Paper>
  )
}
