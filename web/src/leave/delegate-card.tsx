import { Alert, Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { DateRangeField } from '../clock/date-field'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { datesText, leaveKey } from './leave'

/** Whom a manager names to decide in their place. */
export function DelegateCard() {
  const { t } = useTranslation()
  const { company, username } = useMe()
  const queries = useQueryClient()
  const key = [...leaveKey(company), 'delegate', username]
  const params = { path: { company, username } }
  const [editing, edit] = useDisclosure()
  const [who, setWho] = useState<string | null>(null)
  const [dates, setDates] = useState<[string | null, string | null]>([null, null])
  const [tried, setTried] = useState(false)
  const answer = useQuery({
    queryKey: key,
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/employees/{username}/leave/delegate', { params })),
  })
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/employees/{username}/leave/delegate', {
          params,
          body: { delegate: who ?? '', from: dates[0] ?? '', to: dates[1] ?? '' },
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(key, saved)
      edit.close()
      notifications.show({ message: t('leave.delegateSaved', { name: saved.delegate_name ?? '' }), color: 'pine' })
    },
  })
  const end = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/employees/{username}/leave/delegate', { params })),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const now = answer.data
  const error = save.error ?? end.error
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="delegate-card">
      <Stack gap="sm">
        <div>
          <Title order={2}>{t('leave.delegate')}</Title>
          <Text size="sm" c="dimmed">
            {t('leave.delegateLead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={1} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {now?.delegate && (
          <Group justify="space-between">
            <Text>
              {t('leave.delegateIs', {
                name: now.delegate_name ?? now.delegate,
                dates: datesText(now.from ?? '', now.to ?? ''),
              })}
            </Text>
            <Button variant="default" size="xs" loading={end.isPending} onClick={() => end.mutate()}>
              {t('leave.delegateEnd')}
            </Button>
          </Group>
        )}
        {now && !editing && (
          <Button variant="default" onClick={edit.open} style={{ alignSelf: 'flex-start' }}>
            {t(now.delegate ? 'leave.delegateChange' : 'leave.delegateSet')}
          </Button>
        )}
        {now && editing && (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              setTried(true)
              if (who && dates[0] && dates[1]) save.mutate()
            }}
          >
            <Stack maw={420}>
              <Select
                label={t('leave.delegateWho')}
                searchable
                data={now.people.map((one) => ({ value: one.username, label: `${one.name} (${one.username})` }))}
                value={who}
                onChange={setWho}
                error={tried && !who ? t('leave.needWho') : null}
              />
              <DateRangeField
                label={t('leave.delegateWhen')}
                value={dates}
                onChange={setDates}
                error={tried && !dates[1] ? t('leave.needDates') : null}
              />
              <Group>
                <Button type="submit" loading={save.isPending}>
                  {t('app.save')}
                </Button>
                <Button variant="default" onClick={edit.close}>
                  {t('app.cancel')}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        {error && (
          <Alert color="red" role="alert">
            {problemText(error)}
          </Alert>
        )}
      </Stack>
    </Paper>
  )
}
