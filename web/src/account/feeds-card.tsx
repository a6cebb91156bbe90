import { Button, CopyButton, Group, Modal, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Feed } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import classes from '../events/calendar.module.css'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { Failed, Rows } from '../shell/states'

const feedsKey = ['feeds']

/** The calendars that one gives away by a secret link. */
export function FeedsCard() {
  const { t } = useTranslation()
  const [link, setLink] = useState('')
  const answer = useQuery({ queryKey: feedsKey, queryFn: () => ok(api.GET('/api/v1/me/feeds')) })
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640} data-testid="feeds-card">
      <Stack gap="xs">
        <div>
          <Title order={2}>{t('feeds.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('feeds.lead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={2} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        <ul className={classes.list}>
          {answer.data?.feeds.map((feed) => (
            <Row key={feed.kind} feed={feed} onMade={setLink} />
          ))}
        </ul>
      </Stack>
      <Modal
        opened={link !== ''}
        onClose={() => setLink('')}
        title={t('feeds.link')}
        // It is shown once: a click beside it must not lose it.
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <Stack>
          <TextInput
            label={t('feeds.link')}
            description={t('feeds.linkHint')}
            value={link}
            readOnly
            onFocus={(event) => event.currentTarget.select()}
            data-testid="feed-link"
          />
          <CopyButton value={link} timeout={3_000}>
            {({ copied, copy }) => (
              <Button leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />} onClick={copy}>
                {t(copied ? 'feeds.copied' : 'feeds.copy')}
              </Button>
            )}
          </CopyButton>
        </Stack>
      </Modal>
    </Paper>
  )
}

function Row({ feed, onMade }: { feed: Feed; onMade: (link: string) => void }) {
  const { t } = useTranslation()
  const { role, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const [asking, setAsking] = useState<'renew' | 'off'>()
  const kind = t(`feeds.kind.${feed.kind}`)
  const params = { path: { kind: feed.kind } }
  const make = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/me/feeds/{kind}', { params })),
    onSuccess: (made) => {
      setAsking(undefined)
      onMade(made.link)
      return queries.invalidateQueries({ queryKey: feedsKey })
    },
  })
  const off = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/me/feeds/{kind}', { params })),
    onSuccess: () => {
      setAsking(undefined)
      notifications.show({ message: t('feeds.offDone'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: feedsKey })
    },
  })
  const all = role === 'admin' || role === 'auditor'
  return (
    <li className={classes.row} data-testid={`feed-${feed.kind}`}>
      <div className={classes.what}>
        <Text fw={560}>{kind}</Text>
        <Text size="sm" c="dimmed">
          {t(feed.kind === 'team' && all ? 'feeds.what.teamAll' : `feeds.what.${feed.kind}`)}
        </Text>
        <Text size="sm" c="dimmed">
          {feed.on && feed.made_at ? t('feeds.since', { when: dateAndTime(feed.made_at, zone) }) : t('feeds.none')}
        </Text>
        {!asking && make.error && <Failed error={make.error} />}
      </div>
      <Group gap="xs">
        {!feed.on && (
          <Button size="sm" variant="default" loading={make.isPending} onClick={() => make.mutate()} aria-label={t('feeds.makeOf', { kind })}>
            {t('feeds.make')}
          </Button>
        )}
        {feed.on && (
          <>
            <Button size="sm" variant="default" onClick={() => setAsking('renew')} aria-label={t('feeds.renewOf', { kind })}>
              {t('feeds.renew')}
            </Button>
            <Button size="sm" variant="default" onClick={() => setAsking('off')} aria-label={t('feeds.offOf', { kind })}>
              {t('feeds.off')}
            </Button>
          </>
        )}
      </Group>
      <Confirm
        opened={asking !== undefined}
        title={t(asking === 'off' ? 'feeds.offTitle' : 'feeds.renewTitle')}
        text={t(asking === 'off' ? 'feeds.offHint' : 'feeds.renewHint')}
        yes={t(asking === 'off' ? 'feeds.off' : 'feeds.renew')}
        pending={make.isPending || off.isPending}
        error={make.error ?? off.error}
        onYes={() => (asking === 'off' ? off.mutate() : make.mutate())}
        onClose={() => setAsking(undefined)}
      />
    </li>
  )
}
