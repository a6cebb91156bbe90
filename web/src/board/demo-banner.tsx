import { Alert, Button, Group, Text } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { session } from '../session/session'
import { useMe } from '../session/use-session'
import { useCompany } from '../settings/company'
import { Confirm } from '../shell/confirm'

/** Says that a company is an example, and takes it away in one step. */
export function DemoBanner() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const router = useRouter()
  const details = useCompany()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/demo', { params: { path: { company } } })),
    onSuccess: ({ setup_url }) => {
      // The link may name the host the program listens on; stay on this one.
      // There is none while other companies exist.
      const link = new URL(setup_url || '/sign-in', location.origin)
      // The account is gone with the company, so signing out may be refused.
      void session
        .signOut()
        .catch(() => undefined)
        .then(() => router.navigate({ href: link.pathname + link.search + link.hash }))
    },
  })
  if (!details.data?.demo) return null
  return (
    <Alert color="marigold" icon={<IconFlask />} data-testid="demo-banner">
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ flex: '1 1 18rem' }}>
          <b>{t('demo.banner')}</b> {role === 'admin' && t('demo.bannerHint')}
        </Text>
        {role === 'admin' && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t('demo.remove')}
          </Button>
        )}
      </Group>
      <Confirm
        opened={asking}
        title={t('demo.confirmTitle')}
        text={t('demo.confirm')}
        yes={t('demo.confirmYes')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      />
    </Alert>
  )
}
