import { Button, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import { MIN_PASSWORD } from '../session/account-rules'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { sessionsKey } from './account'

export function PasswordCard() {
  const { t } = useTranslation()
  const { username } = useMe()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { old: '', fresh: '' },
    validate: {
      old: (value) => (value ? null : t('signIn.missing')),
      fresh: (value) => (value.length >= MIN_PASSWORD ? null : t('setup.needPassword')),
    },
  })
  const change = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(api.PUT('/api/v1/me/password', { body: { old_password: values.old, new_password: values.fresh } })),
    onSuccess: () => {
      form.reset()
      notifications.show({ message: t('account.passwordChanged'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: sessionsKey })
    },
    onError: (error) => {
      const { code } = asProblem(error)
      if (code === 'password_wrong') form.setFieldError('old', problemText(error))
      if (code === 'weak_password') form.setFieldError('fresh', problemText(error))
    },
  })
  const elsewhere = change.error && !['password_wrong', 'weak_password'].includes(asProblem(change.error).code)
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640}>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack>
          <div>
            <Title order={2}>{t('account.password')}</Title>
            <Text size="sm" c="dimmed">
              {t('account.passwordLead')}
            </Text>
          </div>
          {/* So that a password manager knows whose password it is. */}
          <input type="text" autoComplete="username" value={username} readOnly hidden />
          <PasswordInput
            label={t('account.oldPassword')}
            autoComplete="current-password"
            {...form.getInputProps('old')}
          />
          <PasswordInput
            label={t('account.newPassword')}
            description={t('setup.passwordHint')}
            autoComplete="new-password"
            {...form.getInputProps('fresh')}
          />
          {elsewhere && <Failed error={change.error} />}
          <Group>
            <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
              {t('account.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
