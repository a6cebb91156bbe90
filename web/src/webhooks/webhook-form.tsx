import { Button, Checkbox, Group, Modal, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'

import { asProblem } from '../api/problem'
import type { Webhook, WebhookFields } from '../api/shapes'
import { kindName } from '../deliveries/kinds'
import { Failed } from '../shell/states'

interface Props {
  opened: boolean
  onClose: () => void
  webhook?: Webhook
  kinds: readonly string[]
  /** Whether an address may do without https. */
  plain: boolean
  pending: boolean
  error: unknown
  onSave: (fields: WebhookFields) => void
}

export function WebhookForm({ opened, onClose, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(rest.webhook ? 'webhooks.editTitle' : 'webhooks.addTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Fields {...rest} />
    </Modal>
  )
}

function Fields({ webhook, kinds, plain, pending, error, onSave }: Omit<Props, 'opened' | 'onClose'>) {
  const { t } = useTranslation()
  const form = useForm<WebhookFields>({
    initialValues: webhook ? { url: webhook.url, name: webhook.name, kinds: webhook.kinds } : { url: '', name: '', kinds: [...kinds] },
    validate: {
      url: (value) => (/^https?:\/\/[^\s/]/.test(value.trim()) ? null : t('webhooks.needUrl')),
      kinds: (value) => (value.length > 0 ? null : t('webhooks.needKinds')),
    },
  })
  return (
    <form onSubmit={form.onSubmit(onSave)} noValidate>
      <Stack>
        <TextInput
          label={t('webhooks.url')}
          description={t(plain ? 'webhooks.urlHintPlain' : 'webhooks.urlHint')}
          placeholder="https://example.com/hajir"
          type="url"
          maxLength={1000}
          data-autofocus
          {...form.getInputProps('url')}
        />
        <TextInput label={t('webhooks.name')} description={t('webhooks.nameHint')} maxLength={100} {...form.getInputProps('name')} />
        <Checkbox.Group label={t('webhooks.kinds')} {...form.getInputProps('kinds')}>
          <Group gap="xs" my={6}>
            <Button size="compact-xs" variant="default" onClick={() => form.setFieldValue('kinds', [...kinds])}>
              {t('webhooks.all')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => form.setFieldValue('kinds', [])}>
              {t('webhooks.nothing')}
            </Button>
          </Group>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing="xs">
            {kinds.map((kind) => (
              <Checkbox key={kind} value={kind} label={kindName(t, kind)} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        {error != null && <Failed error={asProblem(error)} />}
        <Group justify="flex-end">
          <Button type="submit" loading={pending}>
            {t(webhook ? 'app.save' : 'webhooks.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
