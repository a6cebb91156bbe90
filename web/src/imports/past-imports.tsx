import { Badge, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { useImports } from './imports'

const colors = { running: 'blue', done: 'pine', failed: 'red', interrupted: 'marigold' } as const

/** Which files were imported, and what became of them. */
export function PastImports() {
  const { t } = useTranslation()
  const { company, time_zone: zone } = useMe()
  const answer = useImports(company, false)
  const all = answer.data?.imports ?? []
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} data-testid="past-imports">
      <Stack>
        <Title order={2}>{t('imports.past')}</Title>
        {answer.isPending && <Rows count={3} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data && all.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('imports.none')}
          </Text>
        )}
        {all.map((one) => (
          <div key={one.id}>
            <Group justify="space-between" gap={8}>
              <Text fw={560} style={{ wordBreak: 'break-word' }}>
                {one.file}
              </Text>
              <Badge color={colors[one.state]} variant="light" tt="none">
                {t(`imports.state.${one.state}`)}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {[t(`imports.kind.${one.kind}`), dateAndTime(one.begun_at, zone), one.by ?? t('imports.operator')].join(', ')}
            </Text>
            {one.state === 'running' ? (
              <Progress value={one.total > 0 ? (100 * one.done) / one.total : 0} animated mt={6} aria-label={t('imports.working')} />
            ) : (
              <Text size="sm">
                {(['new', 'changed', 'same', 'refused'] as const)
                  .filter((outcome) => one[outcome] > 0)
                  .map((outcome) => t(`imports.count.${outcome}`, { count: one[outcome] }))
                  .join(', ')}
              </Text>
            )}
            {(one.state === 'failed' || one.state === 'interrupted') && <Text size="sm">{t('imports.again')}</Text>}
          </div>
        ))}
      </Stack>
    </Paper>
  )
}
