import { useQuery } from '@tanstack/react-query'

import { api, ok, postPicture } from '../api/client'
import { persist } from '../api/persist'
import type { ImportKind, ImportReport } from '../api/shapes'

export type Kind = ImportKind['kind']
/** What comes first in dates such as 03/04/2026; '' is not chosen. */
export type Order = '' | 'day' | 'month'

export const importsKey = (company: string) => ['imports', company]

const LOOK_MS = 1_000

/** The newest imports. While one is at work, how far it is shows by itself. */
export function useImports(company: string, watching: boolean) {
  return useQuery({
    queryKey: importsKey(company),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/companies/{company}/imports', { params: { path: { company } }, signal })),
    refetchInterval: (query) =>
      watching || query.state.data?.imports.some((one) => one.state === 'running') ? LOOK_MS : false,
  })
}

export function useImportKinds(company: string) {
  return useQuery({
    queryKey: ['import-kinds', company],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/companies/{company}/imports/kinds', { params: { path: { company } }, signal })),
    staleTime: Infinity,
  })
}

export interface Options {
  dates: Order
  zone: string
}

/** Sends a file to be looked at, or to be done. */
export function sendImport(company: string, kind: Kind, file: File, dryRun: boolean, { dates, zone }: Options): Promise<ImportReport> {
  const query = new URLSearchParams({ file: file.name.slice(0, 100) })
  if (dryRun) query.set('dry_run', 'true')
  if (dates) query.set('dates', dates)
  if (zone && kind === 'devices') query.set('zone', zone)
  const path = `/api/v1/companies/${encodeURIComponent(company)}/imports/${kind}?${query}`
  return persist(() => postPicture<ImportReport>(path, csvOf(file)))
}

export function csvOf(file: File): Blob {
  return new Blob([file], { type: 'text/csv' })
}

/** How many lines something is, or would be, done for. */
export function taken(report: Pick<ImportReport, 'new' | 'changed'>): number {
  return report.new + report.changed
}

/** Lines that want a look: refused, or with something to know. */
export function wantsLook(line: ImportReport['lines'][number]): boolean {
  return line.outcome === 'refused' || (line.outcome === 'new' && !!line.detail)
}
