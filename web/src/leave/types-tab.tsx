import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconBeach, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { LeaveType } from '../api/shapes'
import { useMe } from '../session/use-session'
import { Empty } from '../shell/states'
import { days, type LeaveTypes } from './leave'
import classes from './leave.module.css'
import { TypeForm } from './type-form'
import { YearCard } from './year-card'

/** What kinds of leave the company gives, and when its leave year begins. */
export function TypesTab({ answer }: { answer: LeaveTypes }) {
  const { t } = useTranslation()
  const { role } = useMe()
  const [editing, edit] = useState<LeaveType | 'new' | null>(null)
  const mayChange = role === 'admin'
  const { types } = answer
  const add = mayChange && (
    <Button leftSection={<IconPlus size={18} />} onClick={() => edit('new')}>
      {t('leave.types.add')}
    </Button>
  )
  return (
    <Stack gap="lg">
      <Paper p={{ base: 'md', sm: 'lg' }}>
        {types.length === 0 ? (
          <Empty icon={IconBeach} title={t('leave.types.empty')} hint={t('leave.types.emptyHint')}>
            {add}
          </Empty>
        ) : (
          <>
            <Group justify="space-between" mb="xs">
              <Title order={2}>{t('leave.tab.types')}</Title>
              {add}
            </Group>
            <ul className={classes.list}>
              {types.map((type) => (
                <li key={type.id} className={classes.row} data-testid={`type-${type.name}`}>
                  <div className={classes.line}>
                    <div className={classes.what}>
                      <Group gap="xs">
                        <Text fw={580} c={type.retired ? 'dimmed' : undefined}>
                          {type.name}
                        </Text>
                        {!type.paid && (
                          <Badge color="gray" variant="light" tt="none">
                            {t('leave.unpaid')}
                          </Badge>
                        )}
                        {type.retired && (
                          <Badge color="gray" variant="light" tt="none">
                            {t('leave.types.retired')}
                          </Badge>
                        )}
                      </Group>
                      <Facts type={type} />
                    </div>
                    {mayChange && (
                      <Button
                        variant="default"
                        size="xs"
                        leftSection={<IconPencil size={16} />}
                        onClick={() => edit(type)}
                        aria-label={t('leave.types.editOf', { name: type.name })}
                      >
                        {t('leave.types.edit')}
                      </Button>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </Paper>
      <YearCard key={answer.settings.version} answer={answer} />
      <TypeForm type={editing} onClose={() => edit(null)} />
    </Stack>
  )
}

function Facts({ type }: { type: LeaveType }) {
  const { t } = useTranslation()
  const facts = type.unlimited
    ? [t('leave.unlimited')]
    : [
        type.accrual === 'none' ? t('leave.types.short.none') : `${days(type.allowance)}, ${t(`leave.types.short.${type.accrual}`)}`,
        type.carry_max > 0 && t('leave.types.facts.carry', { days: days(type.carry_max) }),
        type.carry_months > 0 && t('leave.types.facts.lapse', { count: type.carry_months }),
      ]
  const more = [
    type.half_days && t('leave.types.facts.half'),
    type.notice_days > 0 && t('leave.types.facts.notice', { days: days(type.notice_days) }),
    type.second_level && t('leave.types.facts.second'),
    type.departments.length > 0 && t('leave.types.facts.only', { names: type.departments.join(', ') }),
  ]
  return (
    <Text size="sm" c="dimmed">
      {[...facts, ...more].filter(Boolean).join(', ')}
    </Text>
  )
}
