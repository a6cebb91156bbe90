import { Alert, Badge, Button, Group, Tooltip } from '@mantine/core'
import { IconUsersPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { OpenDays } from '../closing/open-days'
import { longDate } from '../clock/clock'
import { WaitingBanner } from '../review/waiting-banner'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Rows } from '../shell/states'
import { BoardList } from './board-list'
import { DemoBanner } from './demo-banner'
import { useBoard } from './use-board'

export function BoardPage() {
  const { t } = useTranslation()
  const { company, role, time_zone: zone } = useMe()
  const { shown, live, failed } = useBoard(company, zone)
  const board = shown?.board
  return (
    <>
      <DemoBanner />
      <WaitingBanner />
      <PageTitle title={t('board.title')} sub={board ? longDate(board.date) : undefined}>
        <LiveBadge live={live} />
      </PageTitle>
      {failed && !board && <Alert color="marigold">{t('problem.offline')}</Alert>}
      {!board && <Rows count={8} />}
      {board && board.counts.total === 0 && (
        <Empty icon={IconUsersPlus} title={t('board.empty')} hint={t(role === 'admin' ? 'board.emptyHint' : 'roles.emptyBoard')}>
          {role === 'admin' && (
            <Button component={Link} to="/employees">
              {t('board.emptyAction')}
            </Button>
          )}
        </Empty>
      )}
      {board && board.counts.total > 0 && <BoardList board={board} changed={shown.changed} />}
      <OpenDays />
    </>
  )
}

export function LiveBadge({ live }: { live: boolean }) {
  const { t } = useTranslation()
  return (
    <Tooltip label={t(live ? 'board.liveHint' : 'board.reconnectingHint')}>
      <Badge
        variant="light"
        size="lg"
        color={live ? 'pine' : 'gray'}
        tt="none"
        data-testid="live"
        data-live={live}
        role="status"
      >
        <Group gap={8} wrap="nowrap">
          {live && <span className="live-dot" />}
          {t(live ? 'board.live' : 'board.reconnecting')}
        </Group>
      </Badge>
    </Tooltip>
  )
}
