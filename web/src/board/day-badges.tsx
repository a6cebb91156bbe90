import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { BoardEntry } from '../api/shapes'
import { clockTime, duration } from '../clock/clock'

/** Where somebody is, and what about their day wants a look. */
export function DayBadges({ entry, zone }: { entry: BoardEntry; zone: string }) {
  const { t } = useTranslation()
  return (
    <Group gap={6}>
      <Where entry={entry} zone={zone} />
      {entry.late_seconds > 0 && (
        <Badge color="marigold" variant="light" tt="none" size="md" data-testid="late">
          {t('day.lateBy', { duration: duration(entry.late_seconds) })}
        </Badge>
      )}
      {entry.flags.includes('missing_exit') && (
        <Badge color="red" variant="light" tt="none" size="md">
          {t('day.flags.missing_exit')}
        </Badge>
      )}
    </Group>
  )
}

function Where({ entry, zone }: { entry: BoardEntry; zone: string }) {
  const { t } = useTranslation()
  const look = { tt: 'none', size: 'md', style: { flex: 'none' } } as const
  if (entry.status === 'in')
    return (
      <Badge {...look} color="pine" variant="filled">
        {t('board.statusIn')}
      </Badge>
    )
  if (entry.status === 'out')
    return (
      <Badge {...look} color="gray" variant="light">
        {t('board.statusOut')}
      </Badge>
    )
  if (entry.status === 'off')
    return (
      <Badge {...look} color="gray" variant="outline">
        {entry.day_status === 'none' ? t('board.statusOff') : t(`day.${entry.day_status}`)}
      </Badge>
    )
  if (entry.day_status === 'absent')
    return (
      <Badge {...look} color="red" variant="light">
        {t('day.absent')}
      </Badge>
    )
  if (entry.flags.includes('not_here'))
    return (
      <Badge {...look} color="marigold" variant="filled">
        {t('day.flags.not_here')}
      </Badge>
    )
  return (
    <Badge {...look} color="marigold" variant="light">
      {entry.shift_start ? `${t('day.expected')} ${clockTime(entry.shift_start, zone)}` : t('board.statusAbsent')}
    </Badge>
  )
}
