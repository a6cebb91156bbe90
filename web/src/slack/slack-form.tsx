import { Button, Divider, Group, Paper, Select, Stack, Switch, Textarea, Title } from '@mantine/core'
import { TimeInput } from '@mantine/dates'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Slack } from '../api/shapes'
import { GeofenceFields } from '../kiosks/geofence-fields'
import { networksFrom } from '../kiosks/kiosk-limits'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { slackKey, useChannels } from './slack'

/** What the channel reads, and what people get and do. */
export function SlackForm({ slack }: { slack: Slack }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const channels = useChannels(company, slack.connected)
  const form = useForm<{
    channel_id: string
    post_digest: boolean
    post_questions: boolean
    post_doubtful: boolean
    post_missing_exits: boolean
    digest_at: string
    remind: boolean
    punch: boolean
    networks: string
    fenced: boolean
    latitude: number | string
    longitude: number | string
    radius: number | string
  }>({
    initialValues: {
      channel_id: slack.channel_id,
      post_digest: slack.post_digest,
      post_questions: slack.post_questions,
      post_doubtful: slack.post_doubtful,
      post_missing_exits: slack.post_missing_exits,
      digest_at: slack.digest_at,
      remind: slack.remind,
      punch: slack.punch,
      networks: slack.networks.join('\n'),
      fenced: slack.fence !== undefined,
      latitude: slack.fence?.latitude ?? '',
      longitude: slack.fence?.longitude ?? '',
      radius: slack.fence?.radius ?? 100,
    },
    validate: (values) => {
      const missing = (value: number | string) =>
        values.punch && values.fenced && typeof value !== 'number' ? t('slack.needNumber') : null
      return {
        latitude: missing(values.latitude),
        longitude: missing(values.longitude),
        radius: missing(values.radius),
        digest_at: /^\d\d:\d\d$/.test(values.digest_at) ? null : t('slack.needTime'),
      }
    },
  })
  const known = (channels.data?.channels ?? []).map(({ id, name }) => ({ value: id, label: `#${name}` }))
  // One that was chosen stays shown while Slack is asked, or does not tell it.
  const offered = known.some(({ value }) => value === slack.channel_id) || !slack.channel_id
    ? known
    : [{ value: slack.channel_id, label: slack.channel_name || slack.channel_id }, ...known]
  const save = useMutation({
    mutationFn: ({ networks, fenced, latitude, longitude, radius, ...values }: typeof form.values) =>
      ok(
        api.PUT('/api/v1/companies/{company}/slack', {
          params: { path: { company } },
          body: {
            ...values,
            channel_name: offered.find(({ value }) => value === values.channel_id)?.label ?? '',
            networks: networksFrom(networks),
            ...(fenced && { fence: { latitude: Number(latitude), longitude: Number(longitude), radius: Number(radius) } }),
            version: slack.version,
          },
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(slackKey(company), saved)
      notifications.show({ message: t('app.saved'), color: 'pine' })
    },
  })
  const toggle = (name: 'post_digest' | 'post_questions' | 'post_doubtful' | 'post_missing_exits' | 'remind' | 'punch' | 'fenced') =>
    form.getInputProps(name, { type: 'checkbox' })
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="slack-form">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <Title order={2}>{t('slack.channelTitle')}</Title>
          {channels.error && <Failed error={channels.error} retry={() => void channels.refetch()} />}
          <Select
            size="md"
            label={t('slack.channel')}
            description={t('slack.channelHint')}
            placeholder={t('slack.channelNone')}
            data={offered}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('slack.channelNone') }}
            nothingFoundMessage={t('slack.channelEmpty')}
            {...form.getInputProps('channel_id')}
            value={form.values.channel_id || null}
            onChange={(value: string | null) => form.setFieldValue('channel_id', value ?? '')}
          />
          <Switch size="md" label={t('slack.digest')} description={t('slack.digestHint')} {...toggle('post_digest')} />
          {form.values.post_digest && <TimeInput size="md" maw={160} label={t('slack.digestAt')} {...form.getInputProps('digest_at')} />}
          <Switch size="md" label={t('slack.questions')} description={t('slack.questionsHint')} {...toggle('post_questions')} />
          <Switch size="md" label={t('slack.doubtful')} description={t('slack.doubtfulHint')} {...toggle('post_doubtful')} />
          <Switch size="md" label={t('slack.exits')} description={t('slack.exitsHint')} {...toggle('post_missing_exits')} />
          <Divider my="xs" />
          <Title order={2}>{t('slack.people')}</Title>
          <Switch size="md" label={t('slack.remind')} description={t('slack.remindHint')} {...toggle('remind')} />
          <Switch size="md" label={t('slack.punch')} description={t('slack.punchHint')} {...toggle('punch')} />
          {form.values.punch && (
            <>
              <Textarea
                label={t('slack.networks')}
                description={t('slack.networksHint')}
                autosize
                minRows={2}
                size="md"
                spellCheck={false}
                {...form.getInputProps('networks')}
              />
              <Switch size="md" label={t('slack.fence')} description={t('slack.fenceHint')} {...toggle('fenced')} />
              {form.values.fenced && (
                <GeofenceFields field={form.getInputProps} />
              )}
            </>
          )}
          {save.error && <Failed error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('app.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
