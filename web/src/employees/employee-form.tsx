import { Button, Modal, PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem, type Problem } from '../api/problem'
import type { Employee } from '../api/shapes'
import { CalendarFields } from '../clock/calendar-fields'
import { ZoneSelect } from '../clock/zone-select'
import { LanguageSelect } from '../locale/language-select'
import { fieldErrors } from '../locale/problem-text'
import { MIN_PASSWORD, validEmail, validPhone, validUsername } from '../session/account-rules'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { employeeKey, employeesKey } from './employees'
import { RoleFields } from './role-fields'
import { suggestUsername } from './suggest-username'

const FIELDS = ['name', 'username', 'email', 'code', 'department', 'phone', 'time_zone', 'calendar', 'both_calendars', 'language', 'role', 'manager', 'password'] as const

interface Props {
  opened: boolean
  onClose: () => void
  /** The employee to edit; without one, a new one is added. */
  employee?: Employee
}

export function EmployeeForm({ opened, onClose, employee }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={employee ? t('employees.editTitle', { name: employee.name }) : t('employees.addTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Fields employee={employee} onClose={onClose} />
    </Modal>
  )
}

function Fields({ employee, onClose }: { employee?: Employee; onClose: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: {
      name: employee?.name ?? '',
      username: employee?.username ?? '',
      email: employee?.email ?? '',
      code: employee?.code ?? '',
      department: employee?.department ?? '',
      role: employee?.role ?? 'employee',
      manager: employee?.manager ?? '',
      phone: employee?.phone ?? '',
      time_zone: employee?.time_zone ?? '',
      calendar: employee?.calendar ?? ('' as const),
      both_calendars: employee?.both_calendars ?? false,
      language: employee?.language ?? ('' as const),
      password: '',
    },
    validate: {
      name: (value) => (value.trim() ? null : t('employees.needName')),
      username: (value) => (employee || validUsername(value) ? null : t('employees.needUsername')),
      email: (value) => (!value.trim() || validEmail(value.trim()) ? null : t('setup.needEmail')),
      phone: (value) => (validPhone(value) ? null : t('phone.invalid')),
      password: (value) => (!value || value.length >= MIN_PASSWORD ? null : t('setup.needPassword')),
    },
  })

  const save = useMutation({
    mutationFn: ({ username, password, ...values }: typeof form.values) => {
      const manager = values.role === 'auditor' ? '' : values.manager // whose field is not there
      const body = { ...values, manager, ...(password && { password }) }
      const { calendar, both_calendars, ...rest } = body
      return employee
        ? ok(
            api.PATCH('/api/v1/companies/{company}/employees/{username}', {
              params: { path: { company, username: employee.username } },
              body: { ...body, version: employee.version },
            }),
          )
        : ok(
            api.POST('/api/v1/companies/{company}/employees', {
              params: { path: { company } },
              body: { ...rest, username, ...(calendar && { calendar, both_calendars }) },
            }),
          )
    },
    onSuccess: async (saved) => {
      queries.setQueryData(employeeKey(company, saved.username), saved)
      void queries.invalidateQueries({ queryKey: employeesKey(company) })
      onClose()
      if (employee) return notifications.show({ message: t('app.saved'), color: 'pine' })
      notifications.show({ message: t('employees.added', { name: saved.name }), color: 'pine' })
      await navigate({ to: '/employees/$username', params: { username: saved.username } })
    },
    onError: (error) => {
      const problem = asProblem(error)
      const errors = fieldErrors(problem, FIELDS)
      if (codeTaken(problem)) errors.code = problem.detail
      else if (!employee && problem.code === 'conflict') errors.username = t('employees.usernameTaken')
      form.setErrors(errors)
    },
  })
  const problem = save.error ? asProblem(save.error) : null
  const taken = problem && (codeTaken(problem) || (!employee && problem.code === 'conflict'))

  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <TextInput
          label={t('employees.name')}
          data-autofocus
          {...form.getInputProps('name')}
          onBlur={() => {
            if (!employee && !form.values.username) form.setFieldValue('username', suggestUsername(form.values.name))
          }}
        />
        {!employee && (
          <TextInput
            label={t('employees.username')}
            description={t('setup.usernameHint')}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('username')}
          />
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
          <TextInput label={t('employees.department')} {...form.getInputProps('department')} />
          <TextInput label={t('employees.code')} description={t('employees.codeHint')} {...form.getInputProps('code')} />
        </SimpleGrid>
        <RoleFields role={form.getInputProps('role')} manager={form.getInputProps('manager')} employee={employee} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
          <TextInput label={t('employees.email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
          <TextInput label={t('phone.label')} placeholder="+977" type="tel" autoComplete="off" {...form.getInputProps('phone')} />
        </SimpleGrid>
        <ZoneSelect
          label={`${t('rules.zone')} (${t('app.optional')})`}
          description={t('rules.zoneHint')}
          placeholder={t('rules.zoneCompany')}
          clearable
          {...form.getInputProps('time_zone')}
          value={form.values.time_zone || null}
          onChange={(zone) => form.setFieldValue('time_zone', zone ?? '')}
        />
        <CalendarFields
          person
          description={t('calendar.personHint')}
          value={form.values}
          onChange={({ calendar, both_calendars }) => form.setValues({ calendar, both_calendars })}
        />
        <LanguageSelect
          label={t('notifications.personLanguage')}
          company={t('notifications.asCompany')}
          {...form.getInputProps('language')}
        />
        <PasswordInput
          label={`${t(employee ? 'employees.newPassword' : 'employees.password')} (${t('app.optional')})`}
          description={t(employee ? 'employees.newPasswordHint' : 'employees.passwordHint')}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        {save.error && !taken && <Failed error={save.error} />}
        <Button type="submit" loading={save.isPending}>
          {t(employee ? 'app.save' : 'employees.addSubmit')}
        </Button>
      </Stack>
    </form>
  )
}

// Usernames and codes are both refused as a conflict; the words tell which.
function codeTaken({ code, detail }: Problem): boolean {
  return code === 'conflict' && detail.toLowerCase().includes('employee code')
}
