import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { problemText } from '../locale/problem-text'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  /** Who reads the reason. */
  name: string
  /** What the button says. */
  refuse: string
  pending: boolean
  error: unknown
  onRefuse: (note: string) => void
}

/** Asks why something is refused; without a reason it is not. */
export function RefuseModal({ opened, onClose, title, name, refuse, pending, error, onRefuse }: Props) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setMissing(!note.trim())
          if (note.trim()) onRefuse(note.trim())
        }}
      >
        <Stack>
          <Textarea
            size="md"
            label={t('leave.refuseReason')}
            description={t('leave.refuseReasonHint', { name })}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            error={missing && !note.trim() ? t('leave.needReason') : null}
            maxLength={300}
            autosize
            minRows={2}
            data-autofocus
          />
          {error != null && (
            <Alert color="red" role="alert">
              {problemText(error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" color="red" loading={pending}>
              {refuse}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
