import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { dateAndTime } from '../clock/clock'
import { ZoneSelect } from '../clock/zone-select'
import { ownZone } from '../clock/zones'
import { LanguageSelect } from '../locale/language-select'
import { ownLanguage } from '../locale/languages'
import { fieldErrors, problemText } from '../locale/problem-text'
import { validEmail, validUsername } from '../session/account-rules'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { Failed, PageLoading } from '../shell/states'

const FIELDS = ['name', 'time_zone', 'username', 'email', 'language'] as const

/** Where strangers ask for a company, if the operator lets them. */
export function SignUpPage() {
  const { t } = useTranslation()
  useTabTitle(t('signUp.title'))
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => ok(api.GET('/api/v1/setup')) })
  if (setup.data?.sign_up) return <SignUpForm />
  if (setup.data) return <Closed />
  if (setup.error)
    return (
      <Plain title={t('signUp.title')}>
        <Failed error={setup.error} retry={() => void setup.refetch()} />
      </Plain>
    )
  return <PageLoading />
}

export function Closed() {
  const { t } = useTranslation()
  return (
    <Plain title={t('signUp.closed')} lead={t('signUp.closedHint')}>
      <Button component={Link} to="/sign-in">
        {t('signUp.signIn')}
      </Button>
    </Plain>
  )
}

function SignUpForm() {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: { name: '', time_zone: ownZone(), username: '', email: '', language: ownLanguage('en') },
    // Not on blur: a message that appears then moves the button away from the click.
    validate: {
      name: (value) => (value.trim() ? null : t('setup.needName')),
      time_zone: (value) => (value ? null : t('setup.needZone')),
      username: (value) => (validUsername(value) ? null : t('setup.needUsername')),
      email: (value) => (validEmail(value.trim()) ? null : t('setup.needEmail')),
    },
  })
  const ask = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(
        api.POST('/api/v1/sign-ups', {
          body: { ...values, name: values.name.trim(), email: values.email.trim() },
        }),
      ),
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), FIELDS)),
  })
  if (ask.data)
    return (
      <Plain title={t('signUp.sent')} lead={t('signUp.sentLead', { email: form.values.email.trim() })}>
        <Text size="sm" c="dimmed" data-testid="sign-up-sent">
          {t('signUp.sentHint', { when: dateAndTime(ask.data.expires_at, form.values.time_zone) })}
        </Text>
        <Button variant="default" onClick={() => ask.reset()}>
          {t('signUp.change')}
        </Button>
      </Plain>
    )
  const problem = ask.error ? asProblem(ask.error) : null
  if (problem?.code === 'sign_up_closed') return <Closed />
  const besideField = problem && Object.keys(fieldErrors(problem, FIELDS)).length > 0
  return (
    <Plain title={t('signUp.title')} lead={t('signUp.lead')} width={560}>
      <form onSubmit={form.onSubmit((values) => ask.mutate(values))} noValidate>
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
          <TextInput
            label={t('setup.username')}
            description={t('signUp.usernameHint')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps('username')}
          />
          <TextInput
            label={t('setup.email')}
            description={t('signUp.emailHint')}
            type="email"
            autoComplete="email"
            {...form.getInputProps('email')}
          />
          <LanguageSelect
            label={t('notifications.company.language')}
            description={t('notifications.signUpLanguageHint')}
            {...form.getInputProps('language')}
          />
          {problem && !besideField && (
            <Alert color={problem.code === 'rate_limited' ? 'marigold' : 'red'} role="alert" data-testid="sign-up-problem">
              {problemText(problem)}
            </Alert>
          )}
          <Button type="submit" size="md" loading={ask.isPending} mt="xs">
            {t('signUp.submit')}
          </Button>
          <Text size="sm" c="dimmed" ta="center">
            {t('signUp.haveOne')}{' '}
            <Anchor component={Link} to="/sign-in" size="sm">
              {t('signUp.signIn')}
            </Anchor>
          </Text>
        </Stack>
      </form>
    </Plain>
  )
}
