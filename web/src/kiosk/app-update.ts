// The kiosk as an app: it starts without a network, and takes a new version when
// nobody stands before it.
import { useEffect } from 'react'
import { registerSW } from 'virtual:pwa-register'

/** How often a kiosk that runs for months asks whether there is a new version. */
const ASK_MS = 30 * 60_000

let take: (() => Promise<void>) | null = null
let waiting = false
let idle = true

/** Makes the page an app that can be installed as a kiosk. */
export function useApp() {
  useEffect(() => {
    // Whoever installs this page installs the kiosk, not the site.
    const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')
    const site = link?.getAttribute('href') ?? ''
    link?.setAttribute('href', '/kiosk.json')
    begin()
    return () => link?.setAttribute('href', site)
  }, [])
}

/** Says whether the page may be loaded anew now. */
export function useIdle(now: boolean) {
  useEffect(() => {
    idle = now
    update()
    return () => {
      idle = true
    }
  }, [now])
}

function begin() {
  if (take || !('serviceWorker' in navigator)) return
  take = registerSW({
    onNeedRefresh() {
      waiting = true
      update()
    },
    onRegisteredSW(_, registration) {
      if (registration) setInterval(() => void registration.update().catch(() => undefined), ASK_MS)
    },
  })
}

function update() {
  if (!waiting || !idle || !take) return
  waiting = false
  void take()
}
