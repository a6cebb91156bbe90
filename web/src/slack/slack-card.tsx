import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconBrandSlack } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** The way to Slack, on the settings. */
export function SlackCard() {
  const { t } = useTranslation()
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="slack-card">
      <Stack>
        <div>
          <Title order={2}>{t('slack.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('slack.lead')}
          </Text>
        </div>
        <Group>
          <Button component={Link} to="/settings/slack" variant="default" leftSection={<IconBrandSlack size={18} />}>
            {t('slack.open')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
