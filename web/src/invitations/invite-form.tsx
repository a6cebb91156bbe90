import { Button, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { Employee, Invited } from '../api/shapes'
import { RoleFields } from '../employees/role-fields'
import { suggestUsername } from '../employees/suggest-username'
import { LanguageSelect } from '../locale/language-select'
import { fieldErrors, problemText } from '../locale/problem-text'
import { validEmail, validPhone, validUsername } from '../session/account-rules'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { invitationsKey } from './invitations'
import { LinkCard } from './link-card'

const FIELDS = ['name', 'username', 'email', 'code', 'department', 'phone', 'role', 'manager', 'language'] as const

export function InviteForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const [invited, setInvited] = useState<Invited | null>(null)
  const close = () => {
    setInvited(null)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={invited ? t('invitations.linkTitle', { name: invited.invitation.name }) : t('invitations.inviteTitle')}
      size="lg"
      // The link is shown once: a click beside it must not lose it.
      closeOnClickOutside={!invited}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {invited ? <LinkCard invited={invited} onDone={close} /> : <Fields onInvited={setInvited} />}
    </Modal>
  )
}

function Fields({ onInvited }: { onInvited: (invited: Invited) => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { name: '', username: '', email: '', code: '', department: '', phone: '', role: 'employee' as Employee['role'], manager: '', language: '' as Employee['language'] },
    validate: {
      name: (value) => (value.trim() ? null : t('employees.needName')),
      username: (value) => (validUsername(value) ? null : t('employees.needUsername')),
      email: (value) => (!value.trim() || validEmail(value.trim()) ? null : t('setup.needEmail')),
      phone: (value) => (validPhone(value) ? null : t('phone.invalid')),
    },
  })
  const invite = useMutation({
    mutationFn: (values: typeof form.values) => {
      const body = { ...values, manager: values.role === 'auditor' ? '' : values.manager } // whose field is not there
      return ok(api.POST('/api/v1/companies/{company}/invitations', { params: { path: { company } }, body }))
    },
    onSuccess: (invited) => {
      void queries.invalidateQueries({ queryKey: invitationsKey(company) })
      onInvited(invited)
    },
    onError: (error) => {
      const problem = asProblem(error)
      // The only thing that can be there already is the username.
      const taken = problem.code === 'conflict' ? { username: problemText(problem) } : {}
      form.setErrors({ ...fieldErrors(problem, FIELDS), ...taken })
    },
  })
  const taken = invite.error && asProblem(invite.error).code === 'conflict'
  return (
    <form onSubmit={form.onSubmit((values) => invite.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('invitations.inviteLead')}
        </Text>
        <TextInput
          label={t('employees.name')}
          data-autofocus
          {...form.getInputProps('name')}
          onBlur={() => {
            if (!form.values.username) form.setFieldValue('username', suggestUsername(form.values.name))
          }}
        />
        <TextInput
          label={t('employees.username')}
          description={t('setup.usernameHint')}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('username')}
        />
        <TextInput
          label={t('employees.email')}
          description={t('invitations.emailHint')}
          type="email"
          autoComplete="off"
          {...form.getInputProps('email')}
        />
        <TextInput label={t('phone.label')} placeholder="+977" type="tel" autoComplete="off" {...form.getInputProps('phone')} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
          <TextInput label={t('employees.department')} {...form.getInputProps('department')} />
          <TextInput label={t('employees.code')} description={t('employees.codeHint')} {...form.getInputProps('code')} />
        </SimpleGrid>
        <RoleFields role={form.getInputProps('role')} manager={form.getInputProps('manager')} />
        <LanguageSelect
          label={t('notifications.personLanguage')}
          company={t('notifications.asCompany')}
          {...form.getInputProps('language')}
        />
        {invite.error && !taken && <Failed error={invite.error} />}
        <Button type="submit" loading={invite.isPending}>
          {t('invitations.submit')}
        </Button>
      </Stack>
    </form>
  )
}
