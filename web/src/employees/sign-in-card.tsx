import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Employee } from '../api/shapes'
import { Confirm } from '../shell/confirm'

type What = 'sessions' | 'twoFactor' | 'passkeys'

/** What an admin can do when somebody's phone or computer is lost. */
export function SignInCard({ company, employee }: { company: string; employee: Employee }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<What | null>(null)
  const path = { company, username: employee.username }
  const end = useMutation({
    mutationFn: (what: What) => {
      switch (what) {
        case 'sessions':
          return ok(api.DELETE('/api/v1/companies/{company}/employees/{username}/sessions', { params: { path } }))
        case 'twoFactor':
          return ok(api.DELETE('/api/v1/companies/{company}/employees/{username}/two-factor', { params: { path } }))
        case 'passkeys':
          return ok(api.DELETE('/api/v1/companies/{company}/employees/{username}/passkeys', { params: { path } }))
      }
    },
    onSuccess: (_, what) => {
      setAsking(null)
      notifications.show({ message: t(`employeeSignIn.${what}.done`, { name: employee.name }), color: 'pine' })
    },
  })
  const ask = (what: What) => {
    end.reset()
    setAsking(what)
  }
  return (
    <Paper p={{ base: 'md', sm: 'lg' }}>
      <Stack>
        <div>
          <Title order={2}>{t('employeeSignIn.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('employeeSignIn.lead')}
          </Text>
        </div>
        <Group gap="xs">
          <Button variant="default" onClick={() => ask('sessions')}>
            {t('employeeSignIn.sessions.do')}
          </Button>
          <Button variant="default" onClick={() => ask('twoFactor')}>
            {t('employeeSignIn.twoFactor.do')}
          </Button>
          <Button variant="default" onClick={() => ask('passkeys')}>
            {t('employeeSignIn.passkeys.do')}
          </Button>
        </Group>
      </Stack>
      {asking && (
        <Confirm
          opened
          title={t(`employeeSignIn.${asking}.title`, { name: employee.name })}
          text={t(`employeeSignIn.${asking}.hint`)}
          yes={t(`employeeSignIn.${asking}.do`)}
          pending={end.isPending}
          error={end.error}
          onYes={() => end.mutate(asking)}
          onClose={() => setAsking(null)}
        />
      )}
    </Paper>
  )
}
