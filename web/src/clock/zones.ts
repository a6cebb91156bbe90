// The IANA time zones a company may choose from.

// Browsers list some zones under names that the IANA gave up long ago.
const renamed: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Louisville': 'America/Kentucky/Louisville',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

export function currentName(zone: string): string {
  return renamed[zone] ?? zone
}

export function ownZone(): string {
  return currentName(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC')
}

export interface Zone {
  value: string
  label: string
}

/** All zones with their offset now; `also` is in the list whatever it is. */
export function zones(also = ''): Zone[] {
  const names = new Set(Intl.supportedValuesOf('timeZone').map(currentName))
  names.add('UTC')
  if (also) names.add(also)
  return [...names].sort().map((value) => ({ value, label: `${value.replaceAll('_', ' ')} (${offset(value)})` }))
}

function offset(zone: string): string {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    const name = parts.formatToParts(new Date()).find((part) => part.type === 'timeZoneName')?.value
    return name === 'GMT' || !name ? 'UTC' : name.replace('GMT', 'UTC')
  } catch {
    return 'UTC'
  }
}
