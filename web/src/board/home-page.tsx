import { useTranslation } from 'react-i18next'

import { MonthView } from '../days/month-view'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { BoardPage } from './board-page'

/** The admin's and the auditor's start page is the board; an employee's is their own month. */
export function HomePage() {
  const { t } = useTranslation()
  const me = useMe()
  if (me.role === 'admin' || me.role === 'auditor') return <BoardPage />
  return (
    <>
      <PageTitle title={t('nav.days')} sub={me.name} />
      <MonthView company={me.company} username={me.username} zone={me.time_zone} correct="ask" />
    </>
  )
}
