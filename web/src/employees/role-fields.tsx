import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Employee } from '../api/shapes'
import { useMe } from '../session/use-session'
import { employeesKey } from './employees'

const ROLES = ['employee', 'manager', 'auditor'] as const

interface Input<T> {
  value?: T
  error?: React.ReactNode
  onChange: (value: T) => void
}

interface Props {
  role: Input<Employee['role']>
  manager: Input<string>
  /** Who is edited; without one, somebody new. */
  employee?: Employee
}

/** What somebody may do, and whom they report to. */
export function RoleFields({ role, manager, employee }: Props) {
  const { t } = useTranslation()
  const chosen = role.value ?? 'employee'
  const changes = employee && employee.role !== chosen
  return (
    <>
      <Select
        label={t('roles.label')}
        description={`${t(`roles.hint.${chosen}`)}${changes ? ` ${t('roles.changes', { name: employee.name })}` : ''}`}
        data={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
        allowDeselect={false}
        value={chosen}
        onChange={(value) => value && role.onChange(value)}
        error={role.error}
      />
      {chosen !== 'auditor' && <ManagerField input={manager} employee={employee} />}
    </>
  )
}

/** Searches the company's active managers. */
function ManagerField({ input, employee }: { input: Input<string>; employee?: Employee }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const [search, setSearch] = useState('')
  const [query] = useDebouncedValue(search.trim(), 250)
  const answer = useQuery({
    queryKey: [...employeesKey(company), 'managers', query],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees', {
          params: { path: { company }, query: { role: 'manager', active: 'true', limit: 50, ...(query && { q: query }) } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  })
  const found = (answer.data?.employees ?? []).filter((one) => one.username !== employee?.username)
  const options = found.map((one) => ({ value: one.username, label: one.name }))
  // Whoever is chosen stays among the options while others are searched for.
  const [picked, setPicked] = useState(employee?.manager ? { value: employee.manager, label: employee.manager_name ?? employee.manager } : null)
  if (picked && picked.value === input.value && !options.some(({ value }) => value === picked.value)) options.unshift(picked)
  return (
    <Select
      label={`${t('roles.manages')} (${t('app.optional')})`}
      description={t('roles.managesHint')}
      placeholder={t('roles.managesNobody')}
      data={options}
      // Two managers may have one name.
      renderOption={({ option }) => `${option.label} (${option.value})`}
      // The server has searched.
      filter={({ options }) => options}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('roles.managesNobody') }}
      nothingFoundMessage={t('roles.noManagers')}
      value={input.value ? input.value : null}
      onChange={(value, option) => {
        setPicked(value ? option : null)
        input.onChange(value ?? '')
      }}
      // Its own label in the field is no search.
      onSearchChange={(text) => setSearch(options.some(({ label }) => label === text) ? '' : text)}
      error={input.error}
    />
  )
}
