import { Button, Divider, Group, NumberInput, Paper, Stack, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'

import { asProblem } from '../api/problem'
import type { Company } from '../api/shapes'
import { QuestionsCard } from '../questions/settings-card'
import { CloseCard } from '../closing/close-card'
import { ErasuresCard } from '../consent/erasures-card'
import { CalendarFields } from '../clock/calendar-fields'
import { MailCard } from '../notifications/mail-card'
import { ImportCard } from '../imports/import-card'
import { ZoneSelect } from '../clock/zone-select'
import { fieldErrors } from '../locale/problem-text'
import { validEmail } from '../session/account-rules'
import { session } from '../session/session'
import { useMe } from '../session/use-session'
import { SlackCard } from '../slack/slack-card'
import { PageTitle } from '../shell/page-title'
import { Failed, Rows } from '../shell/states'
import { useCompany, useSaveCompany } from './company'
import { IntegrationsCard } from '../webhooks/integrations-card'
import { ModelsCard } from './models-card'
import { RecognitionCard } from './recognition-card'
import { SettingsFacts } from './settings-facts'
import { RulesFields } from './rules-fields'
import '../locale/office'

const FIELDS = [
  'name',
  'email',
  'time_zone',
  'calendar',
  'both_calendars',
  'repeat_window_seconds',
  'weekly_off',
  'queue_bound_minutes',
  'retention_days',
] as const

export function SettingsPage() {
  const { t } = useTranslation()
  const company = useCompany()
  const { role } = useMe()
  return (
    <>
      <PageTitle title={t('settings.title')} />
      {company.isPending && <Rows count={7} />}
      {company.error && <Failed error={company.error} retry={() => void company.refetch()} />}
      {company.data && role !== 'admin' && <SettingsFacts company={company.data} />}
      {company.data && role === 'admin' && <SettingsForm key={company.data.version} company={company.data} />}
      {company.data && role === 'admin' && <RecognitionCard key={`recognition ${company.data.version}`} company={company.data} />}
      {(role === 'admin' || role === 'auditor') && <ModelsCard />}
      {role === 'admin' && <QuestionsCard />}
      {company.data && role === 'admin' && <CloseCard key={`close-${company.data.version}`} company={company.data} />}
      <IntegrationsCard />
      {role === 'admin' && <SlackCard />}
      {company.data && role === 'admin' && <MailCard key={`mail-${company.data.version}`} company={company.data} />}
      {role === 'admin' && <ImportCard />}
      {role === 'admin' && <ErasuresCard />}
    </>
  )
}

function SettingsForm({ company }: { company: Company }) {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: {
      name: company.name,
      email: company.email,
      time_zone: company.time_zone,
      calendar: company.calendar,
      both_calendars: company.both_calendars,
      repeat_window_seconds: company.repeat_window_seconds,
      weekly_off: company.weekly_off,
      queue_bound_minutes: company.queue_bound_minutes,
      retention_days: company.retention_days,
    },
    validate: {
      retention_days: (value) => (Number.isInteger(value) && value >= 0 && value <= 1095 ? null : t('retention.needed')),
      name: (value) => (value.trim() ? null : t('settings.needName')),
      email: (value) => (validEmail(value.trim()) ? null : t('settings.needEmail')),
    },
  })
  const save = useSaveCompany(company, {
    // Who one is carries the company's name, zone and calendar.
    onSaved: () => void session.refresh().catch(() => undefined),
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), FIELDS)),
  })
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="settings-form">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <Title order={2}>{t('settings.company')}</Title>
          <TextInput label={t('settings.name')} {...form.getInputProps('name')} />
          <TextInput label={t('settings.email')} type="email" {...form.getInputProps('email')} />
          <ZoneSelect label={t('settings.zone')} description={t('settings.zoneHint')} {...form.getInputProps('time_zone')} />
          <CalendarFields
            description={t('calendar.companyHint')}
            value={form.values}
            onChange={({ calendar, both_calendars }) => form.setValues({ calendar: calendar || 'gregorian', both_calendars })}
          />
          <Divider my="xs" />
          <Title order={2}>{t('settings.attendance')}</Title>
          <NumberInput
            label={t('settings.repeat')}
            description={t('settings.repeatHint')}
            min={0}
            max={43_200}
            allowDecimal={false}
            suffix={t('settings.seconds')}
            {...form.getInputProps('repeat_window_seconds')}
          />
          <RulesFields
            off={form.values.weekly_off}
            onOff={(off) => form.setFieldValue('weekly_off', off)}
            bound={form.values.queue_bound_minutes}
            onBound={(bound) => form.setFieldValue('queue_bound_minutes', bound)}
          />
          <Divider my="xs" />
          <Title order={2}>{t('retention.title')}</Title>
          <NumberInput
            label={t('retention.field')}
            description={t('retention.hint')}
            min={0}
            max={1095}
            allowDecimal={false}
            suffix={t('retention.days')}
            {...form.getInputProps('retention_days')}
          />
          {save.error && <Failed error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('app.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
