import { Alert, Button, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import { twoFactorKey } from './account'

export function TwoFactorOff({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const off = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/me/two-factor/disable', { body: { password, code: code.trim() } })),
    onSuccess: () => {
      notifications.show({ message: t('twoFactor.isOff'), color: 'pine' })
      onClose()
      return queries.invalidateQueries({ queryKey: twoFactorKey })
    },
    onError: (error) => {
      if (asProblem(error).code === 'totp_wrong') setCode('')
    },
  })
  const problem = off.error ? asProblem(off.error) : null
  const about = (wanted: string) => (problem?.code === wanted ? problemText(problem) : null)
  const other = problem && problem.code !== 'password_wrong' && problem.code !== 'totp_wrong'
  return (
    <Modal opened onClose={onClose} title={t('twoFactor.offTitle')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (password && code.trim()) off.mutate()
        }}
      >
        <Stack>
          <Text size="sm">{t('twoFactor.offHint')}</Text>
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={about('password_wrong')}
            data-autofocus
          />
          <TextInput
            label={t('twoFactor.codeOrRecovery')}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={about('totp_wrong')}
          />
          {other && (
            <Alert color="red" role="alert">
              {problemText(problem)}
            </Alert>
          )}
          <Button color="red" type="submit" loading={off.isPending} disabled={!password || !code.trim()}>
            {t('twoFactor.turnOff')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
