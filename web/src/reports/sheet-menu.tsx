import { useTranslation } from 'react-i18next'

import { MakeMenu } from './make-menu'
import type { Period } from './period'
import { periodQuery } from './reports'

/** Downloads somebody's time sheet. */
export function SheetMenu({ company, username, period }: { company: string; username: string; period: Period }) {
  const { t } = useTranslation()
  return (
    <MakeMenu
      company={company}
      path={`/api/v1/companies/${encodeURIComponent(company)}/employees/${encodeURIComponent(username)}/time-sheet/export`}
      query={periodQuery(period)}
      label={t('reports.sheet')}
    />
  )
}
