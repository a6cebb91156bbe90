import { Alert, Button, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { asProblem, Problem } from '../api/problem'
import { addPasskey, passkeyText } from '../session/passkey'
import { useMe } from '../session/use-session'
import { passkeysKey, useSessions, useTwoFactor } from './account'

/** The way to a passkey: who asks, and then the browser's own dialog. */
export function PasskeyAdd({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { username } = useMe()
  const asksCode = useTwoFactor().data?.enabled ?? false
  const device = useSessions().data?.sessions.find((one) => one.current)?.device
  const [named, setNamed] = useState<string | null>(null)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const name = named ?? (device || t('passkeys.firstName'))
  const add = useMutation({
    mutationFn: () => addPasskey(name.trim(), password, code.trim()),
    onSuccess: () => {
      notifications.show({ message: t('passkeys.added'), color: 'pine' })
      onClose()
      return queries.invalidateQueries({ queryKey: passkeysKey })
    },
    onError: (error) => {
      if (error instanceof Problem && error.code === 'totp_wrong') setCode('')
    },
  })
  const refused = add.error instanceof Problem ? asProblem(add.error).code : ''
  const about = (wanted: string) => (refused === wanted ? passkeyText(add.error) : null)
  const other = add.error && refused !== 'password_wrong' && refused !== 'totp_wrong'
  const ready = name.trim() && password && (!asksCode || code.trim())
  return (
    <Modal opened onClose={onClose} title={t('passkeys.addTitle')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) add.mutate()
        }}
      >
        <Stack>
          <Text size="sm">{t('passkeys.addHint')}</Text>
          <TextInput
            label={t('passkeys.name')}
            description={t('passkeys.nameHint')}
            maxLength={100}
            value={name}
            onChange={(event) => setNamed(event.currentTarget.value)}
          />
          {/* So that a password manager knows whose password it is. */}
          <input type="text" autoComplete="username" value={username} readOnly hidden />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={about('password_wrong')}
            data-autofocus
          />
          {asksCode && (
            <TextInput
              label={t('twoFactor.codeOrRecovery')}
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              error={about('totp_wrong')}
            />
          )}
          {other && (
            <Alert color="red" role="alert" data-testid="passkey-problem">
              {passkeyText(add.error, true)}
            </Alert>
          )}
          <Button type="submit" loading={add.isPending} disabled={!ready}>
            {t('passkeys.add')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
