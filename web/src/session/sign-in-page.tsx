import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { session } from './session'
import { useSession } from './use-session'

export function SignInPage() {
  const { t } = useTranslation()
  useTabTitle(t('signIn.title'))
  const state = useSession()
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => ok(api.GET('/api/v1/setup')) })
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: {
      username: (value) => (value.trim() ? null : t('signIn.missing')),
      password: (value) => (value ? null : t('signIn.missing')),
    },
  })
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(
        api.POST('/api/v1/sessions', {
          body: { username: values.username.trim().toLowerCase(), password: values.password, cookie: true },
        }),
      ),
    // The router sees the new session and moves on.
    onSuccess: (answer) => session.adopt(answer),
  })
  const ended = state.status === 'signed-out' && state.ended
  const problem = signIn.error ? asProblem(signIn.error) : null

  return (
    <Plain title={t('signIn.title')} lead={t('signIn.lead')}>
      {setup.data?.needed && (
        <Alert color="marigold" title={t('signIn.setupNeeded')} data-testid="setup-needed">
          {t('signIn.setupHint')}
        </Alert>
      )}
      {ended && !problem && <Alert color="marigold">{t('signIn.ended')}</Alert>}
      {problem && (
        <Alert color="red" role="alert" data-testid="sign-in-problem">
          {problem.code === 'unauthorized' ? t('signIn.wrong') : problemText(problem)}
        </Alert>
      )}
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label={t('signIn.username')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            {...form.getInputProps('username')}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={signIn.isPending} mt="xs">
            {t('signIn.submit')}
          </Button>
        </Stack>
      </form>
    </Plain>
  )
}
