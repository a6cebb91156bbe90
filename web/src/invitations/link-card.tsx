import { Alert, Button, CopyButton, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { Invited } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'

/** The link of an invitation, which the server tells only once. */
export function LinkCard({ invited, onDone }: { invited: Invited; onDone: () => void }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const { invitation, link } = invited
  const { name, email } = invitation
  const when = dateAndTime(invitation.expires_at, zone)
  return (
    <Stack data-testid="link-card">
      {invitation.mail === 'failed' && <Alert color="marigold">{t('invitations.linkFailed')}</Alert>}
      {invitation.mail === 'kept' && <Alert color="marigold">{t('invitations.linkKept', { name })}</Alert>}
      {invitation.mail === 'sent' && <Text size="sm">{t('invitations.linkMailed', { email })}</Text>}
      {invitation.mail === 'none' && <Text size="sm">{t('invitations.linkNone', { name })}</Text>}
      <TextInput
        label={t('invitations.link')}
        description={t('invitations.linkHint', { name, when })}
        value={link}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
        data-testid="link"
      />
      <CopyButton value={link} timeout={3_000}>
        {({ copied, copy }) => (
          <Button variant="default" leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />} onClick={copy}>
            {t(copied ? 'invitations.copied' : 'invitations.copy')}
          </Button>
        )}
      </CopyButton>
      <Button onClick={onDone}>{t('invitations.done')}</Button>
    </Stack>
  )
}
