import { Alert, Anchor, Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import type { Company } from '../api/shapes'
import { problemText } from '../locale/problem-text'
import { useSaveCompany } from '../settings/company'
import { hourText } from './topics'

/** In which language a company's mails are, and when the daily ones go out. */
export function MailCard({ company }: { company: Company }) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { language: company.language, digest_hour: company.digest_hour } })
  const save = useSaveCompany(company)
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="mail-card">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <div>
            <Title order={2}>{t('notifications.company.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('notifications.company.lead')}
            </Text>
          </div>
          <Select
            label={t('notifications.company.language')}
            maw={320}
            allowDeselect={false}
            data={(['en', 'ne', 'hi'] as const).map((value) => ({ value, label: t(`notifications.languages.${value}`) }))}
            {...form.getInputProps('language')}
          />
          <Select
            label={t('notifications.company.hour')}
            maw={220}
            allowDeselect={false}
            value={String(form.values.digest_hour)}
            onChange={(hour) => form.setFieldValue('digest_hour', Number(hour))}
            data={Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: hourText(hour) }))}
          />
          {save.error && (
            <Alert color="red" role="alert">
              {problemText(save.error)}
            </Alert>
          )}
          <Group justify="space-between">
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('app.save')}
            </Button>
            <Anchor component={Link} to="/notifications" size="sm">
              {t('notifications.company.own')}
            </Anchor>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
