import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { session } from '../session/session'
import { Plain } from '../shell/plain'

export function KioskEnded({ why }: { why: 'revoked' | 'forbidden' }) {
  const { t } = useTranslation()
  // A whole new page load: whatever ended this session, start clean.
  const leaveFor = (path: string) =>
    void session
      .signOut()
      .catch(() => undefined)
      .then(() => location.assign(path))
  return (
    <div data-testid="kiosk-ended" role="alert">
      <Plain title={t(`kiosk.${why}`)} lead={t(`kiosk.${why}Hint`)}>
        <Button onClick={() => leaveFor('/kiosk')}>{t('kiosk.pairAgain')}</Button>
        <Button variant="default" onClick={() => leaveFor('/sign-in?next=/kiosks')}>
          {t('signIn.title')}
        </Button>
      </Plain>
    </div>
  )
}
