import { ActionIcon, Alert, Button, Group, Modal, NativeSelect, Stack, Text, TextInput, Textarea, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconLogin2, IconLogout2, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { randomId } from '../api/random-id'
import type { Day } from '../api/shapes'
import { addDays, clockTime, localDate, longDate, shortDay } from '../clock/clock'
import { momentOf } from '../clock/moment'
import { problemText } from '../locale/problem-text'
import { timeOn, useDayChanged } from './corrections'
import classes from './corrections.module.css'

interface Props {
  company: string
  username: string
  day: Day
  zone: string
  /** The admin edits at once; a person asks. */
  edit: boolean
}

interface Row {
  key: string
  /** The punch as it is recorded; absent for one that is added. */
  was?: { id: string; at: string }
  direction: 'entry' | 'exit'
  time: string
  date: string
  removed: boolean
}

/** Punches of a day to be added, moved and removed, with a reason. */
export function CorrectForm(props: Props & { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const date = longDate(props.day.date)
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t(props.edit ? 'corrections.editTitle' : 'corrections.askTitle', { date })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Form {...props} />
    </Modal>
  )
}

function rowsOf(day: Day, zone: string): Row[] {
  return day.punches
    .filter((punch) => punch.source !== 'auto')
    .map((punch) => ({
      key: punch.id,
      was: { id: punch.id, at: punch.at },
      direction: punch.direction,
      time: clockTime(punch.at, zone),
      date: localDate(new Date(punch.at), zone),
      removed: false,
    }))
}

function Form({ company, username, day, zone, edit, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation()
  const [rows, setRows] = useState(() => rowsOf(day, zone))
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const guess = day.punches.find((punch) => punch.source === 'auto')
  const changed = (row: Row) =>
    !row.was || row.removed || row.time !== clockTime(row.was.at, zone) || row.date !== localDate(new Date(row.was.at), zone)
  const changes = rows.filter(changed)
  const complete = changes.length > 0 && changes.every((row) => row.removed || row.time !== '') && reason.trim() !== ''
  const set = (key: string, change: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...change } : row)))
  const add = (direction: Row['direction']) =>
    setRows([...rows, { key: randomId(), direction, time: '', date: day.date, removed: false }])
  const reload = useDayChanged(company, username)
  const send = useMutation({
    mutationFn: () => {
      const body = {
        reason: reason.trim(),
        changes: changes.map((row) => ({
          ...(row.was ? { punch_id: row.was.id } : { direction: row.direction }),
          ...(!row.removed && { at: momentOf(row.date, row.time, zone) }),
        })),
      }
      const params = { path: { company, username, date: day.date } }
      return edit
        ? ok(api.POST('/api/v1/companies/{company}/employees/{username}/days/{date}/edits', { params, body }))
        : ok(api.POST('/api/v1/companies/{company}/employees/{username}/days/{date}/corrections', { params, body }))
    },
    onSuccess: (saved) => {
      notifications.show({
        message: edit ? t('corrections.saved') : t('corrections.sent', { name: saved.decider_name ?? '' }),
        color: 'pine',
      })
      onClose()
      return reload()
    },
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (complete) send.mutate()
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t(edit ? 'corrections.editLead' : 'corrections.askLead')}
        </Text>
        {rows.length === 0 && <Text size="sm">{t('corrections.none')}</Text>}
        <Stack gap="xs">
          {rows.map((row) => (
            <PunchRow
              key={row.key}
              row={row}
              day={day}
              zone={zone}
              tried={tried}
              set={(change) => set(row.key, change)}
              drop={() => setRows(rows.filter((other) => other.key !== row.key))}
            />
          ))}
        </Stack>
        {guess && <Alert color="marigold">{t('corrections.guess', { time: timeOn(day.date, guess.at, zone) })}</Alert>}
        <Group gap="xs">
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => add('entry')}>
            {t('corrections.addEntry')}
          </Button>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => add('exit')}>
            {t('corrections.addExit')}
          </Button>
        </Group>
        <Textarea
          size="md"
          label={t('corrections.reason')}
          description={t('corrections.reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && !reason.trim() ? t('corrections.needReason') : null}
          maxLength={300}
          autosize
          minRows={2}
        />
        {tried && changes.length === 0 && <Alert color="marigold">{t('corrections.needChange')}</Alert>}
        {send.error && (
          <Alert color="red" role="alert">
            {problemText(send.error)}
          </Alert>
        )}
        <Button type="submit" loading={send.isPending}>
          {t(edit ? 'corrections.save' : 'corrections.send')}
        </Button>
      </Stack>
    </form>
  )
}

interface RowProps {
  row: Row
  day: Day
  zone: string
  tried: boolean
  set: (change: Partial<Row>) => void
  drop: () => void
}

function PunchRow({ row, day, zone, tried, set, drop }: RowProps) {
  const { t } = useTranslation()
  const Icon = row.direction === 'entry' ? IconLogin2 : IconLogout2
  const what = t(`corrections.way.${row.direction}`)
  const was = row.was ? timeOn(day.date, row.was.at, zone) : ''
  const dates = [...new Set([row.date, day.date, addDays(day.date, 1)])].sort()
  const label = !row.was
    ? t('corrections.drop')
    : t(row.removed ? 'corrections.keepOf' : 'corrections.removeOf', { what, time: was })
  return (
    <div className={classes.punch} data-removed={row.removed || undefined} data-testid={`row-${row.direction}`}>
      <span className={classes.name}>
        <Icon size={18} /> {t(`corrections.${row.direction}`)}
      </span>
      {row.removed ? (
        <Text span size="sm" className={classes.was}>
          {was}
        </Text>
      ) : (
        <>
          <TextInput
            type="time"
            size="sm"
            aria-label={`${t('corrections.time')}: ${what}`}
            value={row.time}
            onChange={(event) => set({ time: event.currentTarget.value })}
            error={tried && !row.time ? t('corrections.needTime') : null}
            data-autofocus={!row.was || undefined}
          />
          <NativeSelect
            size="sm"
            aria-label={`${t('corrections.on')}: ${what}`}
            value={row.date}
            onChange={(event) => set({ date: event.currentTarget.value })}
            data={dates.map((date) => {
              const { weekday, day: number } = shortDay(date)
              return { value: date, label: `${weekday} ${number}` }
            })}
          />
        </>
      )}
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color={row.removed ? 'gray' : 'red'}
          aria-label={label}
          onClick={() => (row.was ? set({ removed: !row.removed }) : drop())}
        >
          {row.removed ? <IconArrowBackUp size={18} /> : <IconTrash size={18} />}
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
