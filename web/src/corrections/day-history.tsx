import { Anchor, Badge, Button, Collapse, Group, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconChevronDown, IconChevronRight, IconPhoto } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Correction, Day, Punch } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { changeTexts, timeOn, useDayChanged } from './corrections'
import classes from './corrections.module.css'
import { Marks } from './marks'

const colors: Record<Correction['state'], string> = {
  requested: 'marigold',
  approved: 'pine',
  refused: 'red',
  withdrawn: 'gray',
  failed: 'red',
}

/** What was asked for and changed by hand of a day; folded up. */
export function DayHistory({ day, zone }: { day: Day; zone: string }) {
  const { t } = useTranslation()
  const [opened, { toggle }] = useDisclosure()
  if (day.corrections.length === 0) return null
  const Chevron = opened ? IconChevronDown : IconChevronRight
  return (
    <div>
      <UnstyledButton onClick={toggle} aria-expanded={opened} fz="xs" c="dimmed" data-testid={`history-${day.date}`}>
        <Group gap={4} component="span" wrap="nowrap">
          <Chevron size={14} /> {t('corrections.history', { n: day.corrections.length })}
        </Group>
      </UnstyledButton>
      <Collapse expanded={opened}>
        <ol className={classes.history}>
          {day.corrections.map((correction) => (
            <li key={correction.id}>
              <Entry correction={correction} zone={zone} />
              {day.removed
                .filter((removed) => removed.removed_by === correction.id)
                .map(({ punch }) => (
                  <Removed key={punch.id} punch={punch} date={day.date} zone={zone} />
                ))}
            </li>
          ))}
        </ol>
      </Collapse>
    </div>
  )
}

function Entry({ correction, zone }: { correction: Correction; zone: string }) {
  const { t } = useTranslation()
  const { username } = useMe()
  const applied = correction.before.length + correction.after.length > 0
  return (
    <>
      <Group gap="xs" justify="space-between" align="flex-start">
        <div>
          {changeTexts(correction, zone).map((text) => (
            <Text key={text} size="sm" fw={540}>
              {text}
            </Text>
          ))}
        </div>
        <Group gap="xs">
          <Badge color={colors[correction.state]} variant="light" tt="none">
            {t(`corrections.state.${correction.edit && correction.state === 'approved' ? 'edited' : correction.state}`)}
          </Badge>
          {correction.state === 'requested' && correction.username === username && <Withdraw correction={correction} />}
        </Group>
      </Group>
      {applied && (
        <dl className={classes.compare}>
          <Marks label={t('corrections.before')} date={correction.date} marks={correction.before} other={correction.after} zone={zone} gone />
          <Marks label={t('corrections.after')} date={correction.date} marks={correction.after} other={correction.before} zone={zone} />
        </dl>
      )}
      <CorrectionSteps correction={correction} zone={zone} />
    </>
  )
}

/** Why, and who did what when. */
export function CorrectionSteps({ correction, zone }: { correction: Correction; zone: string }) {
  const { t } = useTranslation()
  return (
    <div>
      <Text size="sm" mt={4} style={{ whiteSpace: 'pre-line' }}>
        {t('corrections.reason')}: {correction.reason}
      </Text>
      {correction.history.map((step, index) => (
        <Text key={index} size="xs" c="dimmed" style={{ whiteSpace: 'pre-line' }}>
          {t(`corrections.action.${step.action}`)} {step.by_name && t('leave.by', { name: step.by_name })}
          {step.for_name && `, ${t('leave.inPlace', { name: step.for_name })}`}
          {', '}
          <span className="figures">{dateAndTime(step.at, zone)}</span>
          {step.note && `: ${step.note}`}
        </Text>
      ))}
      {correction.decider_name && (
        <Text size="xs" c="dimmed">
          {t('corrections.waitsFor', { name: correction.decider_name })}
        </Text>
      )}
    </div>
  )
}

function Removed({ punch, date, zone }: { punch: Punch; date: string; zone: string }) {
  const { t, i18n } = useTranslation()
  const source = `days.source.${punch.source}`
  return (
    <div className={classes.removed}>
      <Text span size="xs" c="dimmed">
        {t('corrections.removedPunches')}:
      </Text>
      <s>{timeOn(date, punch.at, zone)}</s>
      <Text span size="xs" c="dimmed">
        {punch.place ?? (i18n.exists(source) ? t(source as 'days.source.kiosk') : punch.source)}
      </Text>
      {punch.picture_url && (
        <Anchor href={punch.picture_url} target="_blank" rel="noreferrer" size="xs">
          <Group gap={3} component="span" wrap="nowrap">
            <IconPhoto size={14} /> {t('days.picture')}
          </Group>
        </Anchor>
      )}
      {punch.picture_erased && (
        <Text span size="xs" c="dimmed">
          {t('erasure.picture')}
        </Text>
      )}
    </div>
  )
}

function Withdraw({ correction }: { correction: Correction }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const [asking, ask] = useDisclosure()
  const { username, date, id } = correction
  const changed = useDayChanged(company, username)
  const withdraw = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/days/{date}/corrections/{correction_id}/withdraw', {
          params: { path: { company, username, date, correction_id: id } },
        }),
      ),
    onSuccess: () => {
      ask.close()
      notifications.show({ message: t('corrections.withdrawn'), color: 'pine' })
    },
    onSettled: changed,
  })
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={ask.open}>
        {t('corrections.withdraw')}
      </Button>
      <Confirm
        opened={asking}
        title={t('corrections.withdrawTitle')}
        text={t('corrections.withdrawHint')}
        yes={t('corrections.withdraw')}
        pending={withdraw.isPending}
        error={withdraw.error}
        onYes={() => withdraw.mutate()}
        onClose={ask.close}
      />
    </>
  )
}
