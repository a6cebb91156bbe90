import { Tabs } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { RosterTab } from './roster-tab'
import { ShiftList } from './shift-list'
import { WeekTab } from './week-tab'

const route = getRouteApi('/frame/admin/shifts')

export function ShiftsPage() {
  const { t } = useTranslation()
  const { company } = useMe()
  const { tab = 'shifts' } = route.useSearch()
  const navigate = useNavigate()
  return (
    <>
      <PageTitle title={t('shifts.title')} sub={t('shifts.lead')} />
      <Tabs
        value={tab}
        onChange={(value) =>
          void navigate({ to: '/shifts', search: value === 'weeks' || value === 'roster' ? { tab: value } : {}, replace: true })
        }
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="shifts">{t('shifts.tabShifts')}</Tabs.Tab>
          <Tabs.Tab value="weeks">{t('shifts.tabWeeks')}</Tabs.Tab>
          <Tabs.Tab value="roster">{t('shifts.tabRoster')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="shifts">
          <ShiftList company={company} />
        </Tabs.Panel>
        <Tabs.Panel value="weeks">
          <WeekTab company={company} />
        </Tabs.Panel>
        <Tabs.Panel value="roster">
          <RosterTab company={company} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
