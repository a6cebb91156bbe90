import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconClockHour4, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Shift } from '../api/shapes'
import { Confirm } from '../shell/confirm'
import { Empty, Failed, Rows } from '../shell/states'
import { DayBar } from './day-bar'
import { ShiftForm } from './shift-form'
import { colorOf, fieldsOf, shiftsKey, useShifts } from './shifts'
import { hoursOf, wordsOf } from './words'

export function ShiftList({ company }: { company: string }) {
  const { t } = useTranslation()
  const answer = useShifts(company)
  // What the dialog is about: a new shift, one to change, or one to copy.
  const [editing, setEditing] = useState<{ shift?: Shift; like?: Shift } | null>(null)
  const shifts = answer.data?.shifts ?? []
  const sorted = [...shifts].sort((a, b) => Number(a.retired ?? false) - Number(b.retired ?? false))
  const add = (
    <Button leftSection={<IconPlus size={20} />} onClick={() => setEditing({})}>
      {t('shifts.add')}
    </Button>
  )
  return (
    <Stack>
      {shifts.length > 0 && <Group justify="flex-end">{add}</Group>}
      {answer.isPending && <Rows count={3} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && shifts.length === 0 && (
        <Empty icon={IconClockHour4} title={t('shifts.empty')} hint={t('shifts.emptyHint')}>
          {add}
        </Empty>
      )}
      {sorted.map((shift) => (
        <ShiftCard
          key={shift.id}
          shift={shift}
          company={company}
          color={colorOf(shifts, shift.id)}
          onEdit={() => setEditing({ shift })}
          onCopy={() => setEditing({ like: shift })}
        />
      ))}
      <ShiftForm
        key={editing?.shift?.id ?? editing?.like?.id ?? 'new'}
        opened={editing !== null}
        onClose={() => setEditing(null)}
        company={company}
        shift={editing?.shift}
        like={editing?.like}
      />
    </Stack>
  )
}

function ShiftCard(props: { shift: Shift; company: string; color: string; onEdit: () => void; onCopy: () => void }) {
  const { t } = useTranslation()
  const { shift, company } = props
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: shiftsKey(company) })
  const path = { company, shift_id: shift.id }
  const retire = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/shifts/{shift_id}', {
          params: { path },
          body: { ...fieldsOf(shift), retired: !shift.retired, version: shift.version },
        }),
      ),
    onSuccess: (saved) => {
      if (saved.retired) notifications.show({ message: t('shifts.retiredDone', { name: shift.name }), color: 'pine' })
      return refresh()
    },
  })
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/shifts/{shift_id}', { params: { path } })),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('shifts.removed', { name: shift.name }), color: 'pine' })
      return refresh()
    },
  })
  return (
    <Paper p="md" data-testid={`shift-${shift.name}`} style={{ opacity: shift.retired ? 0.65 : 1 }}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Group gap="xs">
              <Badge circle size="xs" color={props.color} aria-hidden> </Badge>
              <Text fw={600}>{shift.name}</Text>
              <Text className="figures">{hoursOf(shift)}</Text>
              {shift.retired && (
                <Badge color="gray" variant="light" tt="none">
                  {t('shifts.retired')}
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed" mt={2}>
              {wordsOf(shift)}
            </Text>
          </div>
          <Group gap="xs">
            <Button variant="default" size="sm" onClick={props.onEdit}>
              {t('employees.edit')}
            </Button>
            <Button variant="default" size="sm" onClick={props.onCopy}>
              {t('shifts.copy')}
            </Button>
            <Button variant="default" size="sm" loading={retire.isPending} onClick={() => retire.mutate()}>
              {t(shift.retired ? 'shifts.unretire' : 'shifts.retire')}
            </Button>
            <Button variant="default" size="sm" onClick={() => setAsking(true)}>
              {t('shifts.remove')}
            </Button>
          </Group>
        </Group>
        <DayBar shift={shift} />
        {retire.error && <Failed error={retire.error} />}
      </Stack>
      <Confirm
        opened={asking}
        title={t('shifts.removeTitle', { name: shift.name })}
        text={t('shifts.removeHint')}
        yes={t('shifts.remove')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => {
          setAsking(false)
          remove.reset()
        }}
      />
    </Paper>
  )
}
