import type { TFunction } from 'i18next'
import '../locale/office'

/** What a kind of event is called. A kind that this site does not know yet has its own name. */
export function kindName(t: TFunction, kind: string): string {
  const key = `deliveries.kind.${kind}` as 'deliveries.kind.punch.recorded'
  const name: string = t(key, { defaultValue: kind })
  return name
}

/** Whom a delivery goes to. An operator's address is kept as a digest alone, and an asker's not at all. */
export function targetName(t: TFunction, { target = '', target_name }: { target?: string; target_name?: string }): string {
  if (target_name) return target_name
  if (target === 'asker') return t('deliveries.asker')
  return target.startsWith('operator:') ? t('deliveries.operator') : target
}
