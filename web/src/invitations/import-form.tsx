import { Alert, Button, FileButton, Modal, ScrollArea, Stack, Table, Text } from '@mantine/core'
import { IconDownload, IconFileImport } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { postPicture } from '../api/client'
import { Problem } from '../api/problem'
import type { Imported } from '../api/shapes'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { invitationsKey } from './invitations'
import { linksFile } from './links-file'

export function ImportForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
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
      <Steps onImported={() => setDone(true)} onDone={close} />
    </Modal>
  )
}

/** First a dry run tells what would become of each line, then it is done. */
function Steps({ onImported, onDone }: { onImported: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const send = (csv: File, query: string) =>
    postPicture<Imported>(`/api/v1/companies/${encodeURIComponent(company)}/invitations/import${query}`, new Blob([csv], { type: 'text/csv' }))
  const look = useMutation({ mutationFn: (csv: File) => send(csv, '?dry_run=true') })
  const bring = useMutation({
    mutationFn: (csv: File) => send(csv, ''),
    onSuccess: () => {
      onImported()
      return queries.invalidateQueries({ queryKey: invitationsKey(company) })
    },
  })
  const choose = (chosen: File | null) => {
    if (!chosen) return
    setFile(chosen)
    look.mutate(chosen)
  }
  if (bring.data) return <Report report={bring.data} onDone={onDone} />
  const error = bring.error ?? look.error
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('invitations.importLead')}
      </Text>
      <FileButton onChange={choose} accept=".csv,text/csv" inputProps={{ 'aria-label': t('invitations.file') }}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconFileImport size={18} />} loading={look.isPending}>
            {file ? t('invitations.other') : t('invitations.choose')}
          </Button>
        )}
      </FileButton>
      {error && <Failed error={error} />}
      {look.data && file && (
        <>
          <Text fw={560} data-testid="import-ready">
            {file.name}: {t('invitations.ready', { count: look.data.invited })}
          </Text>
          <Refusals report={look.data} />
          <Button disabled={look.data.invited === 0} loading={bring.isPending} onClick={() => bring.mutate(file)}>
            {t('invitations.go', { count: look.data.invited })}
          </Button>
        </>
      )}
    </Stack>
  )
}

function Report({ report, onDone }: { report: Imported; onDone: () => void }) {
  const { t } = useTranslation()
  const [file] = useState(() => URL.createObjectURL(new Blob([linksFile(report.lines)], { type: 'text/csv' })))
  return (
    <Stack data-testid="import-report">
      <Alert color="pine" title={t('invitations.imported', { count: report.invited })}>
        {t('invitations.importedHint')}
      </Alert>
      <Refusals report={report} />
      <Button component="a" href={file} download="links.csv" variant="default" leftSection={<IconDownload size={18} />}>
        {t('invitations.download')}
      </Button>
      <Button onClick={onDone}>{t('invitations.done')}</Button>
    </Stack>
  )
}

function Refusals({ report }: { report: Imported }) {
  const { t } = useTranslation()
  const refused = report.lines.filter((line) => line.code)
  if (refused.length === 0) return null
  return (
    <div>
      <Text size="sm" mb={4}>
        {t('invitations.refused', { count: refused.length })}
      </Text>
      <ScrollArea.Autosize mah={280}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('invitations.line')}</Table.Th>
              <Table.Th>{t('employees.username')}</Table.Th>
              <Table.Th>{t('invitations.reason')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {refused.map((line) => (
              <Table.Tr key={line.line} data-testid="import-refused">
                <Table.Td className="figures">{line.line}</Table.Td>
                <Table.Td style={{ wordBreak: 'break-word' }}>{line.username}</Table.Td>
                <Table.Td>{problemText(new Problem(line.code ?? '', line.problem ?? ''))}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </div>
  )
}
