import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Me } from '../api/shapes'
import { session } from '../session/session'
import { useSession } from '../session/use-session'
import { useTabTitle } from '../shell/page-title'
import { useApp } from './app-update'
import { KioskEnded } from './kiosk-ended'
import { KioskScreen } from './kiosk-screen'
import { rememberedKiosk, rememberKiosk } from './remembered'

// A device is paired once, and a kiosk for years.
const PairScreen = lazy(() => import('./pair-screen').then((screen) => ({ default: screen.PairScreen })))

const AGAIN_MS = 5_000

export function KioskPage() {
  const { t } = useTranslation()
  useTabTitle(t('kiosk.title'))
  useApp()
  const state = useSession()
  const [before] = useState(rememberedKiosk)
  const unreachable = state.status === 'unreachable' || state.status === 'unknown'
  useEffect(() => rememberKiosk(state), [state])
  useEffect(() => {
    if (!unreachable) return
    const again = () => void session.restore()
    const timer = setInterval(again, AGAIN_MS)
    addEventListener('online', again)
    return () => {
      clearInterval(timer)
      removeEventListener('online', again)
    }
  }, [unreachable])
  // A device that was a kiosk until now says so; any other offers to become one.
  if (state.status === 'signed-out' && (state.ended || before)) return <KioskEnded why="revoked" />
  const me: Me | null = state.status === 'signed-in' ? state.user : unreachable ? before : null
  if (!me)
    return (
      <Suspense>
        <PairScreen />
      </Suspense>
    )
  // Another session is another kiosk: nothing of the one before is kept.
  return <KioskScreen key={me.username} me={me} online={!unreachable} />
}
