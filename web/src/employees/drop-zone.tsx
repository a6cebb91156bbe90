import { Text } from '@mantine/core'
import { IconPhotoPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { DropArea } from '../shell/drop-area'

/** Takes pictures that are dropped or chosen, several at once. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation()
  return (
    <DropArea
      icon={IconPhotoPlus}
      choose={t('enrol.choose')}
      accept="image/*,.heic,.heif,.avif"
      multiple
      label={t('enrol.choose')}
      testId="face-files"
      onFiles={onFiles}
    >
      <Text fw={560}>{t('enrol.drop')}</Text>
      <Text size="sm" c="dimmed" mb="sm">
        {t('enrol.dropHint')}
      </Text>
    </DropArea>
  )
}
