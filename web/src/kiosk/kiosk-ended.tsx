import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { session } from '../session/session'
import { Plain } from '../shell/plain'

export function KioskEnded({ why }: { why: 'revoked' | 'forbidden' }) {
  const { t } = useTranslation()
  return (
    <div data-testid="kiosk-ended" role="alert">
      <Plain title={t(`kiosk.${why}`)} lead={t(`kiosk.${why}Hint`)}>
        {/* A whole new page load: whatever ended this session, start clean. */}
        <Button
          onClick={() =>
            void session
              .signOut()
              .catch(() => undefined)
              .then(() => location.assign('/sign-in?next=/kiosks'))
          }
        >
          {t('signIn.title')}
        </Button>
      </Plain>
    </div>
  )
}
