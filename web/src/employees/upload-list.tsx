import { Group, Image, Loader, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconCircleCheck, IconClock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { problemText } from '../locale/problem-text'
import type { Upload } from './enrolment'

/** What became of each picture, in plain words. */
export function UploadList({ uploads }: { uploads: Upload[] }) {
  const { t } = useTranslation()
  return (
    <Stack gap="xs" role="log" aria-label={t('enrol.results')}>
      {uploads.map((upload) => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
    </Stack>
  )
}

export function UploadRow({ upload }: { upload: Upload }) {
  const { t } = useTranslation()
  return (
    <Group wrap="nowrap" gap="sm" align="center" data-testid="upload" data-state={upload.state}>
      <Image src={upload.preview} alt="" w={44} h={44} radius="sm" fit="cover" style={{ flex: 'none' }} />
      <Mark state={upload.state} />
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={540} truncate>
          {upload.name}
        </Text>
        <Text size="sm" c={upload.state === 'refused' ? 'var(--mantine-color-error)' : 'dimmed'}>
          <Outcome upload={upload} />
        </Text>
      </div>
    </Group>
  )

  function Outcome({ upload }: { upload: Upload }) {
    if (upload.state === 'refused') return problemText(upload.problem)
    if (upload.state !== 'enrolled') return t(`enrol.${upload.state}`)
    const nearest = upload.face?.nearest
    if (!nearest) return t('enrol.enrolled')
    return `${t('enrol.enrolled')}. ${t('enrol.nearest', { name: nearest.name, score: nearest.score.toFixed(2) })}`
  }
}

function Mark({ state }: { state: Upload['state'] }) {
  const flex = { flex: 'none' } as const
  if (state === 'enrolled') return <IconCircleCheck color="var(--mantine-color-pine-text)" style={flex} aria-hidden />
  if (state === 'refused') return <IconAlertCircle color="var(--mantine-color-error)" style={flex} aria-hidden />
  if (state === 'enrolling') return <Loader size={22} style={flex} />
  return <IconClock color="var(--mantine-color-dimmed)" style={flex} aria-hidden />
}
