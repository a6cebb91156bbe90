// Who this kiosk is, for a start without a network: its company and place, and
// nothing that lets anybody in.
import type { Me } from '../api/shapes'
import type { State } from '../session/session'

const KEY = 'hajir-kiosk'

/** The kiosk that this device was when it was last signed in; null when it is none. */
export function rememberedKiosk(): Me | null {
  try {
    const me = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Me | null
    return me?.role === 'kiosk' ? me : null
  } catch {
    return null
  }
}

export function rememberKiosk(state: State) {
  try {
    if (state.status === 'signed-in' && state.user.role === 'kiosk') localStorage.setItem(KEY, JSON.stringify(state.user))
    else if (state.status === 'signed-in' || state.status === 'signed-out') localStorage.removeItem(KEY)
  } catch {
    // Without storage, a kiosk needs the network to start.
  }
}
