import { ActionIcon, Group, InputBase } from '@mantine/core'
import { IconCalendarEvent, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'

import { useDateStyle } from './date-style'
import { monthName, shift } from './month'

// Calendars are fetched when somebody asks for one, and not with every page.
const fetchFields = () => import('./date-field')
const MonthField = lazy(() => fetchFields().then((fields) => ({ default: fields.MonthField })))

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
      <Choice month={month} onMonth={onMonth} label={`${label}: ${monthName(month)}`} width={both ? 285 : 210} />
      <ActionIcon variant="default" size={42} aria-label={next} onClick={() => onMonth(shift(month, 1))}>
        <IconChevronRight size={20} />
      </ActionIcon>
    </Group>
  )
}

/** The month, which becomes a field for another one when it is pressed. */
function Choice({ month, onMonth, label, width }: Pick<Props, 'month' | 'onMonth' | 'label'> & { width: number }) {
  const [asked, setAsked] = useState(false)
  const ahead = () => void fetchFields().catch(() => undefined)
  const shown = (
    <InputBase
      component="button"
      type="button"
      pointer
      size="md"
      w={width}
      style={{ minWidth: 0 }}
      aria-label={label}
      aria-haspopup="dialog"
      leftSection={<IconCalendarEvent size={18} />}
      onPointerEnter={ahead}
      onFocus={ahead}
      onClick={() => setAsked(true)}
    >
      {monthName(month)}
    </InputBase>
  )
  if (!asked) return shown
  return (
    <Suspense fallback={shown}>
      <Pressed>
        <MonthField aria-label={label} value={month} onChange={onMonth} w={width} style={{ minWidth: 0 }} />
      </Pressed>
    </Suspense>
  )
}

/** Presses the field once it is there, since who asked for it has pressed already. */
function Pressed({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const done = useRef(false)
  useEffect(() => {
    const button = place.current?.querySelector('button')
    if (!button || done.current) return
    done.current = true
    button.focus()
    button.click()
  }, [])
  return <div ref={place}>{children}</div>
}
