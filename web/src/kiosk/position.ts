// Where this kiosk is, for one that has a geofence. Asked for only while the
// server wants to know, since browsers ask the person before they tell.
import { useEffect } from 'react'

/** A position older than this says nothing about where a tablet is now. */
export const STALE_MS = 120_000
const AGAIN_MS = 20_000

interface Fix {
  latitude: number
  longitude: number
  accuracy: number
  at: number
}

let fix: Fix | null = null

/** Finds out over and over where the device is, while wanted. */
export function useLocating(wanted: boolean) {
  useEffect(() => {
    if (!wanted || !('geolocation' in navigator)) return
    const locate = () =>
      navigator.geolocation.getCurrentPosition(
        ({ coords: { latitude, longitude, accuracy } }) => {
          fix = { latitude, longitude, accuracy, at: Date.now() }
        },
        () => undefined, // the server says what follows from not knowing
        { enableHighAccuracy: true, timeout: AGAIN_MS, maximumAge: AGAIN_MS },
      )
    locate()
    const timer = setInterval(locate, AGAIN_MS)
    return () => {
      clearInterval(timer)
      fix = null
    }
  }, [wanted])
}

/** The device's position as a geo URI, or null when it is not known. */
export function currentPosition(now = Date.now()): string | null {
  return fix && now - fix.at <= STALE_MS ? geoURI(fix) : null
}

/** RFC 5870, which knows no exponents: seven decimals are a centimetre. */
export function geoURI({ latitude, longitude, accuracy }: Omit<Fix, 'at'>): string {
  return `geo:${latitude.toFixed(7)},${longitude.toFixed(7)};u=${Math.ceil(accuracy)}`
}
