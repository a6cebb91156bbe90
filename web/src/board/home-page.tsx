import { getRouteApi, lazyRouteComponent } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import { MonthView } from '../days/month-view'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { PageLoading } from '../shell/states'

const route = getRouteApi('/frame/')

// An employee need not load what only the admin sees.
const BoardPage = lazyRouteComponent(() => import('./board-page'), 'BoardPage')

/** The admin's and the auditor's start page is the board; an employee's is their own month. */
export function HomePage() {
  const { t } = useTranslation()
  const me = useMe()
  const { month } = route.useSearch()
  const navigate = route.useNavigate()
  if (me.role === 'admin' || me.role === 'auditor')
    return (
      <Suspense fallback={<PageLoading />}>
        <BoardPage />
      </Suspense>
    )
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
