import { Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCalendarRepeat, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Assignment, Pattern, Shift } from '../api/shapes'
import { longDate } from '../clock/clock'
import { useCompany } from '../settings/company'
import { Confirm } from '../shell/confirm'
import { Empty, Failed, Rows } from '../shell/states'
import { AssignForm } from './assign-form'
import { PatternForm } from './pattern-form'
import { colorOf, patternsKey, rosterKey, usePatterns, useShifts } from './shifts'
import { weekdays } from './weekdays'

export function WeekTab({ company }: { company: string }) {
  const { t } = useTranslation()
  const shifts = useShifts(company)
  const answer = usePatterns(company)
  const settings = useCompany()
  const [editing, setEditing] = useState<{ pattern?: Pattern } | null>(null)
  const [assigning, setAssigning] = useState(false)
  if (answer.isPending || shifts.isPending || settings.isPending) return <Rows count={4} />
  if (answer.error || shifts.error || settings.error)
    return (
      <Failed
        error={answer.error ?? shifts.error ?? settings.error}
        retry={() => void Promise.all([answer.refetch(), shifts.refetch(), settings.refetch()])}
      />
    )
  const { patterns, assignments } = answer.data
  const known = shifts.data.shifts
  const add = (
    <Button leftSection={<IconPlus size={20} />} onClick={() => setEditing({})} disabled={known.length === 0}>
      {t('weeks.add')}
    </Button>
  )
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Text size="sm" c="dimmed" maw={620}>
          {t('weeks.lead')}
        </Text>
        {patterns.length > 0 && add}
      </Group>
      {patterns.length === 0 && (
        <Empty
          icon={IconCalendarRepeat}
          title={t('weeks.empty')}
          hint={t(known.length === 0 ? 'weeks.needShift' : 'weeks.emptyHint')}
        >
          {add}
        </Empty>
      )}
      {patterns.map((pattern) => (
        <PatternCard
          key={pattern.id}
          pattern={pattern}
          shifts={known}
          company={company}
          onEdit={() => setEditing({ pattern })}
        />
      ))}
      {patterns.length > 0 && (
        <>
          <Group justify="space-between" mt="md">
            <Title order={2}>{t('weeks.assigned')}</Title>
            <Button variant="default" onClick={() => setAssigning(true)}>
              {t('weeks.assign')}
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {t(assignments.length === 0 ? 'weeks.assignedEmpty' : 'weeks.narrow')}
          </Text>
          {assignments.length > 0 && (
            <Paper style={{ overflow: 'hidden' }}>
              {assignments.map((assignment) => (
                <AssignmentRow
                  key={`${assignment.scope}/${assignment.subject ?? ''}/${assignment.from}`}
                  assignment={assignment}
                  patterns={patterns}
                  company={company}
                />
              ))}
            </Paper>
          )}
        </>
      )}
      <PatternForm
        key={editing?.pattern?.id ?? 'new'}
        opened={editing !== null}
        onClose={() => setEditing(null)}
        company={company}
        shifts={known}
        off={settings.data.weekly_off}
        pattern={editing?.pattern}
      />
      <AssignForm opened={assigning} onClose={() => setAssigning(false)} company={company} patterns={patterns} />
    </Stack>
  )
}

function PatternCard(props: { pattern: Pattern; shifts: Shift[]; company: string; onEdit: () => void }) {
  const { t } = useTranslation()
  const { pattern, shifts, company } = props
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/patterns/{pattern_id}', {
          params: { path: { company, pattern_id: pattern.id } },
        }),
      ),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('shifts.removed', { name: pattern.name }), color: 'pine' })
      return queries.invalidateQueries({ queryKey: patternsKey(company) })
    },
  })
  return (
    <Paper p="md" data-testid={`pattern-${pattern.name}`}>
      <Group justify="space-between" mb="sm">
        <Text fw={600}>{pattern.name}</Text>
        <Group gap="xs">
          <Button variant="default" size="sm" onClick={props.onEdit}>
            {t('employees.edit')}
          </Button>
          <Button variant="default" size="sm" onClick={() => setAsking(true)}>
            {t('shifts.remove')}
          </Button>
        </Group>
      </Group>
      <Stack gap={6}>
        {pattern.weeks.map((week, index) => (
          <Group key={index} gap={6}>
            {pattern.weeks.length > 1 && (
              <Text size="xs" c="dimmed" w={56}>
                {t('weeks.week', { number: index + 1 })}
              </Text>
            )}
            {week.map((shift, day) => (
              <Stack key={day} gap={2} align="center" miw={64}>
                <Text size="xs" c="dimmed">
                  {t(`rules.days.${weekdays[day] ?? 'sunday'}`)}
                </Text>
                <Cell shift={shift} shifts={shifts} />
              </Stack>
            ))}
          </Group>
        ))}
      </Stack>
      <Confirm
        opened={asking}
        title={t('weeks.removeTitle', { name: pattern.name })}
        text={t('weeks.removeHint')}
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

function Cell({ shift, shifts }: { shift: string; shifts: Shift[] }) {
  const { t } = useTranslation()
  if (shift === 'off')
    return (
      <Badge color="gray" variant="outline" tt="none">
        {t('weeks.off')}
      </Badge>
    )
  const known = shifts.find((one) => one.id === shift)
  return (
    <Badge color={known ? colorOf(shifts, known.id) : 'gray'} variant="light" tt="none">
      {known?.name ?? t('weeks.none')}
    </Badge>
  )
}

function AssignmentRow(props: { assignment: Assignment; patterns: Pattern[]; company: string }) {
  const { t } = useTranslation()
  const { assignment, company } = props
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const pattern = props.patterns.find((one) => one.id === assignment.pattern_id)
  const take = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/assignments', {
          params: {
            path: { company },
            query: { scope: assignment.scope, from: assignment.from, subject: assignment.subject ?? '' },
          },
        }),
      ),
    onSuccess: () => {
      setAsking(false)
      void queries.invalidateQueries({ queryKey: rosterKey(company) })
      void queries.invalidateQueries({ queryKey: ['days'] })
      return queries.invalidateQueries({ queryKey: patternsKey(company) })
    },
  })
  return (
    <Group
      justify="space-between"
      px="md"
      py="sm"
      data-testid="assignment"
      style={{ borderTop: '1px solid var(--mantine-color-default-border)', marginTop: -1 }}
    >
      <div>
        <Text fw={540}>
          {assignment.scope === 'company' ? t('weeks.scopes.company') : assignment.subject}
          {assignment.scope !== 'company' && (
            <Text span size="sm" c="dimmed">
              {' '}
              {t(`weeks.${assignment.scope}`).toLowerCase()}
            </Text>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {pattern?.name ?? t('weeks.noPattern')}, {t('weeks.fromDate', { date: longDate(assignment.from) })}
        </Text>
      </div>
      <Anchor component="button" size="sm" onClick={() => setAsking(true)}>
        {t('weeks.unassign')}
      </Anchor>
      <Confirm
        opened={asking}
        title={t('weeks.unassignTitle')}
        text={t('weeks.unassignHint')}
        yes={t('weeks.unassign')}
        pending={take.isPending}
        error={take.error}
        onYes={() => take.mutate()}
        onClose={() => setAsking(false)}
      />
    </Group>
  )
}
