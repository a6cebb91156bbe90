import { Button, Modal, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { postPicture } from '../api/client'
import type { ImportReport } from '../api/shapes'
import { ImportSteps } from '../imports/import-steps'
import { csvOf } from '../imports/imports'
import { useMe } from '../session/use-session'
import { invitationsKey } from './invitations'
import { linksFile } from './links-file'

export function ImportForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const [done, setDone] = useState(false)
  const close = () => {
    setDone(false)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('invitations.importTitle')}
      size="lg"
      // The links are shown once: a click beside them must not lose them.
      closeOnClickOutside={!done}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <ImportSteps
        send={(file, dryRun) =>
          postPicture<ImportReport>(
            `/api/v1/companies/${encodeURIComponent(company)}/invitations/import${dryRun ? '?dry_run=true' : ''}`,
            csvOf(file),
          )
        }
        template={{ name: 'invitations.csv', content: EXAMPLE }}
        words={{
          ready: (count) => t('invitations.ready', { count }),
          go: (count) => t('invitations.go', { count }),
          done: (count) => t('invitations.imported', { count }),
          hint: t('invitations.importedHint'),
        }}
        after={(report) => <Links report={report} />}
        onImported={() => {
          setDone(true)
          void queries.invalidateQueries({ queryKey: invitationsKey(company) })
        }}
        onDone={close}
      >
        <Text size="sm" c="dimmed">
          {t('invitations.importLead')}
        </Text>
      </ImportSteps>
    </Modal>
  )
}

// docs/import.md tells of the columns.
const EXAMPLE = `username,name,email,code,department,phone,role,manager
asha,Asha Rai,asha@example.com,1001,Kitchen,+9779812345678,manager,
bina,Bina Thapa,bina@example.com,1002,Kitchen,,employee,asha
`

function Links({ report }: { report: ImportReport }) {
  const { t } = useTranslation()
  const [file] = useState(() => URL.createObjectURL(new Blob([linksFile(report.lines)], { type: 'text/csv' })))
  return (
    <Button component="a" href={file} download="links.csv" variant="default" leftSection={<IconDownload size={18} />}>
      {t('invitations.download')}
    </Button>
  )
}
