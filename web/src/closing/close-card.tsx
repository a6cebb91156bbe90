import { Alert, Button, Group, NumberInput, Paper, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'

import type { Company } from '../api/shapes'
import { problemText } from '../locale/problem-text'
import { useSaveCompany } from '../settings/company'
import { minutesOf } from '../shifts/plan'
import { weekdays } from '../shifts/weekdays'

/** When days are closed, what is guessed, and for how long they can be corrected. */
export function CloseCard({ company }: { company: Company }) {
  const { t } = useTranslation()
  const { close } = company
  const form = useForm({
    initialValues: { ...close, correction_days: company.correction_days },
    validate: { at: (value) => (minutesOf(value) === null ? t('closing.needAt') : null) },
  })
  const save = useSaveCompany(company)
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="close-card">
      <form onSubmit={form.onSubmit(({ correction_days, ...rule }) => save.mutate({ close: rule, correction_days }))} noValidate>
        <Stack>
          <div>
            <Title order={2}>{t('closing.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('closing.lead')}
            </Text>
          </div>
          <TextInput type="time" label={t('closing.at')} description={t('closing.atHint')} maw={220} {...form.getInputProps('at')} />
          <Switch
            label={t('closing.auto')}
            description={t('closing.autoHint')}
            {...form.getInputProps('auto_exit', { type: 'checkbox' })}
          />
          {form.values.auto_exit && (
            <>
              <div>
                <Text size="md" fw={500}>
                  {t('closing.hours')}
                </Text>
                <Text size="sm" c="dimmed">
                  {t('closing.hoursHint')}
                </Text>
              </div>
              <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="sm" role="group" aria-label={t('closing.hours')}>
                {weekdays.map((day) => (
                  <NumberInput
                    key={day}
                    size="sm"
                    label={t(`rules.days.${day}`)}
                    min={0}
                    max={24}
                    step={0.5}
                    decimalScale={2}
                    suffix={t('closing.hoursUnit')}
                    value={form.values.hours_minutes[day] / 60}
                    onChange={(value) => form.setFieldValue(`hours_minutes.${day}`, Math.round((Number(value) || 0) * 60))}
                  />
                ))}
              </SimpleGrid>
              <NumberInput
                label={t('closing.lunch')}
                min={0}
                max={240}
                allowDecimal={false}
                suffix={t('closing.minutes')}
                maw={220}
                {...form.getInputProps('lunch_minutes')}
              />
            </>
          )}
          <NumberInput
            label={t('closing.correctionDays')}
            description={t('closing.correctionDaysHint')}
            min={0}
            max={366}
            allowDecimal={false}
            suffix={t('closing.daysLater')}
            maw={300}
            {...form.getInputProps('correction_days')}
          />
          {save.error && (
            <Alert color="red" role="alert">
              {problemText(save.error)}
            </Alert>
          )}
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
