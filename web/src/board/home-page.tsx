import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { MonthView } from '../days/month-view'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { BoardPage } from './board-page'

const route = getRouteApi('/frame/')

/** The admin's and the auditor's start page is the board; an employee's is their own month. */
export function HomePage() {
  const { t } = useTranslation()
  const me = useMe()
  const { month } = route.useSearch()
  const navigate = route.useNavigate()
  if (me.role === 'admin' || me.role === 'auditor') return <BoardPage />
  return (
    <>
      <PageTitle title={t('nav.days')} sub={me.name} />
      <MonthView
        company={me.company}
        username={me.username}
        zone={me.time_zone}
        month={month}
        correct="ask"
        onMonth={(next) => void navigate({ search: { month: next }, replace: true })}
      />
    </>
  )
}
