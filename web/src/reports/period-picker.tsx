import { ActionIcon, Group, SegmentedControl } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DateRangeField, MonthField } from '../clock/date-field'
import { useDateStyle } from '../clock/date-style'
import { monthName, monthOf, shift } from '../clock/month'
import { boundsOf, lastOf, type Period } from './period'

interface Props {
  value: Period
  onChange: (period: Period) => void
}

/** Chooses the days of a report. This is the one place that knows months. */
export function PeriodPicker({ value, onChange }: Props) {
  const { t } = useTranslation()
  const { both } = useDateStyle()
  const [how, setHow] = useState<'month' | 'dates'>('month' in value ? 'month' : 'dates')
  // A range is whole only once its last day is chosen.
  const [range, setRange] = useState<[string | null, string | null]>([null, null])
  const change = (next: string) => {
    if (next === 'month') {
      setHow('month')
      onChange({ month: monthOf(lastOf(value)) })
      return
    }
    const whole = boundsOf(value)
    setHow('dates')
    setRange(whole)
    onChange({ from: whole[0], to: whole[1] })
  }
  const choose = ([from, to]: [string | null, string | null]) => {
    setRange([from, to])
    if (from && to) onChange({ from, to })
  }
  return (
    <Group gap="xs" align="center">
      <SegmentedControl
        aria-label={t('reports.span')}
        value={how}
        onChange={change}
        data={[
          { value: 'month', label: t('reports.month') },
          { value: 'dates', label: t('reports.dates') },
        ]}
      />
      {how === 'month' && 'month' in value && (
        <Group gap={6} wrap="nowrap" maw="100%">
          <ActionIcon variant="default" size={42} aria-label={t('reports.previous')} onClick={() => onChange({ month: shift(value.month, -1) })}>
            <IconChevronLeft size={20} />
          </ActionIcon>
          <MonthField
            aria-label={`${t('reports.month')}: ${monthName(value.month)}`}
            value={value.month}
            onChange={(month) => onChange({ month })}
            w={both ? 285 : 210}
            style={{ minWidth: 0 }}
          />
          <ActionIcon variant="default" size={42} aria-label={t('reports.next')} onClick={() => onChange({ month: shift(value.month, 1) })}>
            <IconChevronRight size={20} />
          </ActionIcon>
        </Group>
      )}
      {how === 'dates' && (
        <DateRangeField aria-label={t('reports.dates')} value={range} onChange={choose} w={270} />
      )}
    </Group>
  )
}
