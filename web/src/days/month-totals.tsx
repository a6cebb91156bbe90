import { Paper } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { Month } from '../api/shapes'
import { duration } from '../clock/clock'
import classes from './month-view.module.css'

/** The sums of a month; what there is none of is left out, but for the first. */
export function MonthTotals({ totals }: { totals: Month['totals'] }) {
  const { t } = useTranslation()
  const planned = totals.required_seconds > 0
  const tiles: { label: string; value: string; hint?: string; color?: string }[] = [
    { label: t('day.totalPresent'), value: String(totals.present) },
    {
      label: t('day.totalWorked'),
      value: duration(totals.worked_seconds),
      ...(planned && { hint: t('day.totalRequired', { duration: duration(totals.required_seconds) }) }),
    },
    ...some(t('day.totalOvertime'), totals.overtime_seconds, duration, 'pine'),
    ...some(t('day.totalAbsent'), totals.absent, String, 'red'),
    ...some(t('day.totalHalf'), totals.half_days, String),
    ...some(t('day.totalLate'), totals.late, String, 'marigold', duration(totals.late_seconds)),
    ...some(t('day.totalEarly'), totals.early_seconds, duration, 'marigold'),
    ...some(t('day.totalMissing'), totals.missing_exits, String, 'red'),
    ...some(t('day.totalLeave'), totals.on_leave, String),
    ...some(t('day.totalHolidays'), totals.holidays, String),
    ...some(t('day.totalOff'), totals.weekly_off, String),
  ]
  return (
    <Paper className={classes.totals} aria-label={t('day.totals')} role="group" data-testid="month-totals">
      {tiles.map(({ label, value, hint, color }) => (
        <div key={label} className={classes.tile}>
          <span className={classes.tileValue} {...(color && { style: { color: `var(--mantine-color-${color}-text)` } })}>
            {value}
          </span>
          <span className={classes.tileLabel}>{label}</span>
          {hint && <span className={classes.tileLabel}>{hint}</span>}
        </div>
      ))}
    </Paper>
  )
}

function some(label: string, n: number, text: (n: number) => string, color?: string, hint?: string) {
  return n > 0 ? [{ label, value: text(n), ...(color && { color }), ...(hint && { hint }) }] : []
}
