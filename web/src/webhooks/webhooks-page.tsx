import { Anchor, Button, Stack } from '@mantine/core'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { SecretModal } from './secret-modal'
import { WebhookCard } from './webhook-card'
import { WebhookForm } from './webhook-form'
import { useAddWebhook, useWebhooks } from './webhooks'
import '../locale/office'

/** Addresses to which is posted what happens. */
export function WebhooksPage() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const mayChange = role === 'admin'
  const answer = useWebhooks(company)
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState('')
  const add = useAddWebhook(company, (made) => {
    setAdding(false)
    setSecret(made)
  })
  const open = () => {
    add.reset()
    setAdding(true)
  }
  const button = mayChange && (
    <Button leftSection={<IconPlus size={18} />} onClick={open}>
      {t('webhooks.add')}
    </Button>
  )
  const all = answer.data?.webhooks ?? []
  return (
    <>
      <Stack gap={4}>
        <Anchor component={Link} to="/settings" size="sm">
          {t('webhooks.back')}
        </Anchor>
        <PageTitle title={t('webhooks.title')} sub={t('webhooks.lead')}>
          {all.length > 0 && button}
        </PageTitle>
      </Stack>
      {answer.isPending && <Rows count={3} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && all.length === 0 && (
        <Empty icon={IconWebhook} title={t('webhooks.empty')} hint={t(mayChange ? 'webhooks.emptyHint' : 'webhooks.emptyAuditor')}>
          {button}
        </Empty>
      )}
      <Stack gap="sm">
        {all.map((webhook) => (
          <WebhookCard
            key={webhook.id}
            company={company}
            webhook={webhook}
            kinds={answer.data?.kinds ?? []}
            plain={answer.data?.plain ?? false}
            mayChange={mayChange}
            onSecret={setSecret}
          />
        ))}
      </Stack>
      <WebhookForm
        opened={adding}
        onClose={() => setAdding(false)}
        kinds={answer.data?.kinds ?? []}
        plain={answer.data?.plain ?? false}
        pending={add.isPending}
        error={add.error}
        onSave={(fields) => add.mutate(fields)}
      />
      <SecretModal secret={secret} onClose={() => setSecret('')} />
    </>
  )
}
