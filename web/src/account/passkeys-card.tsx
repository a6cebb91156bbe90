import { ActionIcon, Alert, Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFingerprint, IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Passkey } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { Failed, Rows } from '../shell/states'
import { passkeysKey, usePasskeys } from './account'
import { PasskeyAdd } from './passkey-add'
import { PasskeyRename } from './passkey-rename'

/** The account's passkeys, or why there can be none here. */
export function PasskeysCard() {
  const { t } = useTranslation()
  const answer = usePasskeys()
  const [adding, setAdding] = useState(false)
  const { passkeys = [], origin } = answer.data ?? {}
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640} data-testid="passkeys">
      <Stack>
        <div>
          <Title order={2}>{t('passkeys.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('passkeys.lead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={1} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {passkeys.map((one) => (
          <PasskeyRow key={one.id} one={one} />
        ))}
        {origin !== undefined && (
          <>
            {passkeys.length === 0 && <Text size="sm">{t('passkeys.none')}</Text>}
            {origin === location.origin && browserSupportsWebAuthn() ? (
              <Group>
                <Button variant={passkeys.length > 0 ? 'default' : 'filled'} onClick={() => setAdding(true)}>
                  {t('passkeys.add')}
                </Button>
              </Group>
            ) : (
              <NotHere origin={origin} />
            )}
          </>
        )}
      </Stack>
      {adding && <PasskeyAdd onClose={() => setAdding(false)} />}
    </Paper>
  )
}

function NotHere({ origin }: { origin: string }) {
  const { t } = useTranslation()
  if (origin === location.origin) return <Alert color="gray">{t('passkeys.noBrowser')}</Alert>
  return (
    <Alert color="gray" data-testid="passkeys-not-here">
      {t(origin ? 'passkeys.elsewhere' : 'passkeys.nowhere')}
      {origin && (
        <>
          {' '}
          <Anchor href={`${origin}/account`} size="sm">
            {origin}
          </Anchor>
        </>
      )}
    </Alert>
  )
}

function PasskeyRow({ one }: { one: Passkey }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { time_zone: zone } = useMe()
  const [asking, setAsking] = useState<'rename' | 'remove' | null>(null)
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/me/passkeys/{passkey}', { params: { path: { passkey: one.id } } })),
    onSuccess: () => {
      setAsking(null)
      notifications.show({ message: t('passkeys.removed'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: passkeysKey })
    },
  })
  const { name } = one
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" data-testid="passkey">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <IconFingerprint size={28} stroke={1.5} color="var(--mantine-color-dimmed)" style={{ flex: 'none' }} />
        <div>
          <Group gap="xs">
            <Text fw={580} style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Text>
            {one.synced && (
              <Badge color="gray" variant="light" tt="none">
                {t('passkeys.synced')}
              </Badge>
            )}
            {one.copied && (
              <Badge color="red" variant="light" tt="none">
                {t('passkeys.copied')}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {t('passkeys.created', { when: dateAndTime(one.created_at, zone) })}
          </Text>
          <Text size="sm" c="dimmed">
            {one.used_at ? t('passkeys.used', { when: dateAndTime(one.used_at, zone) }) : t('passkeys.unused')}
          </Text>
          {one.copied && <Text size="sm">{t('passkeys.copiedHint')}</Text>}
        </div>
      </Group>
      <Group gap={4} wrap="nowrap" style={{ flex: 'none' }}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('passkeys.renameOf', { name })} onClick={() => setAsking('rename')}>
          <IconPencil size={18} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('passkeys.removeOf', { name })} onClick={() => setAsking('remove')}>
          <IconTrash size={18} />
        </ActionIcon>
      </Group>
      {asking === 'rename' && <PasskeyRename one={one} onClose={() => setAsking(null)} />}
      <Confirm
        opened={asking === 'remove'}
        title={t('passkeys.removeTitle', { name })}
        text={t('passkeys.removeHint')}
        yes={t('passkeys.remove')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(null)}
      />
    </Group>
  )
}
