import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCircleCheck, IconKey, IconList, IconPencil, IconSend, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Webhook } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { kindName } from '../deliveries/kinds'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { Failed } from '../shell/states'
import { Attempts } from './attempts'
import { WebhookForm } from './webhook-form'
import { useChangeWebhook, useDeleteWebhook, useRotateSecret, useTestWebhook } from './webhooks'

interface Props {
  company: string
  webhook: Webhook
  kinds: readonly string[]
  plain: boolean
  mayChange: boolean
  onSecret: (secret: string) => void
}

const colors = { on: 'pine', off: 'gray', failing: 'red', gone: 'red' } as const

export function WebhookCard({ company, webhook, kinds, plain, mayChange, onSecret }: Props) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const [asking, setAsking] = useState<'' | 'edit' | 'rotate' | 'remove'>('')
  const [log, setLog] = useState(false)
  const close = () => setAsking('')
  const change = useChangeWebhook(company, webhook, close)
  const rotate = useRotateSecret(company, webhook, (secret) => {
    close()
    onSecret(secret)
  })
  const remove = useDeleteWebhook(company, webhook, () => {
    close()
    notifications.show({ message: t('webhooks.removed'), color: 'pine' })
  })
  const test = useTestWebhook(company, webhook)
  const on = webhook.state === 'on'
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="webhook">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div style={{ minWidth: 0 }}>
            {webhook.name && <Text fw={580}>{webhook.name}</Text>}
            <Text size={webhook.name ? 'sm' : 'md'} c={webhook.name ? 'dimmed' : undefined} style={{ overflowWrap: 'anywhere' }}>
              {webhook.url}
            </Text>
          </div>
          <Badge color={colors[webhook.state]} variant="light" style={{ flex: 'none' }} data-testid="webhook-state">
            {t(`webhooks.state.${on ? 'on' : 'off'}`)}
          </Badge>
        </Group>
        <Group gap={6}>
          {webhook.kinds.map((kind) => (
            <Badge key={kind} variant="default" tt="none" fw={500}>
              {kindName(t, kind)}
            </Badge>
          ))}
        </Group>
        {(webhook.state === 'failing' || webhook.state === 'gone') && (
          <Alert color="red" icon={<IconAlertTriangle />} title={t(`webhooks.state.${webhook.state}`)}>
            {t('webhooks.offHint')}
          </Alert>
        )}
        {on && webhook.failing_since && (
          <Alert color="marigold" icon={<IconAlertTriangle />}>
            {t('webhooks.failing', { when: dateAndTime(webhook.failing_since, zone) })}
          </Alert>
        )}
        <Text size="xs" c="dimmed">
          {t('webhooks.secretSince', { when: dateAndTime(webhook.secret_at, zone) })}
          {webhook.old_secret_until && ` • ${t('webhooks.oldUntil', { when: dateAndTime(webhook.old_secret_until, zone) })}`}
        </Text>
        {test.data && (
          <Alert
            color={test.data.problem ? 'red' : 'pine'}
            icon={test.data.problem ? <IconAlertTriangle /> : <IconCircleCheck />}
            role="status"
            data-testid="webhook-tested"
          >
            {test.data.problem
              ? t('webhooks.testBad', { problem: test.data.problem })
              : t('webhooks.testGood', { status: test.data.status ?? '', ms: test.data.took_ms })}
          </Alert>
        )}
        {test.error && <Failed error={test.error} />}
        {change.error && asking !== 'edit' && <Failed error={change.error} />}
        <Group gap="xs">
          {mayChange && (
            <>
              <Button size="xs" variant="default" leftSection={<IconSend size={16} />} loading={test.isPending} onClick={() => test.mutate()}>
                {t('webhooks.test')}
              </Button>
              <Button size="xs" variant="default" leftSection={<IconPencil size={16} />} onClick={() => setAsking('edit')}>
                {t('webhooks.edit')}
              </Button>
              <Button size="xs" variant="default" loading={change.isPending} onClick={() => change.mutate({ on: !on })}>
                {t(on ? 'webhooks.turnOff' : 'webhooks.turnOn')}
              </Button>
              <Button size="xs" variant="default" leftSection={<IconKey size={16} />} onClick={() => setAsking('rotate')}>
                {t('webhooks.rotate')}
              </Button>
              <Button size="xs" variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking('remove')}>
                {t('webhooks.remove')}
              </Button>
            </>
          )}
          <Button size="xs" variant="default" leftSection={<IconList size={16} />} aria-expanded={log} onClick={() => setLog(!log)}>
            {t(log ? 'webhooks.hideLog' : 'webhooks.log')}
          </Button>
        </Group>
        {log && <Attempts company={company} id={webhook.id} />}
      </Stack>
      <WebhookForm
        opened={asking === 'edit'}
        onClose={close}
        webhook={webhook}
        kinds={kinds}
        plain={plain}
        pending={change.isPending}
        error={change.error}
        onSave={(fields) => change.mutate({ ...fields, on })}
      />
      <Confirm
        opened={asking === 'rotate'}
        title={t('webhooks.rotateTitle')}
        text={t('webhooks.rotateHint')}
        yes={t('webhooks.rotate')}
        pending={rotate.isPending}
        error={rotate.error}
        onYes={() => rotate.mutate(undefined)}
        onClose={close}
      />
      <Confirm
        opened={asking === 'remove'}
        title={t('webhooks.removeTitle')}
        text={t('webhooks.removeHint', { url: webhook.url })}
        yes={t('webhooks.remove')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate(undefined)}
        onClose={close}
      />
    </Paper>
  )
}
