import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { problemText } from '../locale/problem-text'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'

/** Asks for a link to a new password. The answer is the same for everybody. */
export function ForgotPage() {
  const { t } = useTranslation()
  useTabTitle(t('forgot.title'))
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (value) => (value.trim() ? null : t('signIn.missing')) },
  })
  const ask = useMutation({
    mutationFn: (name: string) => ok(api.POST('/api/v1/password-resets', { body: { name } })),
  })
  const back = (
    <Anchor component={Link} to="/sign-in" size="sm" ta="center">
      {t('forgot.back')}
    </Anchor>
  )
  if (ask.isSuccess)
    return (
      <Plain title={t('forgot.sent')} lead={t('forgot.sentLead', { name: ask.variables })}>
        <div data-testid="forgot-sent">
          <Text fw={580} size="sm">
            {t('forgot.nothing')}
          </Text>
          <Text size="sm" c="dimmed">
            {t('forgot.nothingHint')}
          </Text>
        </div>
        {back}
      </Plain>
    )
  return (
    <Plain title={t('forgot.title')} lead={t('forgot.lead')}>
      <form onSubmit={form.onSubmit(({ name }) => ask.mutate(name.trim()))} noValidate>
        <Stack>
          <TextInput
            label={t('signIn.username')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            maxLength={254}
            {...form.getInputProps('name')}
          />
          {ask.error && (
            <Alert color="red" role="alert" data-testid="forgot-problem">
              {problemText(ask.error)}
            </Alert>
          )}
          <Button type="submit" size="md" loading={ask.isPending}>
            {t('forgot.submit')}
          </Button>
          {back}
        </Stack>
      </form>
    </Plain>
  )
}
