// The forms of payroll files.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { PayrollFields, PayrollMapping } from '../api/shapes'
import type { Period } from './period'
import { periodQuery } from './reports'

const mappingsKey = (company: string) => ['payroll-mappings', company]

export function useMappings(company: string) {
  return useQuery({
    queryKey: mappingsKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/payroll-mappings', { params: { path: { company } } })),
  })
}

export function useSaveMapping(company: string, mapping: PayrollMapping | undefined, onDone: (saved: PayrollMapping) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: PayrollFields) =>
      mapping
        ? ok(
            api.PUT('/api/v1/companies/{company}/payroll-mappings/{mapping_id}', {
              params: { path: { company, mapping_id: mapping.id } },
              body: { ...body, version: mapping.version },
            }),
          )
        : ok(api.POST('/api/v1/companies/{company}/payroll-mappings', { params: { path: { company } }, body })),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: mappingsKey(company) })
      onDone(saved)
    },
  })
}

export function useDeleteMapping(company: string, onDone: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, version }: PayrollMapping) =>
      ok(
        api.DELETE('/api/v1/companies/{company}/payroll-mappings/{mapping_id}', {
          params: { path: { company, mapping_id: id }, query: { version } },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: mappingsKey(company) })
      onDone()
    },
  })
}

/** The first rows of a file, of a form that need not be saved. */
export function usePreview(company: string, body: PayrollFields, period: Period, department: string, enabled: boolean) {
  return useQuery({
    enabled,
    queryKey: ['payroll-preview', company, body, period, department],
    queryFn: ({ signal }) =>
      ok(
        api.POST('/api/v1/companies/{company}/payroll-preview', {
          params: { path: { company }, query: { ...periodQuery(period), ...(department && { department }) } },
          body,
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** With what a new form begins: what most payroll programs ask for. */
export const usual: PayrollFields = {
  name: '',
  columns: [
    { header: 'Employee code', field: 'code' },
    { header: 'Name', field: 'name' },
    { header: 'Days payable', field: 'days_payable' },
    { header: 'Unpaid leave', field: 'days_unpaid_leave' },
    { header: 'Hours worked', field: 'worked_hours' },
    { header: 'Overtime hours', field: 'overtime_hours' },
    { header: 'Missing exits', field: 'open_days' },
  ],
  delimiter: 'comma',
  decimal: 'dot',
  date_form: 'iso',
  bom: false,
}
