import { Button, Text } from '@mantine/core'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Takes one CSV file that is dropped or chosen. */
export function FileDrop({ file, loading, onFile }: { file: File | null; loading: boolean; onFile: (file: File) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    if (files?.[0]) onFile(files[0])
  }
  return (
    <div
      className="drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <IconFileSpreadsheet size={30} stroke={1.5} color="var(--mantine-color-dimmed)" />
      <Text fw={560} mb="sm" style={{ wordBreak: 'break-word' }}>
        {file ? file.name : t('imports.drop')}
      </Text>
      <Button variant="default" size="sm" loading={loading} onClick={() => input.current?.click()}>
        {t(file ? 'imports.other' : 'imports.choose')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.dat,.tsv,text/csv,text/plain"
        hidden
        aria-label={t('imports.file')}
        data-testid="import-file"
        onChange={(event) => {
          take(event.currentTarget.files)
          // Choosing the same file again, corrected, must count again.
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
