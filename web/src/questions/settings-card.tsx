import { Anchor, Button, CopyButton, Group, NumberInput, Paper, Stack, Switch, TagsInput, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { QuestionSettings } from '../api/shapes'
import { fieldErrors } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { settingsKey, useQuestionSettings } from './questions'

/** Whether everybody may ask, about what, and for how long names are kept. */
export function QuestionsCard() {
  const { company } = useMe()
  const answer = useQuestionSettings(company)
  if (answer.isPending) return <Rows count={3} />
  if (answer.error) return <Failed error={answer.error} retry={() => void answer.refetch()} />
  return <Card key={answer.data.version} settings={answer.data} />
}

function Card({ settings }: { settings: QuestionSettings }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { open: settings.open, categories: settings.categories, retention_days: settings.retention_days },
    validate: {
      retention_days: (value) => (Number.isInteger(value) && value >= 0 && value <= 1095 ? null : t('questionSettings.needDays')),
    },
  })
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(
        api.PUT('/api/v1/companies/{company}/question-settings', {
          params: { path: { company } },
          body: { ...values, version: settings.version },
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(settingsKey(company), saved)
      notifications.show({ message: t('app.saved'), color: 'pine' })
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), ['categories', 'retention_days'])),
  })
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="questions-card">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <div>
            <Title order={2}>{t('questionSettings.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('questionSettings.lead')}
            </Text>
          </div>
          <Switch
            label={t('questionSettings.open')}
            description={t('questionSettings.openHint')}
            {...form.getInputProps('open', { type: 'checkbox' })}
          />
          {settings.open && (
            <Group align="flex-end" gap="xs">
              <TextInput label={t('questionSettings.address')} value={settings.url} readOnly style={{ flex: '1 1 16rem' }} />
              <CopyButton value={settings.url}>
                {({ copied, copy }) => (
                  <Button variant="default" size="md" onClick={copy}>
                    {t(copied ? 'questionSettings.copied' : 'questionSettings.copy')}
                  </Button>
                )}
              </CopyButton>
              <Anchor href={`/ask/${company}`} target="_blank" rel="noopener" size="sm" w="100%">
                {t('questionSettings.visit')}
              </Anchor>
            </Group>
          )}
          <TagsInput
            size="md"
            label={t('questionSettings.categories')}
            description={t('questionSettings.categoriesHint')}
            maxTags={20}
            {...form.getInputProps('categories')}
          />
          <NumberInput
            label={t('questionSettings.retention')}
            description={t('questionSettings.retentionHint')}
            min={0}
            max={1095}
            allowDecimal={false}
            suffix={t('questionSettings.days')}
            {...form.getInputProps('retention_days')}
          />
          {save.error && Object.keys(form.errors).length === 0 && <Failed error={save.error} />}
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
