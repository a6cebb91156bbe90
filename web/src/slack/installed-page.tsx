import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { useSession } from '../session/use-session'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { Failed, PageLoading } from '../shell/states'

/** Where Slack leads back to when somebody agreed, or did not. */
export function SlackInstalledPage() {
  const { t } = useTranslation()
  const state = useSession()
  const [brought] = useState(take)
  const begun = useRef(false)
  const company = state.status === 'signed-in' && state.user.role === 'admin' ? state.user.company : ''
  const { mutate, data, error } = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/slack/install/finish', {
          params: { path: { company } },
          body: { code: brought.code, state: brought.state },
        }),
      ),
  })
  useEffect(() => {
    if (begun.current || !company || !brought.code) return
    begun.current = true // a code is good once
    mutate()
  }, [company, brought, mutate])
  useTabTitle(t('slack.title'))
  const settings = (
    <Button component={Link} to="/settings/slack">
      {t('slack.toSettings')}
    </Button>
  )
  if (!company) return <Plain title={t('slack.installFailed')} lead={t('slack.installSignIn')} />
  if (!brought.code)
    return (
      <Plain title={t('slack.installFailed')} lead={t('slack.installDenied')}>
        {settings}
      </Plain>
    )
  if (error)
    return (
      <Plain title={t('slack.installFailed')}>
        <Failed error={error} />
        {settings}
      </Plain>
    )
  if (!data) return <PageLoading />
  return (
    <Plain title={t('slack.installed')} lead={t('slack.installedLead', { team: data.team_name })}>
      {settings}
    </Plain>
  )
}

/** What Slack brought, out of the address, so that it stays in no history. */
function take() {
  const search = new URLSearchParams(window.location.search)
  window.history.replaceState(window.history.state, '', window.location.pathname)
  return { code: search.get('code') ?? '', state: search.get('state') ?? '' }
}
