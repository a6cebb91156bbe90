// What a device shows that is to become a kiosk.
import { Alert, Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { Plain } from '../shell/plain'
import { useTabTitle } from '../shell/page-title'
import classes from './pair-screen.module.css'
import { usePairing } from './use-pairing'
import { useWakeLock } from './wake-lock'

export function PairScreen() {
  const { t } = useTranslation()
  useTabTitle(t('pair.title'))
  useWakeLock() // the admin may take some minutes to come
  const { code, trouble } = usePairing()
  return (
    <Plain title={t('pair.title')} lead={t('pair.lead')} width={520}>
      <div className={classes.code} role="status" data-testid="pairing-code" data-code={code}>
        {code ? (
          <span aria-label={t('pair.code', { code: code.split('').join(' ') })}>
            {code.slice(0, 4)}
            <span className={classes.dash}>-</span>
            {code.slice(4)}
          </span>
        ) : (
          <Text c="dimmed">{t('pair.asking')}</Text>
        )}
      </div>
      {trouble !== 'none' && <Alert color="marigold">{t(`pair.${trouble}`)}</Alert>}
      <Text size="sm" c="dimmed" ta="center">
        {t('pair.waiting')}
      </Text>
      <Anchor component={Link} to="/sign-in" size="sm" ta="center">
        {t('pair.admin')}
      </Anchor>
    </Plain>
  )
}
