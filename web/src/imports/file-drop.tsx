import { Text } from '@mantine/core'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { DropArea } from '../shell/drop-area'

/** Takes one CSV file that is dropped or chosen. */
export function FileDrop({ file, loading, onFile }: { file: File | null; loading: boolean; onFile: (file: File) => void }) {
  const { t } = useTranslation()
  return (
    <DropArea
      icon={IconFileSpreadsheet}
      choose={t(file ? 'imports.other' : 'imports.choose')}
      loading={loading}
      accept=".csv,.txt,.dat,.tsv,text/csv,text/plain"
      label={t('imports.file')}
      testId="import-file"
      onFiles={([first]) => first && onFile(first)}
    >
      <Text fw={560} mb="sm" style={{ wordBreak: 'break-word' }}>
        {file ? file.name : t('imports.drop')}
      </Text>
    </DropArea>
  )
}
