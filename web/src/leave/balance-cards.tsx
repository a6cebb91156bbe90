import { Alert, Badge, Button, Group, Modal, Paper, ScrollArea, Stack, Table, Text, Title } from '@mantine/core'
import { IconHourglassLow } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Leave, LeaveBalance } from '../api/shapes'
import { addDays, shortDate } from '../clock/clock'
import { Failed, Rows } from '../shell/states'
import { days, leaveKey } from './leave'
import classes from './leave.module.css'

/** How somebody stands with each kind of leave. */
export function BalanceCards({ company, username, leave }: { company: string; username: string; leave: Leave }) {
  const [showing, show] = useState<LeaveBalance | null>(null)
  const { t } = useTranslation()
  return (
    <div className={classes.cards}>
      {leave.balances.map((balance) => (
        <BalanceCard key={balance.type_id} balance={balance} today={leave.today} onLedger={() => show(balance)} />
      ))}
      <Modal
        opened={showing !== null}
        onClose={() => show(null)}
        size="xl"
        title={t('leave.ledgerOf', { type: showing?.type ?? '' })}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {showing && <Ledger company={company} username={username} type={showing.type_id} />}
      </Modal>
    </div>
  )
}

/** What lapses within three months: earlier, nobody has to be told. */
function soon(balance: LeaveBalance, today: string) {
  const until = addDays(today, 92)
  return balance.lapsing.filter((one) => one.after <= until)
}

function BalanceCard({ balance, today, onLedger }: { balance: LeaveBalance; today: string; onLedger: () => void }) {
  const { t } = useTranslation()
  return (
    <Paper p="md" data-testid={`balance-${balance.type}`}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Title order={3} style={{ overflowWrap: 'anywhere' }}>
            {balance.type}
          </Title>
          {!balance.paid && (
            <Badge color="gray" variant="light" tt="none" style={{ flex: 'none' }}>
              {t('leave.unpaid')}
            </Badge>
          )}
        </Group>
        {balance.unlimited ? (
          <>
            <Text size="xl" fw={640}>
              {t('leave.unlimited')}
            </Text>
            <Text size="sm" c="dimmed">
              {t('leave.unlimitedTaken', { days: days(balance.taken) })}
            </Text>
          </>
        ) : (
          <>
            <Group gap={8} align="baseline">
              <span className={classes.number} data-testid="available">
                {balance.available}
              </span>
              <Text size="sm" c="dimmed">
                {t('leave.available')}
              </Text>
            </Group>
            <dl className={classes.facts}>
              <dt>{t('leave.given')}</dt>
              <dd>{balance.given}</dd>
              <dt>{t('leave.taken')}</dt>
              <dd data-testid="taken">{balance.taken}</dd>
              <dt>{t('leave.pending')}</dt>
              <dd>{balance.pending}</dd>
            </dl>
            {soon(balance, today).map((one) => (
              <Alert key={one.after} color="marigold" p="xs" icon={<IconHourglassLow size={18} />}>
                {t('leave.lapses', { days: days(one.days), date: shortDate(one.after) })}
              </Alert>
            ))}
          </>
        )}
        <Button variant="subtle" size="xs" mt="auto" style={{ alignSelf: 'flex-start' }} px={0} onClick={onLedger}>
          {t('leave.ledger')}
        </Button>
      </Stack>
    </Paper>
  )
}

function Ledger({ company, username, type }: { company: string; username: string; type: string }) {
  const { t } = useTranslation()
  const answer = useQuery({
    queryKey: [...leaveKey(company), 'entries', username, type],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/leave/entries', {
          params: { path: { company, username }, query: { type } },
        }),
      ),
  })
  const entries = answer.data?.entries ?? []
  if (answer.isPending) return <Rows count={4} />
  if (answer.error) return <Failed error={answer.error} retry={() => void answer.refetch()} />
  if (entries.length === 0) return <Text c="dimmed">{t('leave.ledgerEmpty')}</Text>
  return (
    <ScrollArea>
      <Table verticalSpacing="xs" data-testid="ledger">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('leave.on')}</Table.Th>
            <Table.Th />
            <Table.Th ta="end">{t('leave.person.adjustDays')}</Table.Th>
            <Table.Th ta="end">{t('leave.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry, index) => (
            <Table.Tr key={`${entry.date}-${entry.kind}-${index}`}>
              <Table.Td className="figures">{shortDate(entry.date)}</Table.Td>
              <Table.Td>
                {t(`leave.entry.${entry.kind}`)}
                {entry.note && (
                  <Text size="xs" c="dimmed">
                    {entry.note} {entry.by_name && t('leave.by', { name: entry.by_name })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="end" className="figures">
                {entry.days > 0 ? `+${entry.days}` : entry.days}
              </Table.Td>
              <Table.Td ta="end" className="figures" fw={580}>
                {entry.balance}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  )
}
