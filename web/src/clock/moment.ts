// Times that people type, in the zone of whom they are about.

/** The moment, as RFC 3339, at which clocks of a zone show a date and a time such as 09:30. */
export function momentOf(date: string, time: string, zone: string): string {
  const wanted = Date.parse(`${date}T${time}:00Z`)
  // The zone's distance to UTC there; asked again, for it may change in between.
  let moment = wanted - distance(wanted, zone)
  moment = wanted - distance(moment, zone)
  return new Date(moment).toISOString()
}

function distance(moment: number, zone: string): number {
  // Swedish dates and times are ISO ones.
  const shown = new Date(moment).toLocaleString('sv-SE', { timeZone: zone })
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(moment / 1000) * 1000
}
