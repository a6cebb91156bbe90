import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { problemText } from '../locale/problem-text'

/** Asks before something that cannot be undone, and shows if it fails. */
export function Confirm(props: {
  opened: boolean
  title: string
  text: string
  yes: string
  pending: boolean
  error: unknown
  onYes: () => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Stack>
        <Text size="sm">{props.text}</Text>
        {props.error != null && (
          <Alert color="red" role="alert">
            {problemText(props.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('app.cancel')}
          </Button>
          <Button color="red" loading={props.pending} onClick={props.onYes} data-testid="confirm-yes">
            {props.yes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
