import { Alert, Anchor, Button, Checkbox, Fieldset, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { ZoneSelect } from '../clock/zone-select'
import { ownZone } from '../clock/zones'
import { fieldErrors, problemText } from '../locale/problem-text'
import { MIN_PASSWORD, validEmail, validUsername } from '../session/account-rules'
import { session } from '../session/session'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { setupToken } from './setup-token'

const FIELDS = ['name', 'time_zone', 'username', 'email', 'password'] as const

export function SetupPage() {
  const { t } = useTranslation()
  useTabTitle(t('setup.title'))
  const { searchStr, hash } = useLocation()
  const token = setupToken(searchStr, hash)
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => ok(api.GET('/api/v1/setup')) })

  if (setup.data && !setup.data.needed)
    return (
      <Plain title={t('setup.closed')} lead={t('setup.closedHint')}>
        <Button component={Link} to="/sign-in">
          {t('setup.signIn')}
        </Button>
      </Plain>
    )
  if (!token)
    return <Plain title={t('setup.noToken')} lead={t('setup.noTokenHint')} />
  return <SetupForm token={token} />
}

function SetupForm({ token }: { token: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { name: '', time_zone: ownZone(), username: '', email: '', password: '', demo: false },
    validateInputOnBlur: true,
    validate: {
      name: (value) => (value.trim() ? null : t('setup.needName')),
      time_zone: (value) => (value ? null : t('setup.needZone')),
      username: (value) => (validUsername(value) ? null : t('setup.needUsername')),
      email: (value) => (validEmail(value.trim()) ? null : t('setup.needEmail')),
      password: (value) => (value.length >= MIN_PASSWORD ? null : t('setup.needPassword')),
    },
  })
  const create = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(
        api.POST('/api/v1/companies', {
          body: { ...values, setup_token: token, name: values.name.trim(), email: values.email.trim() },
        }),
      ),
    onSuccess: async (answer) => {
      session.adopt(answer.session)
      await navigate({ to: '/', replace: true })
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), FIELDS)),
  })
  const problem = create.error ? asProblem(create.error) : null
  const besideField = problem && Object.keys(fieldErrors(problem, FIELDS)).length > 0
  // The only thing here that a stranger's link could lack is a valid token.
  const badToken = problem && (problem.code === 'forbidden' || problem.code === 'unauthorized')

  return (
    <Plain title={t('setup.title')} lead={t('setup.lead')} width={560}>
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <Stack gap="lg">
          <Fieldset legend={t('setup.company')} variant="unstyled" classNames={{ legend: 'legend' }}>
            <Stack>
              <TextInput
                label={t('setup.companyName')}
                autoComplete="organization"
                autoFocus
                {...form.getInputProps('name')}
              />
              <ZoneSelect
                label={t('setup.zone')}
                description={t('setup.zoneHint')}
                nothingFoundMessage={t('setup.zoneNone')}
                {...form.getInputProps('time_zone')}
              />
            </Stack>
          </Fieldset>
          <Fieldset legend={t('setup.admin')} variant="unstyled" classNames={{ legend: 'legend' }}>
            <Stack>
              <Text size="sm" c="dimmed">
                {t('setup.adminHint')}
              </Text>
              <TextInput
                label={t('setup.username')}
                description={t('setup.usernameHint')}
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                {...form.getInputProps('username')}
              />
              <TextInput
                label={t('setup.email')}
                description={t('setup.emailHint')}
                type="email"
                autoComplete="email"
                {...form.getInputProps('email')}
              />
              <PasswordInput
                label={t('setup.password')}
                description={t('setup.passwordHint')}
                autoComplete="new-password"
                {...form.getInputProps('password')}
              />
            </Stack>
          </Fieldset>
          <Checkbox
            label={t('setup.demo')}
            description={t('setup.demoHint')}
            {...form.getInputProps('demo', { type: 'checkbox' })}
          />
          {problem && !besideField && (
            <Alert color="red" role="alert" data-testid="setup-problem">
              {badToken ? t('setup.badToken') : problemText(problem)}{' '}
              {problem.code === 'setup_closed' && (
                <Anchor component={Link} to="/sign-in">
                  {t('setup.signIn')}
                </Anchor>
              )}
            </Alert>
          )}
          <Button type="submit" size="md" loading={create.isPending}>
            {t('setup.submit')}
          </Button>
        </Stack>
      </form>
    </Plain>
  )
}
