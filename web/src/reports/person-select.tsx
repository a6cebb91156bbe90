import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { employeesKey } from '../employees/employees'

interface Props {
  company: string
  value: string
  onChange: (username: string) => void
  label: string
  placeholder: string
  /** Managers alone. */
  managers?: boolean
}

/** Searches the people that one may see. */
export function PersonSelect({ company, value, onChange, label, placeholder, managers = false }: Props) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const [query] = useDebouncedValue(search.trim(), 250)
  const [picked, setPicked] = useState<{ value: string; label: string } | null>(null)
  const answer = useQuery({
    queryKey: [...employeesKey(company), 'select', managers, query],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees', {
          params: { path: { company }, query: { limit: 50, ...(managers && { role: 'manager' as const }), ...(query && { q: query }) } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  })
  const people = (answer.data?.employees ?? []).filter(({ role }) => role !== 'auditor')
  const options = people.map((one) => ({ value: one.username, label: one.name }))
  // Whoever is chosen stays among the options while others are searched for.
  if (picked && picked.value === value && !options.some((one) => one.value === picked.value)) options.unshift(picked)
  return (
    <Select
      aria-label={label}
      placeholder={placeholder}
      data={options}
      renderOption={({ option }) => `${option.label} (${option.value})`}
      filter={({ options }) => options} // the server has searched
      searchable
      clearable
      clearButtonProps={{ 'aria-label': placeholder }}
      nothingFoundMessage={t('reports.nobodyFound')}
      value={value || null}
      onChange={(next, option) => {
        setPicked(next ? option : null)
        onChange(next ?? '')
      }}
      onSearchChange={(text) => setSearch(options.some((one) => one.label === text) ? '' : text)}
      miw={220}
    />
  )
}
