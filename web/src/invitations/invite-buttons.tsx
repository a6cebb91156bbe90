import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileImport, IconMail } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { ImportForm } from './import-form'
import { InviteForm } from './invite-form'

export function InviteButtons() {
  const { t } = useTranslation()
  const [inviting, invite] = useDisclosure()
  const [importing, bring] = useDisclosure()
  return (
    <>
      <Button variant="default" leftSection={<IconFileImport size={20} />} onClick={bring.open}>
        {t('invitations.importButton')}
      </Button>
      <Button variant="default" leftSection={<IconMail size={20} />} onClick={invite.open}>
        {t('invitations.invite')}
      </Button>
      <InviteForm opened={inviting} onClose={invite.close} />
      <ImportForm opened={importing} onClose={bring.close} />
    </>
  )
}
