import { useTranslation } from 'react-i18next'

import { useSession } from '../session/use-session'
import { useTabTitle } from '../shell/page-title'
import { KioskEnded } from './kiosk-ended'
import { KioskScreen } from './kiosk-screen'
import { PairScreen } from './pair-screen'

export function KioskPage() {
  const { t } = useTranslation()
  useTabTitle(t('kiosk.title'))
  const state = useSession()
  // A device that was a kiosk until now says so; any other offers to become one.
  if (state.status === 'signed-out' && state.ended) return <KioskEnded why="revoked" />
  if (state.status !== 'signed-in') return <PairScreen />
  // Another session is another kiosk: nothing of the one before is kept.
  return <KioskScreen key={state.user.username} me={state.user} />
}
