// What waits for the network, and what was not taken of it.
import { Button, Text } from '@mantine/core'
import { IconAlertTriangle, IconClockPause, IconCloudOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { clockTime } from '../clock/clock'
import type { Status } from './keeper'
import classes from './kiosk-screen.module.css'
import type { Keeping } from './machine'

/** How many times are named of those that were not recorded. */
const NAMED = 5

export function KeptCard({ keeping, zone }: { keeping: Keeping; zone: string }) {
  const { t } = useTranslation()
  return (
    <div className={`${classes.greeting} ${classes.kept}`} data-testid="kiosk-kept" key={keeping.at}>
      <IconClockPause className={classes.check} stroke={2} aria-hidden />
      <div>
        <div className={classes.salute}>{t('kiosk.queue.kept', { time: clockTime(new Date(keeping.at), zone) })}</div>
        <div className={classes.particulars}>{t('kiosk.queue.keptHint')}</div>
      </div>
    </div>
  )
}

interface Props {
  status: Status
  zone: string
  onDismiss: () => void
}

export function WaitingCard({ status: { waiting, refused }, zone, onDismiss }: Props) {
  const { t } = useTranslation()
  const times = refused.map(({ at }) => clockTime(new Date(at), zone))
  return (
    <>
      {waiting > 0 && (
        <div className={classes.waiting} role="status" data-testid="kiosk-waiting" data-count={waiting}>
          <IconCloudOff className={classes.waitingIcon} size={28} aria-hidden />
          <div>
            <Text fw={600}>{t('kiosk.queue.waiting', { count: waiting })}</Text>
            <Text size="sm" c="dimmed">
              {t('kiosk.queue.waitingHint')}
            </Text>
          </div>
        </div>
      )}
      {refused.length > 0 && (
        <div className={classes.waiting} role="status" data-testid="kiosk-refused" data-codes={refused.map(({ code }) => code).join(' ')}>
          <IconAlertTriangle className={classes.waitingIcon} size={28} aria-hidden />
          <div>
            <Text fw={600}>
              {t('kiosk.queue.refused', { count: refused.length, times: [...times.slice(0, NAMED), ...(times.length > NAMED ? ['…'] : [])].join(', ') })}
            </Text>
            <Text size="sm" c="dimmed">
              {t('kiosk.queue.refusedHint')}
            </Text>
          </div>
          <Button variant="default" onClick={onDismiss}>
            {t('kiosk.queue.dismiss')}
          </Button>
        </div>
      )}
    </>
  )
}
