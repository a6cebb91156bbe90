import { Button, Card, CloseButton, Group, Paper, SimpleGrid, Stack, Table, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Board, BoardEntry } from '../api/shapes'
import { clockTime, duration } from '../clock/clock'
import { PersonAvatar } from '../people/person-avatar'
import { pick, workedNow, type Status } from './board'
import classes from './board-list.module.css'
import { DayBadges } from './day-badges'
import { useNow } from '../clock/use-now'

export function BoardList({ board, changed }: { board: Board; changed: string | null }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const [status, setStatus] = useState<Status | 'all'>('all')
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false })
  const entries = pick(board.entries, search, status)
  const clear = () => {
    setSearch('')
    setStatus('all')
  }
  return (
    <Stack gap="md">
      <Counts board={board} status={status} onStatus={setStatus} />
      <TextInput
        placeholder={t('board.search')}
        aria-label={t('board.search')}
        leftSection={<IconSearch size={18} />}
        rightSection={search && <CloseButton aria-label={t('board.clear')} onClick={() => setSearch('')} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={420}
        w="100%"
      />
      {entries.length === 0 ? (
        <Paper p="xl">
          <Stack align="center" gap="sm">
            <Text c="dimmed">{t('board.nothing')}</Text>
            <Button variant="default" size="sm" onClick={clear}>
              {t('board.clear')}
            </Button>
          </Stack>
        </Paper>
      ) : wide ? (
        <BoardTable board={board} entries={entries} changed={changed} />
      ) : (
        <BoardCards board={board} entries={entries} changed={changed} />
      )}
    </Stack>
  )
}

function Counts(props: { board: Board; status: Status | 'all'; onStatus: (status: Status | 'all') => void }) {
  const { t } = useTranslation()
  const { counts } = props.board
  const cards = [
    ['in', counts.in, 'board.in'],
    ['out', counts.out, 'board.out'],
    ['absent', counts.absent, 'board.absent'],
    ...(counts.off > 0 ? ([['off', counts.off, 'board.off']] as const) : []),
    ['all', counts.total, 'board.total'],
  ] as const
  return (
    <SimpleGrid cols={{ base: 2, sm: cards.length }} spacing="sm">
      {cards.map(([status, number, label]) => (
        <UnstyledButton
          key={status}
          className={classes.count}
          data-status={status}
          aria-pressed={props.status === status}
          onClick={() => props.onStatus(status)}
          data-testid={`count-${status}`}
        >
          <span className={classes.number}>{number}</span>
          <span className={classes.label}>{t(label)}</span>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  )
}

interface ListProps {
  board: Board
  entries: BoardEntry[]
  changed: string | null
}

function BoardTable({ board, entries, changed }: ListProps) {
  const { t } = useTranslation()
  const now = useNow(20_000)
  return (
    <Paper style={{ overflow: 'hidden' }}>
      <Table.ScrollContainer minWidth={620}>
        <Table verticalSpacing="sm" horizontalSpacing="lg" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('board.name')}</Table.Th>
              <Table.Th>{t('board.department')}</Table.Th>
              <Table.Th>{t('board.status')}</Table.Th>
              <Table.Th ta="right">{t('board.firstIn')}</Table.Th>
              <Table.Th ta="right">{t('board.lastOut')}</Table.Th>
              <Table.Th ta="right">{t('board.worked')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr
                // A new key starts the highlight anew with every change.
                key={`${entry.username}:${entry.punches}`}
                className={changed === entry.username ? 'changed' : undefined}
                data-testid={`board-entry-${entry.username}`}
                data-status={entry.status}
              >
                <Table.Td>
                  <Group gap="sm" wrap="nowrap">
                    <PersonAvatar name={entry.name} link={entry.small_url} size={34} />
                    <Link className="row-link" to="/employees/$username" params={{ username: entry.username }}>
                      {entry.name}
                    </Link>
                  </Group>
                </Table.Td>
                <Table.Td c="dimmed">{entry.department}</Table.Td>
                <Table.Td>
                  <DayBadges entry={entry} zone={board.time_zone} />
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {entry.first_in ? clockTime(entry.first_in, board.time_zone) : <Dash />}
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {entry.last_out ? clockTime(entry.last_out, board.time_zone) : <Dash />}
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {entry.punches === 0 ? <Dash /> : duration(workedNow(entry, board.generated_at, now))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function BoardCards({ board, entries, changed }: ListProps) {
  const { t } = useTranslation()
  const now = useNow(20_000)
  return (
    <Stack gap="xs">
      {entries.map((entry) => (
        <Card
          key={`${entry.username}:${entry.punches}`}
          withBorder
          padding="sm"
          className={changed === entry.username ? 'changed' : undefined}
          data-testid={`board-entry-${entry.username}`}
          data-status={entry.status}
        >
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
              <PersonAvatar name={entry.name} link={entry.small_url} size={38} />
              <div style={{ minWidth: 0 }}>
                <Link className="row-link" to="/employees/$username" params={{ username: entry.username }}>
                  {entry.name}
                </Link>
                <Text size="xs" c="dimmed" truncate>
                  {entry.department}
                </Text>
              </div>
            </Group>
            <DayBadges entry={entry} zone={board.time_zone} />
          </Group>
          {entry.first_in && (
            <Group gap="lg" mt={6}>
              <Small label={t('board.firstIn')} value={clockTime(entry.first_in, board.time_zone)} />
              {entry.last_out && <Small label={t('board.lastOut')} value={clockTime(entry.last_out, board.time_zone)} />}
              <Small label={t('board.worked')} value={duration(workedNow(entry, board.generated_at, now))} />
            </Group>
          )}
        </Card>
      ))}
    </Stack>
  )
}

function Small({ label, value }: { label: string; value: string }) {
  return (
    <Text size="xs" c="dimmed">
      {label}{' '}
      <Text span size="sm" c="var(--mantine-color-text)" className="figures">
        {value}
      </Text>
    </Text>
  )
}

function Dash() {
  return (
    <Text span c="dimmed" aria-hidden>
      –
    </Text>
  )
}
