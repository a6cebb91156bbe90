import { ActionIcon, Button, CloseButton, Group, Menu, Paper, Stack, Switch, Table, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconBeach, IconChevronLeft, IconChevronRight, IconSearch, IconUsers } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { RosterCell, RosterRow, Shift } from '../api/shapes'
import { addDays, fullDate, localDate, longDate, shortDay } from '../clock/clock'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { Empty, Failed, Rows } from '../shell/states'
import { sundayOf } from './plan'
import classes from './roster-tab.module.css'
import { colorOf, rosterKey, useRoster, useShifts } from './shifts'
import { hoursOf } from './words'

export function RosterTab({ company }: { company: string }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const today = localDate(new Date(), zone)
  const [from, setFrom] = useState(sundayOf(today))
  const [search, setSearch] = useState('')
  const [text] = useDebouncedValue(search.trim(), 250)
  const [recompute, setRecompute] = useState(true)
  const shifts = useShifts(company)
  const answer = useRoster(company, from, text)
  const pages = answer.data?.pages ?? []
  const dates = pages[0]?.dates ?? []
  const people = pages.flatMap((page) => page.people)
  const known = shifts.data?.shifts ?? []
  return (
    <Stack>
      <Group justify="space-between" gap="sm">
        <Group gap={6} wrap="nowrap">
          <ActionIcon variant="default" size={42} aria-label={t('roster.previous')} onClick={() => setFrom(addDays(from, -7))}>
            <IconChevronLeft size={20} />
          </ActionIcon>
          <Button variant="default" h={42} onClick={() => setFrom(sundayOf(today))} disabled={from === sundayOf(today)}>
            {t('roster.present')}
          </Button>
          <ActionIcon variant="default" size={42} aria-label={t('roster.next')} onClick={() => setFrom(addDays(from, 7))}>
            <IconChevronRight size={20} />
          </ActionIcon>
        </Group>
        <TextInput
          aria-label={t('roster.search')}
          placeholder={t('roster.search')}
          leftSection={<IconSearch size={18} />}
          rightSection={search && <CloseButton aria-label={t('board.clear')} onClick={() => setSearch('')} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          maw={320}
        />
      </Group>
      <Text size="sm" c="dimmed">
        {t('roster.lead')}
      </Text>
      {from < today && (
        <Switch
          label={t('roster.recompute')}
          description={t('roster.recomputeHint')}
          checked={recompute}
          onChange={(event) => setRecompute(event.currentTarget.checked)}
        />
      )}
      {(answer.isPending || shifts.isPending) && <Rows count={8} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && people.length === 0 && <Empty icon={IconUsers} title={t('roster.empty')} hint={t('roster.emptyHint')} />}
      {people.length > 0 && (
        <Paper style={{ overflow: 'hidden' }}>
          <Table.ScrollContainer minWidth={780}>
            <Table className={classes.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th className={classes.person}>{t('employees.name')}</Table.Th>
                  {dates.map((date) => {
                    const { weekday, day, beside } = shortDay(date)
                    return (
                      <Table.Th key={date} ta="center" className={date === today ? classes.today : undefined} aria-label={fullDate(date)}>
                        {weekday} {day}
                        {beside && (
                          <Text size="xs" c="dimmed" fw={400} lh={1.2}>
                            {beside}
                          </Text>
                        )}
                      </Table.Th>
                    )
                  })}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {people.map((row) => (
                  <PersonRow
                    key={row.username}
                    row={row}
                    dates={dates}
                    company={company}
                    shifts={known}
                    recompute={(date) => recompute && date <= today}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
      {answer.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('roster.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

interface RowProps {
  row: RosterRow
  dates: string[]
  company: string
  shifts: Shift[]
  recompute: (date: string) => boolean
}

function PersonRow({ row, dates, company, shifts, recompute }: RowProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const set = useMutation({
    mutationFn: ({ date, shift, version }: { date: string; shift: string; version: number }) =>
      ok(
        api.PUT('/api/v1/companies/{company}/employees/{username}/roster', {
          params: { path: { company, username: row.username } },
          body: { from: date, to: date, version, ...(shift && { shift }), ...(recompute(date) && { recompute: true }) },
        }),
      ),
    onSuccess: ({ changed }) => {
      if (changed.length > 0) notifications.show({ message: t('roster.moved', { count: changed.length }), color: 'pine' })
      void queries.invalidateQueries({ queryKey: ['days', company, row.username] })
    },
    onError: (error) => notifications.show({ message: problemText(error), color: 'red' }),
    onSettled: () => queries.invalidateQueries({ queryKey: rosterKey(company) }),
  })
  return (
    <Table.Tr>
      <Table.Td className={classes.person}>
        <Link className="row-link" to="/employees/$username" params={{ username: row.username }}>
          {row.name}
        </Link>
        <Text size="xs" c="dimmed" truncate>
          {row.department}
        </Text>
      </Table.Td>
      {row.days.map((cell, index) => {
        const date = dates[index] ?? ''
        return (
          <Table.Td key={date}>
            <CellMenu
              name={row.name}
              date={date}
              cell={cell}
              shifts={shifts}
              pending={set.isPending && set.variables.date === date}
              onChoose={(shift) => set.mutate({ date, shift, version: cell.version })}
            />
          </Table.Td>
        )
      })}
    </Table.Tr>
  )
}

interface CellProps {
  name: string
  date: string
  cell: RosterCell
  shifts: Shift[]
  pending: boolean
  onChoose: (shift: string) => void
}

function CellMenu({ name, date, cell, shifts, pending, onChoose }: CellProps) {
  const { t } = useTranslation()
  const shift = shifts.find((one) => one.id === cell.shift_id)
  const label = cell.off ? t('roster.off') : (shift?.name ?? t('roster.none'))
  const color = shift ? colorOf(shifts, shift.id) : 'gray'
  const changed = cell.by === 'roster'
  return (
    <Menu position="bottom" width={240} withinPortal>
      <Menu.Target>
        <UnstyledButton
          className={classes.cell}
          style={{
            background: cell.off || !shift ? 'transparent' : `var(--mantine-color-${color}-light)`,
            color: cell.off || !shift ? 'var(--mantine-color-dimmed)' : `var(--mantine-color-${color}-light-color)`,
            opacity: pending ? 0.5 : 1,
          }}
          data-changed={changed || undefined}
          data-testid={`cell-${name}-${date}`}
          aria-label={t('roster.cell', { name, date: fullDate(date), shift: label })}
          title={changed ? t('roster.changed') : undefined}
        >
          {label}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}, {longDate(date)}
        </Menu.Label>
        {shifts
          .filter((one) => !one.retired)
          .map((one) => (
            <Menu.Item key={one.id} onClick={() => onChoose(one.id)} rightSection={<Text size="xs" c="dimmed">{hoursOf(one)}</Text>}>
              {one.name}
            </Menu.Item>
          ))}
        <Menu.Item leftSection={<IconBeach size={16} />} onClick={() => onChoose('off')}>
          {t('weeks.off')}
        </Menu.Item>
        {changed && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconArrowBackUp size={16} />} onClick={() => onChoose('')}>
              {t('roster.asPlanned')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
