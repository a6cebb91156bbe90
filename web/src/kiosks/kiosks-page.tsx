import { Alert, Button, Group, Modal, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconDeviceTablet, IconInfoCircle, IconLink } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Kiosk } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { problemText } from '../locale/problem-text'
import { session } from '../session/session'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { KioskLimits, limitsText } from './kiosk-limits'
import { kiosksKey, useKiosks } from './kiosks'
import { PairKiosk } from './pair-kiosk'

export function KiosksPage() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const mayChange = role === 'admin'
  const [opened, start] = useDisclosure()
  const [pairing, pair] = useDisclosure()
  const answer = useKiosks(company)
  const kiosks = answer.data?.kiosks ?? []
  return (
    <>
      <PageTitle title={t('kiosks.title')} sub={t('kiosks.lead')}>
        {mayChange && (
          <Group gap="sm">
            <Button leftSection={<IconLink size={20} />} onClick={pair.open}>
              {t('kiosks.pair')}
            </Button>
            <Button variant="default" leftSection={<IconDeviceTablet size={20} />} onClick={start.open}>
              {t('kiosks.use')}
            </Button>
          </Group>
        )}
      </PageTitle>
      {answer.isPending && <Rows count={3} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && kiosks.length === 0 && (
        <Empty icon={IconDeviceTablet} title={t('kiosks.empty')} hint={t(mayChange ? 'kiosks.emptyHint' : 'roles.noKiosks')} />
      )}
      <Stack gap="sm">
        {kiosks.map((kiosk) => (
          <KioskRow key={kiosk.username} kiosk={kiosk} company={company} />
        ))}
      </Stack>
      <PairKiosk opened={pairing} onClose={pair.close} company={company} />
      <StartKiosk opened={opened} onClose={start.close} company={company} />
    </>
  )
}

function KioskRow({ kiosk, company }: { kiosk: Kiosk; company: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { role, time_zone: zone } = useMe()
  const [asking, setAsking] = useState(false)
  const [limiting, limit] = useDisclosure()
  const revoke = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/kiosks/{username}', {
          params: { path: { company, username: kiosk.username } },
        }),
      ),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('kiosks.revoked', { place: kiosk.place }), color: 'pine' })
      return queries.invalidateQueries({ queryKey: kiosksKey(company) })
    },
  })
  return (
    <Paper p="md" data-testid={`kiosk-${kiosk.username}`}>
      <Group justify="space-between">
        <Group wrap="nowrap">
          <IconDeviceTablet size={28} stroke={1.5} color="var(--mantine-color-dimmed)" style={{ flex: 'none' }} />
          <div>
            <Text fw={580}>{kiosk.place}</Text>
            <Text size="sm" c="dimmed">
              {t('kiosks.since', { when: dateAndTime(kiosk.created_at, zone) })}
            </Text>
            <Text size="sm" c="dimmed" data-testid="kiosk-limits">
              {limitsText(kiosk)}
            </Text>
          </div>
        </Group>
        {role === 'admin' && (
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" size="sm" onClick={limit.open}>
              {t('kiosks.limits')}
            </Button>
            <Button variant="default" size="sm" onClick={() => setAsking(true)}>
              {t('kiosks.revoke')}
            </Button>
          </Group>
        )}
      </Group>
      <KioskLimits opened={limiting} onClose={limit.close} kiosk={kiosk} company={company} />
      <Confirm
        opened={asking}
        title={t('kiosks.revokeTitle', { place: kiosk.place })}
        text={t('kiosks.revokeHint')}
        yes={t('kiosks.revoke')}
        pending={revoke.isPending}
        error={revoke.error}
        onYes={() => revoke.mutate()}
        onClose={() => setAsking(false)}
      />
    </Paper>
  )
}

function StartKiosk({ opened, onClose, company }: { opened: boolean; onClose: () => void; company: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [place, setPlace] = useState('')
  const [missing, setMissing] = useState(false)
  const start = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/kiosks', {
          params: { path: { company } },
          body: { place: place.trim(), cookie: true },
        }),
      ),
    onSuccess: async (answer) => {
      // First the session: the kiosk page must not record anything as the admin.
      session.adopt(answer.session)
      await navigate({ to: '/kiosk' })
    },
  })
  return (
    <Modal opened={opened} onClose={onClose} title={t('kiosks.use')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setMissing(!place.trim())
          if (place.trim()) start.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={t('kiosks.place')}
            description={t('kiosks.placeHint')}
            value={place}
            onChange={(event) => setPlace(event.currentTarget.value)}
            error={missing && !place.trim() ? t('kiosks.needPlace') : null}
            data-autofocus
          />
          <Alert color="marigold" icon={<IconInfoCircle />}>
            {t('kiosks.warning')}
          </Alert>
          {start.error && (
            <Alert color="red" role="alert">
              {problemText(start.error)}
            </Alert>
          )}
          <Button type="submit" loading={start.isPending}>
            {t('kiosks.start')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
