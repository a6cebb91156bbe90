import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { Failed } from '../shell/states'
import { useDownload } from './consent'

/** Everything that is held about somebody; name is theirs when the admin asks. */
export function DownloadCard({ company, username, name }: { company: string; username: string; name?: string }) {
  const { t } = useTranslation()
  const download = useDownload(company, username)
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="download-card">
      <Stack gap="sm">
        <div>
          <Title order={2}>{name ? t('myData.downloadFor') : t('myData.downloadTitle')}</Title>
          <Text size="sm" c="dimmed">
            {name ? t('myData.downloadForLead', { name }) : t('myData.downloadLead')}
          </Text>
        </div>
        <Group>
          <Button
            variant="light"
            leftSection={<IconDownload size={20} />}
            loading={download.isPending}
            onClick={() =>
              download.mutate(undefined, {
                onSuccess: () => notifications.show({ message: t('myData.downloaded'), color: 'pine' }),
              })
            }
          >
            {t('myData.download')}
          </Button>
        </Group>
        {download.error && <Failed error={download.error} />}
      </Stack>
    </Paper>
  )
}
