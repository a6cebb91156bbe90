import { ActionIcon, Group, SegmentedControl } from '@mantine/core'
import { DatePickerInput, MonthPickerInput } from '@mantine/dates'
import { IconCalendarEvent, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { monthName, shift } from '../days/month'
import { lastOf, type Period } from './period'

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
      onChange({ month: lastOf(value).slice(0, 7) })
      return
    }
    const whole: [string, string] = 'month' in value ? [`${value.month}-01`, lastOf(value)] : [value.from, value.to]
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
        <Group gap={6} wrap="nowrap">
          <ActionIcon variant="default" size={42} aria-label={t('reports.previous')} onClick={() => onChange({ month: shift(value.month, -1) })}>
            <IconChevronLeft size={20} />
          </ActionIcon>
          <MonthPickerInput
            aria-label={`${t('reports.month')}: ${monthName(value.month)}`}
            value={`${value.month}-01`}
            onChange={(date) => date && onChange({ month: date.slice(0, 7) })}
            valueFormat="MMMM YYYY"
            leftSection={<IconCalendarEvent size={18} />}
            size="md"
            w={210}
          />
          <ActionIcon variant="default" size={42} aria-label={t('reports.next')} onClick={() => onChange({ month: shift(value.month, 1) })}>
            <IconChevronRight size={20} />
          </ActionIcon>
        </Group>
      )}
      {how === 'dates' && (
        <DatePickerInput
          type="range"
          aria-label={t('reports.dates')}
          value={range}
          onChange={choose}
          valueFormat="D MMM YYYY"
          leftSection={<IconCalendarEvent size={18} />}
          allowSingleDateInRange
          size="md"
          miw={270}
        />
      )}
    </Group>
  )
}
