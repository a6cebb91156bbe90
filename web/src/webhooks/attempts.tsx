import { Badge, Button, Code, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { dateAndTime } from '../clock/clock'
import { kindName } from '../deliveries/kinds'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { useAttempts } from './webhooks'

/** What was posted to a webhook, and answered. */
export function Attempts({ company, id }: { company: string; id: string }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const answer = useAttempts(company, id)
  const all = answer.data?.pages.flatMap((page) => page.attempts) ?? []
  return (
    <Stack gap="sm" data-testid="webhook-log">
      {answer.isPending && <Rows count={3} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && all.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('webhooks.logEmpty')}
        </Text>
      )}
      {all.map((attempt) => (
        <Stack key={attempt.id} gap={4} style={{ borderTop: '1px solid var(--mantine-color-default-border)' }} pt="sm">
          <Group gap="xs">
            <Badge color={attempt.problem ? 'red' : 'pine'} variant="light">
              {attempt.status ?? t('webhooks.noAnswer')}
            </Badge>
            <Text size="sm" fw={560}>
              {kindName(t, attempt.kind)}
            </Text>
            <Text size="xs" c="dimmed">
              {[
                dateAndTime(attempt.at, zone),
                t('webhooks.took', { ms: attempt.took_ms }),
                ...(attempt.try > 1 ? [t('webhooks.try', { count: attempt.try })] : []),
              ].join(' • ')}
            </Text>
          </Group>
          {attempt.problem && <Text size="sm">{attempt.problem}</Text>}
          {attempt.answer && (
            <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} mah={120}>
              {attempt.answer}
            </Code>
          )}
          <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            webhook-id: {attempt.notice_id}
          </Text>
        </Stack>
      ))}
      {answer.hasNextPage && (
        <Group>
          <Button variant="default" size="xs" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('webhooks.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
