import { Alert, Anchor, Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { SignUpOffer } from '../sign-up/sign-up-offer'
import { CodeStep } from './code-step'
import { passkeysWorkHere, passkeyText, signInWithPasskey } from './passkey'
import { session } from './session'
import { usePasskeyAutofill } from './use-passkey-autofill'
import { useSession } from './use-session'
import { useWait } from './use-wait'

export function SignInPage() {
  const { t } = useTranslation()
  useTabTitle(t('signIn.title'))
  const state = useSession()
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => ok(api.GET('/api/v1/setup')) })
  const [asksCode, setAsksCode] = useState(false)
  const [left, wait] = useWait()
  const form = useForm({
    initialValues: { username: '', password: '', code: '' },
    validate: {
      username: (value) => (value.trim() ? null : t('signIn.missing')),
      password: (value) => (value ? null : t('signIn.missing')),
      code: (value) => (!asksCode || value.trim() ? null : t('signIn.missing')),
    },
  })
  const signIn = useMutation({
    mutationFn: ({ username, password, code }: typeof form.values) =>
      ok(
        api.POST('/api/v1/sessions', {
          body: {
            username: username.trim().toLowerCase(),
            password,
            cookie: true,
            ...(asksCode && { code: code.trim() }),
          },
        }),
      ),
    // The router sees the new session and moves on.
    onSuccess: (answer) => session.adopt(answer),
    onError: (error) => {
      const problem = asProblem(error)
      if (problem.code === 'totp_required') setAsksCode(true)
      if (problem.code === 'totp_wrong') form.setFieldValue('code', '')
      if (problem.code === 'rate_limited') wait(problem.retryAfter)
    },
  })
  const passkey = useMutation({
    mutationFn: () => signInWithPasskey(),
    onMutate: () => signIn.reset(),
    onSuccess: (answer) => session.adopt(answer),
  })
  const offered = usePasskeyAutofill(!asksCode && !passkey.isPending)
  const notTaken = passkey.error ?? (passkey.isIdle && signIn.isIdle ? offered : null)
  const startOver = () => {
    setAsksCode(false)
    form.reset()
    signIn.reset()
  }
  const ended = state.status === 'signed-out' && state.ended
  const refused = signIn.error ? asProblem(signIn.error) : null
  // Being asked for the code is no problem, and a wait that is over is none.
  const over = refused?.code === 'rate_limited' && refused.retryAfter > 0 && left === 0
  const problem = refused && refused.code !== 'totp_required' && !over ? refused : null

  return (
    <Plain
      title={t(asksCode ? 'signIn.codeTitle' : 'signIn.title')}
      lead={asksCode ? t('signIn.codeLead', { username: form.values.username.trim() }) : t('signIn.lead')}
    >
      {setup.data?.needed && (
        <Alert color="marigold" title={t('signIn.setupNeeded')} data-testid="setup-needed">
          {t('signIn.setupHint')}
        </Alert>
      )}
      {ended && !refused && !notTaken && <Alert color="marigold">{t('signIn.ended')}</Alert>}
      {problem && (
        <Alert color={problem.code === 'rate_limited' ? 'marigold' : 'red'} role="alert" data-testid="sign-in-problem">
          {problem.code === 'unauthorized' ? t('signIn.wrong') : problemText(problem)}
          {problem.code === 'rate_limited' && ` ${t('signIn.why')}`}
        </Alert>
      )}
      {notTaken && !problem && (
        <Alert color="red" role="alert" data-testid="passkey-problem">
          {passkeyText(notTaken)}
        </Alert>
      )}
      <form
        onSubmit={form.onSubmit((values) => {
          passkey.reset()
          signIn.mutate(values)
        })}
        noValidate
      >
        <Stack>
          {asksCode ? (
            <CodeStep
              value={form.values.code}
              error={form.errors.code as string | undefined}
              onChange={(code) => form.setFieldValue('code', code)}
              onBack={startOver}
            />
          ) : (
            <>
              <TextInput
                label={t('signIn.username')}
                autoComplete="username webauthn"
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
            </>
          )}
          <Button type="submit" size="md" loading={signIn.isPending} disabled={left > 0} mt="xs">
            {left > 0 ? t('signIn.wait', { time: countdown(left) }) : t('signIn.submit')}
          </Button>
          {!asksCode && (
            <>
              {passkeysWorkHere() && (
                <>
                  <Divider label={t('passkeys.or')} />
                  <Button
                    variant="default"
                    size="md"
                    leftSection={<IconFingerprint size={20} />}
                    loading={passkey.isPending}
                    onClick={() => passkey.mutate()}
                  >
                    {t('passkeys.signIn')}
                  </Button>
                </>
              )}
              <Anchor component={Link} to="/forgot" size="sm" ta="center">
                {t('forgot.link')}
              </Anchor>
            </>
          )}
        </Stack>
      </form>
      {setup.data?.sign_up && !asksCode && <SignUpOffer />}
    </Plain>
  )
}

function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
