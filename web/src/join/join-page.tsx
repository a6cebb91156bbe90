import { Alert, Button, Fieldset, PasswordInput, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { Welcome } from '../api/shapes'
import { fieldErrors, problemText } from '../locale/problem-text'
import { MIN_PASSWORD } from '../session/account-rules'
import { setupToken } from '../setup/setup-token'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { Failed, PageLoading } from '../shell/states'

/** Where the link of an invitation leads. */
export function JoinPage() {
  const { t } = useTranslation()
  const { hash } = useLocation()
  // In the fragment alone: in a query, servers and proxies would log it.
  const token = setupToken('', hash)
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => ok(api.POST('/api/v1/invitations/read', { body: { token } })),
    enabled: token !== '',
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
    gcTime: 0,
  })
  useTabTitle(t('join.loading'))
  if (!token) return <Plain title={t('join.noLink')} lead={t('join.noLinkHint')} />
  if (invitation.data) return <JoinForm key={token} token={token} welcome={invitation.data} />
  if (invitation.error) return <Refused error={invitation.error} retry={() => void invitation.refetch()} />
  return <PageLoading />
}

const refusals = ['invitation_unknown', 'invitation_expired', 'invitation_used'] as const

function refusalOf(error: unknown) {
  const { code } = asProblem(error)
  return refusals.find((one) => one === code)
}

/** Why a link does not work, and what to do. */
function Refused({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const refusal = refusalOf(error)
  if (!refusal)
    return (
      <Plain title={t('join.loading')}>
        <Failed error={error} retry={retry} />
      </Plain>
    )
  return (
    <Plain title={t(`join.${refusal}`)} lead={t(`join.${refusal}Hint`)}>
      {refusal === 'invitation_used' && (
        <Button component={Link} to="/sign-in">
          {t('join.signIn')}
        </Button>
      )}
    </Plain>
  )
}

function JoinForm({ token, welcome }: { token: string; welcome: Welcome }) {
  const { t } = useTranslation()
  const { company, name, username, consent, role } = welcome
  const form = useForm<{ password: string; consent: '' | 'given' | 'declined' }>({
    // An auditor has no attendance, and so is not asked.
    initialValues: { password: '', consent: role === 'auditor' ? 'declined' : '' },
    validate: {
      password: (value) => (value.length >= MIN_PASSWORD ? null : t('setup.needPassword')),
      consent: (value) => (value ? null : t('join.needConsent')),
    },
  })
  const join = useMutation({
    mutationFn: (values: { password: string; consent: 'given' | 'declined' }) =>
      ok(api.POST('/api/v1/invitations/accept', { body: { ...values, token, consent_version: consent.version } })),
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), ['password', 'consent'])),
  })
  useTabTitle(t('join.title', { company }))
  if (join.data)
    return (
      <Plain title={t('join.joined')} lead={t('join.joinedLead', { username })}>
        <Button component={Link} to="/sign-in" size="md">
          {t('join.signIn')}
        </Button>
      </Plain>
    )
  if (join.error && refusalOf(join.error)) return <Refused error={join.error} />
  const besideField = join.error && Object.keys(fieldErrors(asProblem(join.error), ['password', 'consent'])).length > 0
  return (
    <Plain title={t('join.title', { company })} lead={t(role === 'auditor' ? 'join.leadAuditor' : 'join.lead', { name })} width={600}>
      <form
        onSubmit={form.onSubmit(({ password, consent }) => {
          if (consent) join.mutate({ password, consent })
        })}
        noValidate
      >
        <Stack gap="lg">
          <TextInput
            label={t('join.username')}
            description={t('join.usernameHint')}
            value={username}
            readOnly
            variant="filled"
            autoComplete="username"
          />
          <PasswordInput
            label={t('join.password')}
            description={t('join.passwordHint')}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          {role !== 'auditor' && (
            <Fieldset legend={consent.title} variant="unstyled" classNames={{ legend: 'legend' }}>
              <Stack gap="sm">
                {consent.text.map((paragraph) => (
                  <Text size="sm" key={paragraph}>
                    {paragraph}
                  </Text>
                ))}
                <Radio.Group {...form.getInputProps('consent')} aria-label={consent.title} mt="xs">
                  <Stack gap="md" pb="xs">
                    <Radio value="given" label={t('join.agree')} description={t('join.agreeHint')} />
                    <Radio value="declined" label={t('join.decline')} description={t('join.declineHint')} />
                  </Stack>
                </Radio.Group>
              </Stack>
            </Fieldset>
          )}
          {join.error && !besideField && (
            <Alert color="red" role="alert" data-testid="join-problem">
              {problemText(join.error)}
            </Alert>
          )}
          <Button type="submit" size="md" loading={join.isPending}>
            {t('join.submit')}
          </Button>
        </Stack>
      </form>
    </Plain>
  )
}
