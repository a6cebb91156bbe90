import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconDeviceTablet, IconUser } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { View } from '../api/shapes'
import { useViews } from '../audit/audit'
import { dateAndTime, longDate } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'

/** Who looked at the pictures of the person who is signed in. */
export function ViewsCard() {
  const { t } = useTranslation()
  const { company, username } = useMe()
  const answer = useViews(company, username)
  const views = answer.data?.pages.flatMap((page) => page.views) ?? []
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640} component="section" aria-label={t('views.title')}>
      <Stack>
        <div>
          <Title order={2}>{t('views.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('views.lead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={2} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data && views.length === 0 && <Text size="sm">{t('views.none')}</Text>}
        {views.map((view, index) => (
          <ViewRow key={index} view={view} />
        ))}
        {answer.hasNextPage && (
          <Group>
            <Button variant="default" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
              {t('views.more')}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

function ViewRow({ view }: { view: View }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const Icon = view.role === 'kiosk' ? IconDeviceTablet : IconUser
  return (
    <Group wrap="nowrap" align="flex-start" gap="sm" data-testid="view">
      <Icon size={24} stroke={1.5} color="var(--mantine-color-dimmed)" style={{ flex: 'none' }} />
      <div>
        <Text fw={580}>{view.role === 'kiosk' ? t('views.kiosk', { name: view.name }) : view.name}</Text>
        <Text size="sm" c="dimmed">
          {view.image === 'punch' && view.date ? t('views.punch', { date: longDate(view.date) }) : t(view.image === 'profile' || view.image === 'everything' ? `views.${view.image}` : 'views.enrolment')}
        </Text>
        <Text size="sm" c="dimmed">
          {dateAndTime(view.at, zone)}
        </Text>
      </div>
    </Group>
  )
}
