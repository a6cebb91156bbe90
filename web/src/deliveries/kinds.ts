import type { TFunction } from 'i18next'

/** What a kind of event is called. A kind that this site does not know yet has its own name. */
export function kindName(t: TFunction, kind: string): string {
  const key = `deliveries.kind.${kind}` as 'deliveries.kind.punch.recorded'
  const name: string = t(key, { defaultValue: kind })
  return name
}
