import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconMailExclamation, IconWebhook } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** The way to webhooks and deliveries, on the settings. */
export function IntegrationsCard() {
  const { t } = useTranslation()
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640}>
      <Stack>
        <div>
          <Title order={2}>{t('integrations.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('integrations.lead')}
          </Text>
        </div>
        <Group>
          <Button component={Link} to="/settings/webhooks" variant="default" leftSection={<IconWebhook size={18} />}>
            {t('integrations.webhooks')}
          </Button>
          <Button component={Link} to="/settings/deliveries" variant="default" leftSection={<IconMailExclamation size={18} />}>
            {t('integrations.deliveries')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
