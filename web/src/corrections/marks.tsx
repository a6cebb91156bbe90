import { Text } from '@mantine/core'
import { IconLogin2, IconLogout2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { CorrectionMark } from '../api/shapes'
import { timeOn } from './corrections'
import classes from './corrections.module.css'

/** A date's entries and exits in a line; those that other does not have stand out. */
export function Marks(props: { label: string; date: string; marks: CorrectionMark[]; other: CorrectionMark[]; zone: string; gone?: boolean }) {
  const { label, date, marks, other, zone, gone = false } = props
  const { t } = useTranslation()
  const known = new Set(other.map((mark) => mark.at + mark.direction))
  return (
    <div className={classes.marks}>
      <dt>{label}</dt>
      <dd>
        {marks.length === 0 && <span className={classes.nothing}>{t('corrections.nothing')}</span>}
        {marks.map((mark) => {
          const Icon = mark.direction === 'entry' ? IconLogin2 : IconLogout2
          const differs = !known.has(mark.at + mark.direction)
          return (
            <span key={mark.at} className={classes.mark} data-differs={differs || undefined} data-gone={(gone && differs) || undefined}>
              <Icon size={15} aria-label={t(mark.direction === 'entry' ? 'days.entry' : 'days.exit')} />
              <Text span inherit className="figures">
                {timeOn(date, mark.at, zone)}
              </Text>
              {mark.source === 'auto' && <span className={classes.nothing}>({t('day.flags.auto_exit')})</span>}
            </span>
          )
        })}
      </dd>
    </div>
  )
}
