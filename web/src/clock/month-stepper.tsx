import { ActionIcon, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'

import { MonthField } from './date-field'
import { useDateStyle } from './date-style'
import { monthName, shift } from './month'

interface Props {
  month: string
  onMonth: (month: string) => void
  /** What the field, and the buttons before and behind it, are called. */
  label: string
  previous: string
  next: string
}

/** Asks for a month, and goes from one to the next. */
export function MonthStepper({ month, onMonth, label, previous, next }: Props) {
  const { both } = useDateStyle()
  return (
    <Group gap={6} wrap="nowrap" maw="100%">
      <ActionIcon variant="default" size={42} aria-label={previous} onClick={() => onMonth(shift(month, -1))}>
        <IconChevronLeft size={20} />
      </ActionIcon>
      <MonthField aria-label={`${label}: ${monthName(month)}`} value={month} onChange={onMonth} w={both ? 285 : 210} style={{ minWidth: 0 }} />
      <ActionIcon variant="default" size={42} aria-label={next} onClick={() => onMonth(shift(month, 1))}>
        <IconChevronRight size={20} />
      </ActionIcon>
    </Group>
  )
}
