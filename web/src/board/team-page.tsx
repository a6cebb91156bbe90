import { IconUsersGroup } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { Problem } from '../api/problem'
import { longDate } from '../clock/clock'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { OpenDays } from '../closing/open-days'
import { BoardList } from './board-list'
import { LiveBadge } from './board-page'
import { useBoard } from './use-board'

/** Today's board of a manager: whoever reports to them, and themselves. */
export function TeamPage() {
  const { t } = useTranslation()
  const { company, username, time_zone: zone } = useMe()
  const { shown, live, failed } = useBoard(company, zone)
  const board = shown?.board
  const alone = board?.entries.every((entry) => entry.username === username)
  return (
    <>
      <PageTitle title={t('roles.myTeam')} sub={board ? longDate(board.date) : undefined}>
        <LiveBadge live={live} />
      </PageTitle>
      {failed && !board && <Failed error={new Problem('offline', '')} />}
      {!board && <Rows count={6} />}
      {alone && <Empty icon={IconUsersGroup} title={t('roles.alone')} hint={t('roles.aloneHint')} />}
      {board && !alone && <BoardList board={board} changed={shown.changed} />}
      <OpenDays />
    </>
  )
}
