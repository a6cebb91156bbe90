import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { ImportReport } from '../api/shapes'
import { Failed } from '../shell/states'
import { FileDrop } from './file-drop'
import { taken } from './imports'
import { ReportTable } from './report-table'
import '../locale/office'

interface Props {
  /** Sends the file: to be looked at, or to be done. */
  send: (file: File, dryRun: boolean) => Promise<ImportReport>
  /** Another value sends the file to be looked at anew. */
  options?: string
  /** A file to begin with. */
  template: { name: string; content: string }
  words: {
    ready: (count: number) => string
    go: (count: number) => string
    done: (count: number) => string
    hint?: string
  }
  /** What is above the choice of a file. */
  children: ReactNode
  /** How far it is, while it is done. */
  progress?: ReactNode
  /** What there is to do with the finished report. */
  after?: (report: ImportReport) => ReactNode
  onBegun?: (file: File) => void
  onEnded?: () => void
  onImported?: () => void
  onDone: () => void
}

/** First a dry run tells what would become of each line, then it is done. */
export function ImportSteps({ send, options = '', template, words, children, progress, after, onBegun, onEnded, onImported, onDone }: Props) {
  const { t } = useTranslation()
  const [file, setFile] = useState<File | null>(null)
  // Others may change things meanwhile: an answer to an older question is none.
  const look = useMutation({ mutationFn: (csv: File) => send(csv, true) })
  const bring = useMutation({
    mutationFn: (csv: File) => {
      onBegun?.(csv)
      return send(csv, false)
    },
    onSuccess: () => onImported?.(),
    onSettled: () => onEnded?.(),
  })
  const asked = useRef(options)
  const again = look.mutate
  useEffect(() => {
    if (asked.current === options) return
    asked.current = options
    if (file) again(file)
  }, [options, file, again])
  const choose = (chosen: File) => {
    setFile(chosen)
    bring.reset()
    look.mutate(chosen)
  }
  if (bring.data) return <Finished report={bring.data} words={words} after={after} onDone={onDone} />
  const error = bring.error ?? look.error
  const count = look.data ? taken(look.data) : 0
  return (
    <Stack>
      {children}
      <FileDrop file={file} loading={look.isPending} onFile={choose} />
      <Template {...template} />
      {error && <Failed error={error} />}
      {bring.error && (
        <Text size="sm" c="dimmed">
          {t('imports.broken')}
        </Text>
      )}
      {look.data && file && (
        <>
          <Text fw={560} data-testid="import-ready">
            {words.ready(count)}
          </Text>
          <ReportTable key={look.submittedAt} report={look.data} />
          {bring.isPending && progress}
          <Button disabled={count === 0} loading={bring.isPending} onClick={() => bring.mutate(file)}>
            {words.go(count)}
          </Button>
        </>
      )}
    </Stack>
  )
}

function Finished({ report, words, after, onDone }: { report: ImportReport } & Pick<Props, 'words' | 'after' | 'onDone'>) {
  const { t } = useTranslation()
  return (
    <Stack data-testid="import-report">
      <Alert color="pine" icon={<IconCircleCheck />} title={words.done(taken(report))}>
        {words.hint}
      </Alert>
      <ReportTable report={report} />
      {after?.(report)}
      <Button onClick={onDone}>{t('imports.done')}</Button>
    </Stack>
  )
}

function Template({ name, content }: { name: string; content: string }) {
  const { t } = useTranslation()
  // Spreadsheets take a file for UTF-8 by its byte order mark.
  const [href] = useState(() => URL.createObjectURL(new Blob(['\ufeff', content], { type: 'text/csv' })))
  return (
    <Group justify="center">
      <Button component="a" href={href} download={name} variant="subtle" size="sm" leftSection={<IconDownload size={18} />}>
        {t('imports.template')}
      </Button>
    </Group>
  )
}
