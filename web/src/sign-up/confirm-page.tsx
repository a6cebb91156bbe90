import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { SignUp } from '../api/shapes'
import { fieldErrors, problemText } from '../locale/problem-text'
import { MIN_PASSWORD, validUsername } from '../session/account-rules'
import { session } from '../session/session'
import { setupToken } from '../setup/setup-token'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { Failed, PageLoading } from '../shell/states'
import { Closed } from './sign-up-page'

const FIELDS = ['username', 'password'] as const

/** Where the link of a sign-up leads. */
export function ConfirmPage() {
  const { t } = useTranslation()
  const { hash } = useLocation()
  // In the fragment alone: in a query, servers and proxies would log it.
  const token = setupToken('', hash)
  const wish = useQuery({
    queryKey: ['sign-up', token],
    queryFn: () => ok(api.POST('/api/v1/sign-ups/read', { body: { token } })),
    enabled: token !== '',
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
    gcTime: 0,
  })
  useTabTitle(t('signUp.loading'))
  if (!token) return <Plain title={t('signUp.noLink')} lead={t('signUp.noLinkHint')} />
  if (wish.data) return <ConfirmForm key={token} token={token} wish={wish.data} />
  if (wish.error) return <Refused error={wish.error} retry={() => void wish.refetch()} />
  return <PageLoading />
}

const refusals = ['sign_up_unknown', 'sign_up_expired', 'sign_up_used'] as const

function refusalOf(error: unknown) {
  const { code } = asProblem(error)
  return refusals.find((one) => one === code)
}

/** Why a link does not work, and what to do. */
function Refused({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  if (asProblem(error).code === 'sign_up_closed') return <Closed />
  const refusal = refusalOf(error)
  if (!refusal)
    return (
      <Plain title={t('signUp.loading')}>
        <Failed error={error} retry={retry} />
      </Plain>
    )
  return (
    <Plain title={t(`signUp.${refusal}`)} lead={t(`signUp.${refusal}Hint`)}>
      {refusal === 'sign_up_used' ? (
        <Button component={Link} to="/sign-in">
          {t('signUp.signIn')}
        </Button>
      ) : (
        <Button component={Link} to="/sign-up">
          {t('signUp.again')}
        </Button>
      )}
    </Plain>
  )
}

function ConfirmForm({ token, wish }: { token: string; wish: SignUp }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { username: wish.username, password: '' },
    validate: {
      username: (value) => (validUsername(value) ? null : t('setup.needUsername')),
      password: (value) => (value.length >= MIN_PASSWORD ? null : t('setup.needPassword')),
    },
  })
  const confirm = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(api.POST('/api/v1/sign-ups/confirm', { body: { ...values, token } })),
    onSuccess: async (answer) => {
      session.adopt(answer.session)
      await navigate({ to: '/', replace: true })
    },
    onError: (error) => {
      const problem = asProblem(error)
      const errors = fieldErrors(problem, FIELDS)
      if (problem.code === 'conflict') errors.username = t('signUp.taken')
      form.setErrors(errors)
    },
  })
  useTabTitle(t('signUp.confirmTitle', { name: wish.name }))
  const problem = confirm.error ? asProblem(confirm.error) : null
  if (problem && (refusalOf(problem) || problem.code === 'sign_up_closed')) return <Refused error={problem} />
  const besideField = problem && (problem.code === 'conflict' || Object.keys(fieldErrors(problem, FIELDS)).length > 0)
  return (
    <Plain title={t('signUp.confirmTitle', { name: wish.name })} lead={t('signUp.confirmLead')}>
      <form onSubmit={form.onSubmit((values) => confirm.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label={t('setup.username')}
            description={t('signUp.usernameHint')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps('username')}
          />
          <PasswordInput
            label={t('setup.password')}
            description={t('setup.passwordHint')}
            autoComplete="new-password"
            autoFocus
            {...form.getInputProps('password')}
          />
          {problem && !besideField && (
            <Alert color={problem.code === 'rate_limited' ? 'marigold' : 'red'} role="alert" data-testid="confirm-problem">
              {problemText(problem)}
            </Alert>
          )}
          <Button type="submit" size="md" loading={confirm.isPending} mt="xs">
            {t('signUp.confirm')}
          </Button>
        </Stack>
      </form>
    </Plain>
  )
}
