import { Paper } from '@mantine/core'
import { notifications as toast } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Notifications } from '../api/shapes'
import { LanguageSelect } from '../locale/language-select'
import { notificationsKey } from '../notifications/topics'
import { Failed } from '../shell/states'

/** In which language one is written to. */
export function LanguageCard() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const answer = useQuery({ queryKey: notificationsKey, queryFn: () => ok(api.GET('/api/v1/me/notifications')) })
  const save = useMutation({
    mutationFn: (language: Notifications['language']) => ok(api.PATCH('/api/v1/me/notifications', { body: { language } })),
    onSuccess: (saved) => {
      queries.setQueryData(notificationsKey, saved)
      toast.show({ id: 'notifications', message: t('notifications.saved'), color: 'pine' })
    },
  })
  if (!answer.data) return null
  const { company_language: company } = answer.data
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="language-card">
      <LanguageSelect
        label={t('notifications.language')}
        description={t('notifications.languageHint')}
        maw={420}
        disabled={save.isPending}
        company={t('notifications.companyLanguage', { language: t(`notifications.languages.${company}`) })}
        value={save.isPending ? save.variables : answer.data.language}
        onChange={(language) => save.mutate(language)}
      />
      {save.error && <Failed error={save.error} />}
    </Paper>
  )
}
