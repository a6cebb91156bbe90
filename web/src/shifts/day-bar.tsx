import { useTranslation } from 'react-i18next'

import type { ShiftFields } from '../api/shapes'
import classes from './day-bar.module.css'
import { barOf, type Piece } from './plan'
import { hoursOf } from './words'

/** A shift drawn as the stretch of time in which punches belong to it. */
export function DayBar({ shift, scale = true }: { shift: ShiftFields; scale?: boolean }) {
  const { t } = useTranslation()
  const bar = barOf(shift)
  if (!bar) return null
  // A small window would put the marks of its ends on those of the shift.
  const crowded = bar.shift.from < 0.09
  const crowdedEnd = bar.shift.to > 0.91
  return (
    <div role="img" aria-label={`${t('shifts.preview')}: ${hoursOf(shift)}`}>
      <div className={classes.bar}>
        <span className={`${classes.piece} ${classes.shift}`} style={place(bar.shift)} />
        {bar.core && <span className={`${classes.piece} ${classes.core}`} style={place(bar.core)} />}
        {bar.breaks.map((piece) => (
          <span key={piece.from} className={`${classes.piece} ${classes.break}`} style={place(piece)} />
        ))}
        {!shift.flexible && shift.late_grace_minutes > 0 && (
          <span className={classes.late} style={{ insetInlineStart: `${bar.late * 100}%` }} />
        )}
      </div>
      {scale && (
        <div className={classes.scale} aria-hidden>
          <span className={classes.mark} style={{ insetInlineStart: 0 }}>
            {crowded ? '' : bar.begins}
          </span>
          <span className={`${classes.mark} ${classes.strong}`} style={{ insetInlineStart: `${bar.shift.from * 100}%` }}>
            {shift.start}
          </span>
          <span className={`${classes.mark} ${classes.strong}`} style={{ insetInlineStart: `${bar.shift.to * 100}%` }}>
            {shift.end}
          </span>
          <span className={classes.mark} style={{ insetInlineStart: '100%' }}>
            {crowdedEnd ? '' : bar.ends}
          </span>
        </div>
      )}
    </div>
  )
}

function place({ from, to }: Piece) {
  return { insetInlineStart: `${from * 100}%`, width: `${(to - from) * 100}%` }
}
