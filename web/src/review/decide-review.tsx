import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Review } from '../api/shapes'
import { useEmployees } from '../employees/employees'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { reviewsKey } from './review'

type Decision = { decision: 'confirm' | 'reassign' | 'reject'; username?: string }

/** What the admin may do about a review. */
export function DecideReview({ review, thought }: { review: Review; thought?: Review['candidates'][number] }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const [giving, give] = useDisclosure()
  const [rejecting, reject] = useDisclosure()
  const decide = useMutation({
    mutationFn: (body: Decision) =>
      ok(
        api.POST('/api/v1/companies/{company}/reviews/{review_id}/decision', {
          params: { path: { company, review_id: review.id } },
          body: { ...body, version: review.version },
        }),
      ),
    onSuccess: () => {
      give.close()
      reject.close()
      notifications.show({ message: t('review.saved'), color: 'pine' })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: reviewsKey(company) }),
  })
  const punch = review.kind === 'punch'
  const name = review.name ?? ''
  const busy = decide.isPending
  return (
    <>
      <Group gap="xs">
        {punch && (
          <Button loading={busy && decide.variables.decision === 'confirm'} disabled={busy} onClick={() => decide.mutate({ decision: 'confirm' })}>
            {t('review.confirm', { name })}
          </Button>
        )}
        <Button variant={punch ? 'default' : 'filled'} disabled={busy} onClick={give.open}>
          {t(punch ? 'review.other' : 'review.give')}
        </Button>
        <Button
          variant="default"
          disabled={busy}
          onClick={punch ? reject.open : () => decide.mutate({ decision: 'reject' })}
        >
          {t(punch ? 'review.reject' : 'review.dismiss')}
        </Button>
      </Group>
      {decide.error && !giving && !rejecting && (
        <Alert color="red" role="alert">
          {problemText(decide.error)}
        </Alert>
      )}
      <Modal opened={giving} onClose={give.close} title={t('review.whose')} closeButtonProps={{ 'aria-label': t('app.close') }}>
        {giving && (
          <Give
            lead={punch ? t('review.whoseLead', { name }) : t('review.whoseRefused')}
            // Whom the admin compares with is most likely who it is.
            first={thought?.username && thought.username !== review.username ? { username: thought.username, name: thought.name ?? '' } : undefined}
            without={review.username}
            pending={busy}
            error={decide.error}
            onGive={(username) => decide.mutate({ decision: 'reassign', username })}
          />
        )}
      </Modal>
      <Confirm
        opened={rejecting}
        title={t('review.rejectTitle', { name })}
        text={t('review.rejectText')}
        yes={t('review.reject')}
        pending={busy}
        error={decide.error}
        onYes={() => decide.mutate({ decision: 'reject' })}
        onClose={reject.close}
      />
    </>
  )
}

interface Choice {
  username: string
  name: string
}

function Give(props: {
  lead: string
  first?: Choice
  without?: string
  pending: boolean
  error: unknown
  onGive: (username: string) => void
}) {
  const { t } = useTranslation()
  const { company } = useMe()
  const [chosen, setChosen] = useState<Choice | undefined>(props.first)
  const [search, setSearch] = useState(props.first?.name ?? '')
  const [missing, setMissing] = useState(false)
  const [query] = useDebouncedValue(search === chosen?.name ? '' : search, 200)
  const people = useEmployees(company, query, true, undefined)
  const found: Choice[] = (people.data?.pages.flatMap((page) => page.employees) ?? []).filter(
    (one) => one.username !== props.without && one.role !== 'auditor',
  )
  const choices = chosen && !found.some((one) => one.username === chosen.username) ? [chosen, ...found] : found
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(!chosen)
        if (chosen) props.onGive(chosen.username)
      }}
    >
      <Stack>
        <Text size="sm">{props.lead}</Text>
        <Select
          label={t('review.choose')}
          placeholder={t('review.search')}
          searchable
          searchValue={search}
          onSearchChange={setSearch}
          value={chosen?.username ?? null}
          onChange={(username) => setChosen(choices.find((one) => one.username === username))}
          data={choices.map((one) => ({ value: one.username, label: one.name }))}
          // The server has searched already, in codes and departments too.
          filter={({ options }) => options}
          limit={20}
          error={missing && !chosen ? t('review.choose') : null}
          data-autofocus
        />
        {props.error != null && (
          <Alert color="red" role="alert">
            {problemText(props.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={props.pending}>
            {t('review.assign')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
