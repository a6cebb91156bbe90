import { Badge, Button, Center, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Invitation } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { RoleBadge } from '../employees/role-badge'
import { Confirm } from '../shell/confirm'
import { Failed } from '../shell/states'
import { invitationsKey, useInvitations } from './invitations'
import { LinkCard } from './link-card'
import classes from './waiting.module.css'

/** Who was invited and has not joined yet; nothing while there is nobody. */
export function Waiting() {
  const { t } = useTranslation()
  const { company } = useMe()
  const answer = useInvitations(company)
  const waiting = answer.data?.pages.flatMap((page) => page.invitations) ?? []
  if (answer.error) return <Failed error={answer.error} retry={() => void answer.refetch()} />
  if (waiting.length === 0) return null
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-label={t('invitations.waiting')} data-testid="waiting">
      <Title order={2} size="h4" mb="xs">
        {t('invitations.waiting')}
      </Title>
      <ul className={classes.list}>
        {waiting.map((invitation) => (
          <Row key={invitation.username} invitation={invitation} company={company} />
        ))}
      </ul>
      {answer.hasNextPage && (
        <Center mt="sm">
          <Button variant="default" size="xs" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('employees.more')}
          </Button>
        </Center>
      )}
    </Paper>
  )
}

function Row({ invitation, company }: { invitation: Invitation; company: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { role, time_zone: zone } = useMe()
  const [asking, setAsking] = useState(false)
  const { name, username } = invitation
  const params = { path: { company, username } }
  const refresh = () => queries.invalidateQueries({ queryKey: invitationsKey(company) })
  const resend = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/companies/{company}/invitations/{username}/link', { params })),
    onSettled: refresh,
    onError: (error) => notifications.show({ message: problemText(error), color: 'red' }),
  })
  const withdraw = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/invitations/{username}', { params })),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('invitations.withdrawn', { name }), color: 'pine' })
    },
    onSettled: refresh,
  })
  return (
    <li className={classes.row} data-testid={`invitation-${username}`}>
      <Stack gap={0} className={classes.who}>
        <Group gap="xs" wrap="nowrap">
          <Text fw={540} truncate>
            {name}
          </Text>
          <RoleBadge role={invitation.role} />
        </Group>
        <Text size="xs" c="dimmed" truncate>
          {[username, invitation.email].filter(Boolean).join(', ')}
        </Text>
      </Stack>
      <Stack gap={2} className={classes.state} align="flex-start">
        <State invitation={invitation} />
        <Text size="xs" c="dimmed">
          {t(invitation.expired ? 'invitations.expiredHint' : 'invitations.until', {
            when: dateAndTime(invitation.expires_at, zone),
          })}
        </Text>
      </Stack>
      {role === 'admin' && (
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="default"
            size="xs"
            loading={resend.isPending}
            onClick={() => resend.mutate()}
            aria-label={t('invitations.resendOf', { name })}
          >
            {t('invitations.resend')}
          </Button>
          <Button variant="default" size="xs" onClick={() => setAsking(true)} aria-label={t('invitations.withdrawOf', { name })}>
            {t('invitations.withdraw')}
          </Button>
        </Group>
      )}
      <Confirm
        opened={asking}
        title={t('invitations.withdrawTitle', { name })}
        text={t('invitations.withdrawHint')}
        yes={t('invitations.withdraw')}
        pending={withdraw.isPending}
        error={withdraw.error}
        onYes={() => withdraw.mutate()}
        onClose={() => setAsking(false)}
      />
      <Modal
        opened={resend.data !== undefined}
        onClose={resend.reset}
        title={t('invitations.linkTitle', { name })}
        size="lg"
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {resend.data && <LinkCard invited={resend.data} onDone={resend.reset} />}
      </Modal>
    </li>
  )
}

function State({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  if (invitation.expired)
    return (
      <Badge color="red" variant="light" tt="none">
        {t('invitations.expired')}
      </Badge>
    )
  if (invitation.mail === 'sent')
    return <Text size="sm">{t('invitations.sent', { when: dateAndTime(invitation.sent_at, zone) })}</Text>
  return (
    <Badge color={invitation.mail === 'failed' ? 'red' : 'gray'} variant="light" tt="none">
      {t(`invitations.mail.${invitation.mail}`)}
    </Badge>
  )
}
