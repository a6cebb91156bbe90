import { Alert, Avatar, Badge, Button, Group, Modal, Paper, Stack, Text, Textarea, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { WaitingCorrection } from '../api/shapes'
import { longDate } from '../clock/clock'
import { leaveKey } from '../leave/leave'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { changeTexts } from './corrections'
import classes from './corrections.module.css'
import { CorrectionSteps } from './day-history'
import { Marks } from './marks'

/** One correction that waits, with the day as it is and would become. */
export function DecideCorrection({ correction }: { correction: WaitingCorrection }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const [refusing, refuse] = useDisclosure()
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const { name, username, date, id, time_zone: zone, problem } = correction
  const decide = useMutation({
    mutationFn: (approve: boolean) =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/days/{date}/corrections/{correction_id}/decision', {
          params: { path: { company, username, date, correction_id: id } },
          body: { approve, note: approve ? '' : note.trim(), version: correction.version },
        }),
      ),
    onSuccess: ({ state }) => {
      refuse.close()
      notifications.show({
        message: t(`corrections.decided.${state === 'approved' ? 'approved' : 'refused'}`, { name }),
        color: 'pine',
      })
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: leaveKey(company) }),
        queries.invalidateQueries({ queryKey: ['days', company, username] }),
        queries.invalidateQueries({ queryKey: ['open-days', company] }),
      ]),
  })
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid={`correction-${username}`}>
      <Stack gap="sm">
        <Group justify="space-between" gap="md">
          <Group wrap="nowrap">
            <Avatar name={name} color="pine" size={44} aria-hidden />
            <div>
              <Group gap="xs">
                <Title order={3}>{name}</Title>
                {correction.for_name && (
                  <Badge color="gray" variant="light" tt="none">
                    {t('leave.decideFor', { name: correction.for_name })}
                  </Badge>
                )}
              </Group>
              <Text>{longDate(date)}</Text>
              {changeTexts(correction, zone).map((text) => (
                <Text key={text} size="sm" c="dimmed">
                  {text}
                </Text>
              ))}
            </div>
          </Group>
          <Group gap="xs">
            <Button
              loading={decide.isPending && decide.variables}
              disabled={problem !== undefined}
              onClick={() => decide.mutate(true)}
              aria-label={t('corrections.approveOf', { name })}
            >
              {t('leave.approve')}
            </Button>
            <Button variant="default" onClick={refuse.open} aria-label={t('corrections.refuseOf', { name })}>
              {t('leave.refuse')}
            </Button>
          </Group>
        </Group>
        <dl className={classes.compare}>
          <Marks label={t('corrections.now')} date={date} marks={correction.before} other={problem ? correction.before : correction.after} zone={zone} gone />
          {!problem && (
            <Marks label={t('corrections.then')} date={date} marks={correction.after} other={correction.before} zone={zone} />
          )}
        </dl>
        {problem && <Alert color="marigold">{problemSentence(problem)}</Alert>}
        <CorrectionSteps correction={{ ...correction, decider_name: '' }} zone={zone} />
        {decide.error && !refusing && (
          <Alert color="red" role="alert">
            {problemText(decide.error)}
          </Alert>
        )}
      </Stack>
      <Modal
        opened={refusing}
        onClose={refuse.close}
        title={t('corrections.refuseTitle', { name })}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setMissing(!note.trim())
            if (note.trim()) decide.mutate(false)
          }}
        >
          <Stack>
            <Textarea
              size="md"
              label={t('leave.refuseReason')}
              description={t('leave.refuseReasonHint', { name })}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              error={missing && !note.trim() ? t('leave.needReason') : null}
              maxLength={300}
              autosize
              minRows={2}
              data-autofocus
            />
            {decide.error && (
              <Alert color="red" role="alert">
                {problemText(decide.error)}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={refuse.close}>
                {t('app.cancel')}
              </Button>
              <Button type="submit" color="red" loading={decide.isPending}>
                {t('leave.refuse')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </Paper>
  )
}

function problemSentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`
}
