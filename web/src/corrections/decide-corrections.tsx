import { Alert, Avatar, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { WaitingCorrection } from '../api/shapes'
import { longDate } from '../clock/clock'
import { RefuseModal } from '../leave/refuse-modal'
import { problemText, sentence } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { changeTexts, useDayChanged } from './corrections'
import classes from './corrections.module.css'
import { CorrectionSteps } from './day-history'
import { Marks } from './marks'

/** One correction that waits, with the day as it is and would become. */
export function DecideCorrection({ correction }: { correction: WaitingCorrection }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const [refusing, refuse] = useDisclosure()
  const { name, username, date, id, time_zone: zone, problem } = correction
  const changed = useDayChanged(company, username)
  const decide = useMutation({
    mutationFn: ({ approve, note }: { approve: boolean; note: string }) =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/days/{date}/corrections/{correction_id}/decision', {
          params: { path: { company, username, date, correction_id: id } },
          body: { approve, note, version: correction.version },
        }),
      ),
    onSuccess: ({ state }) => {
      refuse.close()
      notifications.show({
        message: t(`corrections.decided.${state === 'approved' ? 'approved' : 'refused'}`, { name }),
        color: 'pine',
      })
    },
    onSettled: changed,
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
              loading={decide.isPending && decide.variables.approve}
              disabled={problem !== undefined}
              onClick={() => decide.mutate({ approve: true, note: '' })}
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
        {problem && <Alert color="marigold">{sentence(problem)}</Alert>}
        <CorrectionSteps correction={{ ...correction, decider_name: '' }} zone={zone} />
        {decide.error && !refusing && (
          <Alert color="red" role="alert">
            {problemText(decide.error)}
          </Alert>
        )}
      </Stack>
      <RefuseModal
        opened={refusing}
        onClose={refuse.close}
        title={t('corrections.refuseTitle', { name })}
        name={name}
        refuse={t('leave.refuse')}
        pending={decide.isPending}
        error={decide.error}
        onRefuse={(note) => decide.mutate({ approve: false, note })}
      />
    </Paper>
  )
}
