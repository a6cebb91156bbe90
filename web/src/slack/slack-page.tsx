import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Failed, Rows } from '../shell/states'
import { ConnectionCard } from './connection-card'
import { LinkedCard } from './linked-card'
import { useSlack } from './slack'
import { SlackForm } from './slack-form'

/** The company's connection with Slack, and what it wants of it. */
export function SlackPage() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const slack = useSlack(company)
  return (
    <>
      <PageTitle title={t('slack.title')} sub={t('slack.lead')} />
      {slack.isPending && <Rows count={6} />}
      {slack.error && <Failed error={slack.error} retry={() => void slack.refetch()} />}
      {slack.data && <ConnectionCard slack={slack.data} />}
      {slack.data && slack.data.connected && role === 'admin' && <SlackForm key={slack.data.version} slack={slack.data} />}
      {slack.data && (slack.data.connected || slack.data.linked > 0) && <LinkedCard />}
    </>
  )
}
