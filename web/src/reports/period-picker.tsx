import { Group, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DateRangeField } from '../clock/date-field'
import { monthOf } from '../clock/month'
import { MonthStepper } from '../clock/month-stepper'
import { boundsOf, lastOf, type Period } from './period'

interface Props {
  value: Period
  onChange: (period: Period) => void
}

/** Chooses the days of a report. This is the one place that knows months. */
export function PeriodPicker({ value, onChange }: Props) {
  const { t } = useTranslation()
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
        <MonthStepper
          month={value.month}
          onMonth={(month) => onChange({ month })}
          label={t('reports.month')}
          previous={t('reports.previous')}
          next={t('reports.next')}
        />
      )}
      {how === 'dates' && (
        <DateRangeField aria-label={t('reports.dates')} value={range} onChange={choose} w={270} />
      )}
    </Group>
  )
}
