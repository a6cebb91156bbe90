import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { useErasures } from './consent'
import { ErasureRow } from './erasure-row'

/** What was, and is to be, erased of the company's people. */
export function ErasuresCard() {
  const { t } = useTranslation()
  const { company, time_zone: zone } = useMe()
  const answer = useErasures(company)
  const all = answer.data?.pages.flatMap((page) => page.erasures) ?? []
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="erasures-card">
      <Stack>
        <div>
          <Title order={2}>{t('erasure.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('erasure.lead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={2} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data && all.length === 0 && <Text size="sm">{t('erasure.none')}</Text>}
        {all.map((one) => (
          <ErasureRow key={`${one.username}/${one.number}`} company={company} username={one.username} erasure={one} zone={zone}>
            <Anchor component={Link} to={`/employees/${one.username}`} fw={580}>
              {one.username}
            </Anchor>
          </ErasureRow>
        ))}
        {answer.hasNextPage && (
          <Group>
            <Button variant="default" size="sm" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
              {t('erasure.more')}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
