import { useTranslation } from 'react-i18next'

import { useSession } from '../session/use-session'
import { useTabTitle } from '../shell/page-title'
import { KioskEnded } from './kiosk-ended'
import { KioskScreen } from './kiosk-screen'

export function KioskPage() {
  const { t } = useTranslation()
  useTabTitle(t('kiosk.title'))
  const state = useSession()
  if (state.status !== 'signed-in') return <KioskEnded why="revoked" />
  // Another session is another kiosk: nothing of the one before is kept.
  return <KioskScreen key={state.user.username} me={state.user} />
}
