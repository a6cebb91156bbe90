import { Alert, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconClockHour4, IconFaceId, IconPassword } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { Consent, ConsentState } from '../api/shapes'
import { dateAndTime, dateOf } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { PageTitle } from '../shell/page-title'
import { Failed } from '../shell/states'
import { lastDay, stateWord, useConsent, useDecide } from './consent'
import { ConsentText } from './consent-text'
import { Decisions } from './decisions'
import { DownloadCard } from './download-card'
import { ErasureRow } from './erasure-row'

/** What somebody decided about their own face, and all that is held about them. */
export function MyDataPage() {
  const { t } = useTranslation()
  const { company, username, name, time_zone: zone } = useMe()
  const answer = useConsent(company, username)
  return (
    <>
      <PageTitle title={t('myData.title')} sub={name} />
      {answer.isPending && <Skeleton height={180} maw={760} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      <Stack maw={760} gap="lg">
        {answer.data && <OwnConsent consent={answer.data} company={company} username={username} zone={zone} />}
        {answer.data && answer.data.erasures.length > 0 && (
          <Paper p={{ base: 'md', sm: 'lg' }}>
            <Stack>
              <Title order={2}>{t('erasure.title')}</Title>
              {answer.data.erasures.map((one) => (
                <ErasureRow key={one.number} company={company} username={username} erasure={one} zone={zone} />
              ))}
            </Stack>
          </Paper>
        )}
        <DownloadCard company={company} username={username} />
      </Stack>
    </>
  )
}

function OwnConsent({ consent, company, username, zone }: { consent: Consent; company: string; username: string; zone: string }) {
  const { t } = useTranslation()
  const [reading, read] = useDisclosure()
  const [asking, ask] = useDisclosure()
  const decide = useDecide(company, username, false, (state: ConsentState) => {
    ask.close()
    read.close()
    const done = { given: 'myData.agreedDone', declined: 'myData.declinedDone', withdrawn: 'myData.withdrawnDone' } as const
    if (state) notifications.show({ message: t(done[state]), color: 'pine' })
  })
  const given = consent.state === 'given'
  const last = consent.history.at(-1)
  const pending = consent.erasures.find((one) => one.state === 'pending')
  const Icon = given ? IconFaceId : IconPassword
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="own-consent" data-state={stateWord(consent.state)}>
      <Stack>
        <Group wrap="nowrap" align="flex-start">
          <Icon size={36} stroke={1.5} color={`var(--mantine-color-${given ? 'pine-6' : 'dimmed'})`} style={{ flex: 'none' }} />
          <div>
            <Text fw={580}>{t(`myData.${stateWord(consent.state)}`)}</Text>
            <Text size="sm" c="dimmed">
              {last && `${t('myData.since', { when: dateAndTime(last.at, zone) })}. `}
              {consent.faces > 0 ? t('myData.faces', { count: consent.faces }) : t('myData.facesNone')}
            </Text>
          </div>
        </Group>
        {pending && (
          <Alert color="marigold" icon={<IconClockHour4 />} title={t('myData.pending', { date: dateOf(pending.images_due_at, zone) })}>
            {t('myData.pendingHint')}
          </Alert>
        )}
        {consent.history.length > 1 && <Decisions consent={consent} zone={zone} own />}
        {given && (
          <Group>
            <Button variant="default" onClick={reading ? read.close : read.open} aria-expanded={reading}>
              {t(reading ? 'myData.hide' : 'myData.read')}
            </Button>
            <Button variant="light" color="red" onClick={ask.open}>
              {t('myData.withdraw')}
            </Button>
          </Group>
        )}
        {given && reading && <ConsentText text={consent.agreed_text ?? consent.text} />}
        {!given && (
          <>
            <Paper withBorder p="md">
              <ConsentText text={consent.text} />
            </Paper>
            {decide.error && <Failed error={decide.error} />}
            <Group>
              <Button loading={decide.isPending} onClick={() => decide.mutate({ state: 'given', text_version: consent.text.version })}>
                {t('myData.agree')}
              </Button>
              {consent.state === '' && (
                <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate({ state: 'declined', text_version: consent.text.version })}>
                  {t('myData.decline')}
                </Button>
              )}
            </Group>
          </>
        )}
      </Stack>
      <Confirm
        opened={asking}
        title={t('myData.withdrawTitle')}
        text={t('myData.withdrawHint', { date: dateOf(lastDay(consent.retention_days), zone) })}
        yes={t('myData.withdrawYes')}
        pending={decide.isPending}
        error={decide.error}
        onYes={() => decide.mutate({ state: 'withdrawn' })}
        onClose={ask.close}
      />
    </Paper>
  )
}
