import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { PasswordReset } from '../api/shapes'
import { fieldErrors, problemText } from '../locale/problem-text'
import { setupToken } from '../setup/setup-token'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { Failed, PageLoading } from '../shell/states'
import { MIN_PASSWORD } from './account-rules'

/** Where the link of a forgotten password leads. */
export function ResetPage() {
  const { t } = useTranslation()
  const { hash } = useLocation()
  // In the fragment alone: in a query, servers and proxies would log it.
  const token = setupToken('', hash)
  const reset = useQuery({
    queryKey: ['password-reset', token],
    queryFn: () => ok(api.POST('/api/v1/password-resets/read', { body: { token } })),
    enabled: token !== '',
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
    gcTime: 0,
  })
  useTabTitle(t('reset.loading'))
  if (!token)
    return (
      <Plain title={t('reset.noLink')} lead={t('reset.noLinkHint')}>
        <AskAgain />
      </Plain>
    )
  if (reset.data) return <ResetForm key={token} token={token} reset={reset.data} />
  if (reset.error) return <Refused error={reset.error} retry={() => void reset.refetch()} />
  return <PageLoading />
}

const refusals = ['reset_unknown', 'reset_expired', 'reset_used'] as const

function refusalOf(error: unknown) {
  const { code } = asProblem(error)
  return refusals.find((one) => one === code)
}

function AskAgain({ quiet = false }: { quiet?: boolean }) {
  const { t } = useTranslation()
  return (
    <Button component={Link} to="/forgot" variant={quiet ? 'default' : 'filled'}>
      {t('reset.again')}
    </Button>
  )
}

/** Why a link does not work, and what to do. */
function Refused({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const refusal = refusalOf(error)
  if (!refusal)
    return (
      <Plain title={t('reset.loading')}>
        <Failed error={error} retry={retry} />
      </Plain>
    )
  const used = refusal === 'reset_used'
  return (
    <Plain title={t(`reset.${refusal}`)} lead={t(`reset.${refusal}Hint`)}>
      <Stack gap="sm">
        {used && (
          <Button component={Link} to="/sign-in">
            {t('reset.signIn')}
          </Button>
        )}
        <AskAgain quiet={used} />
      </Stack>
    </Plain>
  )
}

function ResetForm({ token, reset }: { token: string; reset: PasswordReset }) {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value.length >= MIN_PASSWORD ? null : t('setup.needPassword')) },
  })
  const complete = useMutation({
    mutationFn: ({ password }: { password: string }) =>
      ok(api.POST('/api/v1/password-resets/complete', { body: { token, password } })),
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), ['password'])),
  })
  if (complete.data)
    return (
      <Plain title={t('reset.done')} lead={t('reset.doneLead', { username: complete.data.username })}>
        <Button component={Link} to="/sign-in" size="md">
          {t('reset.signIn')}
        </Button>
      </Plain>
    )
  if (complete.error && refusalOf(complete.error)) return <Refused error={complete.error} />
  const besideField = complete.error && 'password' in fieldErrors(asProblem(complete.error), ['password'])
  return (
    <Plain title={t('reset.title')} lead={t('reset.lead', { name: reset.name || reset.username })}>
      <form onSubmit={form.onSubmit((values) => complete.mutate(values))} noValidate>
        <Stack>
          <TextInput label={t('reset.username')} value={reset.username} readOnly variant="filled" autoComplete="username" />
          <PasswordInput
            label={t('reset.password')}
            description={t('setup.passwordHint')}
            autoComplete="new-password"
            autoFocus
            {...form.getInputProps('password')}
          />
          {complete.error && !besideField && (
            <Alert color="red" role="alert" data-testid="reset-problem">
              {problemText(complete.error)}
            </Alert>
          )}
          <Button type="submit" size="md" loading={complete.isPending}>
            {t('reset.submit')}
          </Button>
        </Stack>
      </form>
    </Plain>
  )
}
