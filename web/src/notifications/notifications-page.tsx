import { Alert, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { notifications as toast } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Notifications } from '../api/shapes'
import { LanguageSelect } from '../locale/language-select'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Failed, Rows } from '../shell/states'
import classes from './notifications.module.css'
import { hourText, notificationsKey as key, sectionOf, wordOf } from './topics'

const sections = ['work', 'mine', 'company'] as const

/** What somebody is told by mail, and how. */
export function NotificationsPage() {
  const { t } = useTranslation()
  const answer = useQuery({ queryKey: key, queryFn: () => ok(api.GET('/api/v1/me/notifications')) })
  return (
    <>
      <PageTitle title={t('notifications.title')} sub={t('notifications.lead')} />
      {answer.isPending && <Rows count={6} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && <Choices answer={answer.data} />}
    </>
  )
}

function Choices({ answer }: { answer: Notifications }) {
  const { t } = useTranslation()
  const { role } = useMe()
  const queries = useQueryClient()
  const save = useMutation({
    // One choice follows the other, so that an earlier answer does not undo a later one.
    scope: { id: 'notifications' },
    mutationFn: (body: { language?: Notifications['language']; topics?: Notifications['topics'] }) =>
      ok(api.PATCH('/api/v1/me/notifications', { body })),
    onMutate: (body) => {
      queries.setQueryData(key, (was: Notifications | undefined) =>
        was && {
          ...was,
          language: body.language ?? was.language,
          topics: was.topics.map((topic) => body.topics?.find((one) => one.topic === topic.topic) ?? topic),
        },
      )
    },
    onSuccess: () => toast.show({ id: 'notifications', message: t('notifications.saved'), color: 'pine' }),
    onError: () => void queries.invalidateQueries({ queryKey: key }),
  })
  return (
    <Stack gap="lg" maw={720}>
      {answer.email === '' ? (
        <Alert color="yellow" role="alert">
          {t(role === 'admin' ? 'notifications.nowhereAdmin' : 'notifications.nowhere')}
        </Alert>
      ) : (
        <Text size="sm">{t('notifications.to', { email: answer.email })}</Text>
      )}
      {save.error && (
        <Alert color="red" role="alert">
          {problemText(save.error)}
        </Alert>
      )}
      {sections.map((section) => {
        const topics = answer.topics.filter(({ topic }) => sectionOf(topic) === section)
        return (
          topics.length > 0 && (
            <Paper key={section} p={{ base: 'md', sm: 'lg' }} data-testid={`notifications-${section}`}>
              <Title order={2} mb="xs">
                {t(`notifications.sections.${section}`)}
              </Title>
              <ul className={classes.list}>
                {topics.map(({ topic, manner }) => (
                  <li key={topic} className={classes.row}>
                    <Text className={classes.label}>{t(wordOf(topic) as 'notifications.topics.decide')}</Text>
                    <SegmentedControl
                      size="sm"
                      aria-label={t(wordOf(topic) as 'notifications.topics.decide')}
                      value={manner}
                      onChange={(value) => save.mutate({ topics: [{ topic, manner: value }] })}
                      data={[
                        { value: 'at_once', label: t('notifications.atOnce') },
                        { value: 'daily', label: t('notifications.daily') },
                        { value: 'never', label: t('notifications.never') },
                      ]}
                    />
                  </li>
                ))}
              </ul>
            </Paper>
          )
        )
      })}
      {role !== 'admin' && (
        <Paper p={{ base: 'md', sm: 'lg' }}>
          <LanguageSelect
            label={t('notifications.language')}
            description={t('notifications.languageHint')}
            maw={320}
            company={t('notifications.companyLanguage', { language: t(`notifications.languages.${answer.company_language}`) })}
            value={answer.language}
            onChange={(language) => save.mutate({ language })}
          />
        </Paper>
      )}
      <Text size="sm" c="dimmed">
        {t('notifications.dailyHint', { time: hourText(answer.digest_hour) })} {t('notifications.always')}
      </Text>
    </Stack>
  )
}
