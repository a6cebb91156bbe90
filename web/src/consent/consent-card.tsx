import { Alert, Badge, Button, Divider, Group, Modal, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { Consent, ConsentState, Employee } from '../api/shapes'
import { dateOf } from '../clock/clock'
import { Confirm } from '../shell/confirm'
import { Failed } from '../shell/states'
import { lastDay, stateWord, useConsent, useDecide } from './consent'
import { ConsentText } from './consent-text'
import { Decisions } from './decisions'
import { ErasureRow } from './erasure-row'

interface Props {
  company: string
  employee: Employee
  zone: string
}

const colours = { none: 'marigold', given: 'pine', declined: 'gray', withdrawn: 'gray' } as const

/** What somebody decided about their face, for the admin, who records what was signed. */
export function ConsentCard({ company, employee, zone }: Props) {
  const { t } = useTranslation()
  const answer = useConsent(company, employee.username)
  const consent = answer.data
  const word = stateWord(consent?.state ?? employee.consent)
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="consent-card" data-state={word}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div>
            <Group gap="sm">
              <Title order={2}>{t('consent.title')}</Title>
              <Badge color={colours[word]} variant="light" tt="none">
                {t(`consent.state.${word}`)}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {t('consent.lead')}
            </Text>
          </div>
          {consent && <Actions company={company} employee={employee} zone={zone} consent={consent} />}
        </Group>
        {answer.isPending && <Skeleton height={44} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {consent && consent.faces > 0 && consent.state !== 'given' && (
          <Alert color="marigold" icon={<IconAlertTriangle />} title={t('consent.legacy')}>
            {t('consent.legacyHint', { name: employee.name })}
          </Alert>
        )}
        {consent && <Decisions consent={consent} zone={zone} />}
        {consent && consent.erasures.length > 0 && (
          <>
            <Divider />
            {consent.erasures.map((one) => (
              <ErasureRow key={one.number} company={company} username={employee.username} erasure={one} zone={zone} />
            ))}
          </>
        )}
      </Stack>
    </Paper>
  )
}

function Actions({ company, employee, zone, consent }: Props & { consent: Consent }) {
  const { t } = useTranslation()
  const [recording, record] = useDisclosure()
  const [asking, ask] = useDisclosure()
  const { name, username } = employee
  const decide = useDecide(company, username, true, (state: ConsentState) => {
    record.close()
    ask.close()
    const done = { given: 'consent.recorded', declined: 'consent.declined2', withdrawn: 'consent.withdrawnFor' } as const
    if (state) notifications.show({ message: t(done[state], { name }), color: 'pine' })
  })
  return (
    <Group gap="xs">
      {consent.state === 'given' ? (
        <Button variant="default" onClick={ask.open}>
          {t('consent.withdraw')}
        </Button>
      ) : (
        <Button variant="light" onClick={record.open}>
          {t('consent.record')}
        </Button>
      )}
      <Modal
        opened={recording}
        onClose={record.close}
        title={t('consent.recordTitle', { name })}
        size="lg"
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <Stack>
          <Text size="sm">{t('consent.recordHint', { name })}</Text>
          <Paper withBorder p="md">
            <ConsentText text={consent.text} />
          </Paper>
          {decide.error && <Failed error={decide.error} />}
          <Group justify="flex-end">
            {consent.state === '' && (
              <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate({ state: 'declined', text_version: consent.text.version })}>
                {t('consent.decline')}
              </Button>
            )}
            <Button loading={decide.isPending} onClick={() => decide.mutate({ state: 'given', text_version: consent.text.version })}>
              {t('consent.recordYes')}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <Confirm
        opened={asking}
        title={t('consent.withdrawFor', { name })}
        text={t('consent.withdrawForHint', { name, date: dateOf(lastDay(consent.retention_days), zone) })}
        yes={t('consent.withdraw')}
        pending={decide.isPending}
        error={decide.error}
        onYes={() => decide.mutate({ state: 'withdrawn' })}
        onClose={ask.close}
      />
    </Group>
  )
}
