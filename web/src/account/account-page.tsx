import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { OwnSlackCard } from '../slack/own-card'
import { CalendarCard } from './calendar-card'
import { FeedsCard } from './feeds-card'
import { LanguageCard } from './language-card'
import { PasskeysCard } from './passkeys-card'
import { PasswordCard } from './password-card'
import { ProfileCard } from './profile-card'
import { SessionsCard } from './sessions-card'
import { TwoFactorCard } from './two-factor-card'
import { ViewsCard } from './views-card'

/** What people do with their own account. */
export function AccountPage() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <>
      <PageTitle title={t('account.title')} sub={`${me.name}, ${me.username}`} />
      {me.role !== 'admin' && <ProfileCard />}
      {me.role !== 'admin' && <CalendarCard />}
      {me.role !== 'admin' && me.role !== 'auditor' && <LanguageCard />}
      <PasswordCard />
      <PasskeysCard />
      <TwoFactorCard />
      <SessionsCard />
      <FeedsCard />
      <OwnSlackCard />
      {me.role === 'employee' && <ViewsCard />}
    </>
  )
}
