import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** The way to the import, on the settings. */
export function ImportCard() {
  const { t } = useTranslation()
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640}>
      <Stack>
        <div>
          <Title order={2}>{t('imports.settings')}</Title>
          <Text size="sm" c="dimmed">
            {t('imports.settingsLead')}
          </Text>
        </div>
        <Group>
          <Button component={Link} to="/settings/import" variant="default" leftSection={<IconFileImport size={18} />}>
            {t('imports.open')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
