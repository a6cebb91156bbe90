import { Paper, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { Company } from '../api/shapes'
import classes from './settings-facts.module.css'

const rules = { off: 'livenessOff', warn: 'livenessWarn', require: 'livenessRequire' } as const

/** The settings for those who read them only. */
export function SettingsFacts({ company }: { company: Company }) {
  const { t } = useTranslation()
  const threshold = company.match_threshold === 0 ? t('roles.model') : String(company.match_threshold)
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="settings-facts">
      <Stack>
        <Text size="sm" c="dimmed">
          {t('roles.readOnly')}
        </Text>
        <Facts
          title={t('settings.company')}
          facts={[
            [t('settings.name'), company.name],
            [t('settings.email'), company.email],
            [t('settings.zone'), company.time_zone],
            [t('notifications.company.language'), t(`notifications.languages.${company.language}`)],
            [t('calendar.label'), t(company.both_calendars ? 'calendar.withOther' : 'calendar.only', { calendar: t(`calendar.${company.calendar}`) })],
          ]}
        />
        <Facts
          title={t('settings.attendance')}
          facts={[[t('settings.repeat'), `${company.repeat_window_seconds}${t('settings.seconds')}`]]}
        />
        <Facts
          title={t('recognition.title')}
          facts={[
            [t('recognition.threshold'), threshold],
            [t('recognition.margin'), String(company.match_margin)],
            [t('recognition.doubt'), String(company.match_doubt)],
            [t('recognition.pixels'), `${company.min_face_pixels}${t('settings.px')}`],
            [t('recognition.liveness'), t(`recognition.${rules[company.liveness]}`)],
            [t('recognition.frames'), String(company.match_frames)],
            [t('recognition.days'), `${company.refusal_days}${t('recognition.daysUnit')}`],
          ]}
        />
      </Stack>
    </Paper>
  )
}

function Facts({ title, facts }: { title: string; facts: [string, string][] }) {
  return (
    <section>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <dl className={classes.facts}>
        {facts.map(([label, value]) => (
          <div key={label} className={classes.fact}>
            <dt>{label}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
