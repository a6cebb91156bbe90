import { Button, Text } from '@mantine/core'
import { IconPhotoPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Takes pictures that are dropped or chosen, several at once. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    if (files?.length) onFiles([...files])
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
      <IconPhotoPlus size={30} stroke={1.5} color="var(--mantine-color-dimmed)" />
      <Text fw={560}>{t('enrol.drop')}</Text>
      <Text size="sm" c="dimmed" mb="sm">
        {t('enrol.dropHint')}
      </Text>
      <Button variant="default" size="sm" onClick={() => input.current?.click()}>
        {t('enrol.choose')}
      </Button>
      <input
        ref={input}
        type="file"
        accept="image/*,.heic,.heif,.avif"
        multiple
        hidden
        aria-label={t('enrol.choose')}
        data-testid="face-files"
        onChange={(event) => {
          take(event.currentTarget.files)
          // Choosing the same file again must count again.
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
