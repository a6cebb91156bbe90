import { Badge, Button, FileButton, Modal, ScrollArea, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFileImport } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { postPicture } from '../api/client'
import { Problem } from '../api/problem'
import type { EventFields, ImportedEvents } from '../api/shapes'
import { csvOf } from '../imports/imports'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { useCalendarChanged, whenText } from './events'

export function ImportForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={t('eventImport.title')} size="xl" closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Steps onDone={onClose} />
    </Modal>
  )
}

/** First a dry run tells what would become of each event, then it is done. */
function Steps({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const changed = useCalendarChanged(company)
  const [file, setFile] = useState<File | null>(null)
  const [kind, setKind] = useState<EventFields['kind']>('holiday')
  const send = (chosen: File, as: EventFields['kind'], dry: boolean) =>
    postPicture<ImportedEvents>(
      `/api/v1/companies/${encodeURIComponent(company)}/events/import?kind=${as}${dry ? '&dry_run=true' : ''}`,
      csvOf(chosen),
    )
  const look = useMutation({ mutationFn: (of: { file: File; kind: EventFields['kind'] }) => send(of.file, of.kind, true) })
  const bring = useMutation({
    mutationFn: (chosen: File) => send(chosen, kind, false),
    onSuccess: (report) => {
      onDone()
      notifications.show({ message: t('eventImport.done', { count: report.added }), color: 'pine' })
      return changed()
    },
  })
  const error = bring.error ?? look.error
  const report = look.data
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('eventImport.lead')}
      </Text>
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t('eventImport.kind')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={t('eventImport.kind')}
          data={(['holiday', 'optional', 'event'] as const).map((value) => ({ value, label: t(`eventImport.kinds.${value}`) }))}
          value={kind}
          onChange={(value) => {
            setKind(value)
            if (file) look.mutate({ file, kind: value })
          }}
        />
      </div>
      <FileButton
        onChange={(chosen) => {
          if (!chosen) return
          setFile(chosen)
          look.mutate({ file: chosen, kind })
        }}
        accept=".ics,.csv,text/csv,text/calendar"
        inputProps={{ 'aria-label': t('eventImport.file') }}
      >
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconFileImport size={18} />} loading={look.isPending}>
            {t(file ? 'eventImport.other' : 'eventImport.choose')}
          </Button>
        )}
      </FileButton>
      {error && <Failed error={error} />}
      {report && file && (
        <>
          <Text fw={560} data-testid="event-import-ready">
            {t('eventImport.ready', { name: file.name, added: report.added, known: report.known, refused: report.refused })}
          </Text>
          <Lines report={report} />
          <Button disabled={report.added === 0} loading={bring.isPending} onClick={() => bring.mutate(file)}>
            {report.added > 0 ? t('eventImport.go', { count: report.added }) : t('eventImport.nothing')}
          </Button>
        </>
      )}
    </Stack>
  )
}

const color = { added: 'pine', known: 'gray', refused: 'red' } as const

function Lines({ report }: { report: ImportedEvents }) {
  const { t } = useTranslation()
  return (
    <ScrollArea.Autosize mah={340}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={60}>{t('eventImport.line')}</Table.Th>
            <Table.Th>{t('eventImport.what')}</Table.Th>
            <Table.Th w={130} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.lines.map((line, index) => (
            <Table.Tr key={index} data-testid={`event-import-${line.state}`}>
              <Table.Td className="figures" style={{ verticalAlign: 'top' }}>
                {line.line}
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {line.title || '–'}
                <Text size="xs" c="dimmed">
                  {line.state === 'refused'
                    ? problemText(new Problem(line.code ?? '', line.problem ?? ''))
                    : `${whenText(line)}, ${t(`events.kind.${line.kind}`)}`}
                </Text>
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <Badge color={color[line.state]} variant="light" tt="none">
                  {t(`eventImport.state.${line.state}`)}
                </Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  )
}
