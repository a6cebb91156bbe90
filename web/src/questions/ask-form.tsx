import { Alert, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCircleCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { LanguageSelect } from '../locale/language-select'
import { type Language, ownLanguage } from '../locale/languages'
import { fieldErrors, problemText } from '../locale/problem-text'
import { validEmail } from '../session/account-rules'
import { Prover } from './proof'
import { lengthProblem, MAX, MIN, QuestionField } from './question-field'
import classes from './questions.module.css'

const FIELDS = ['text', 'name', 'email', 'category'] as const

interface Props {
  slug: string
  categories: string[]
  zone: string
  /** In which answers are mailed to who does not choose. */
  language: Language
}

/** Takes a stranger's question. */
export function AskForm({ slug, categories, zone, language: usual }: Props) {
  const { t } = useTranslation()
  const [prover] = useState(() => new Prover(slug))
  const form = useForm({
    initialValues: { text: '', category: null as string | null, name: '', email: '', language: ownLanguage(usual), website: '' },
    validate: {
      text: (value) => {
        const problem = lengthProblem(value)
        return problem && t(problem, { min: MIN, max: MAX })
      },
      email: (value) => (!value.trim() || validEmail(value.trim()) ? null : t('ask.badEmail')),
    },
  })
  const ask = useMutation({
    mutationFn: async ({ text, category, name, email, language, website }: typeof form.values) => {
      const proof = await prover.get()
      try {
        await ok(
          api.POST('/api/v1/ask/{slug}/questions', {
            params: { path: { slug } },
            body: { text, name: name.trim(), email: email.trim(), language, website, ...(category && { category }), ...proof },
          }),
        )
      } finally {
        prover.drop()
      }
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), FIELDS)),
  })
  if (ask.isSuccess) {
    const email = form.values.email.trim()
    return (
      <Stack align="flex-start" role="status" data-testid="asked">
        <Group wrap="nowrap" gap="sm">
          <IconCircleCheck size={32} color="var(--mantine-primary-color-filled)" style={{ flex: 'none' }} />
          <Title order={2}>{t('ask.thanks')}</Title>
        </Group>
        <Text>{email ? t('ask.thanksMail', { email }) : t('ask.thanksNoMail')}</Text>
        <Button
          variant="default"
          onClick={() => {
            form.setFieldValue('text', '')
            ask.reset()
          }}
        >
          {t('ask.another')}
        </Button>
      </Stack>
    )
  }
  return (
    <form onSubmit={form.onSubmit((values) => ask.mutate(values))} noValidate>
      <Stack>
        <QuestionField
          {...form.getInputProps('text')}
          value={form.values.text}
          onChange={(value) => form.setFieldValue('text', value)}
          onFocus={() => prover.begin()}
          zone={zone}
          alikeKey={['ask', slug]}
          alike={(text, signal) =>
            ok(api.POST('/api/v1/ask/{slug}/alike', { params: { path: { slug } }, body: { text }, signal }))
          }
        />
        {categories.length > 0 && (
          <Select
            label={`${t('ask.category')} (${t('app.optional')})`}
            placeholder={t('questions.noCategory')}
            clearable
            data={categories}
            {...form.getInputProps('category')}
          />
        )}
        <TextInput
          label={`${t('ask.name')} (${t('app.optional')})`}
          description={t('ask.nameHint')}
          autoComplete="name"
          maxLength={100}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={`${t('ask.email')} (${t('app.optional')})`}
          description={t('ask.emailHint')}
          type="email"
          autoComplete="email"
          maxLength={254}
          {...form.getInputProps('email')}
        />
        {form.values.email.trim() !== '' && (
          <LanguageSelect label={t('ask.language')} {...form.getInputProps('language')} />
        )}
        <div className={classes.trap} aria-hidden>
          <TextInput label={t('ask.website')} tabIndex={-1} autoComplete="off" {...form.getInputProps('website')} />
        </div>
        {ask.error && Object.keys(form.errors).length === 0 && (
          <Alert color={asProblem(ask.error).code === 'rate_limited' ? 'marigold' : 'red'} role="alert" data-testid="ask-problem">
            {problemText(ask.error)}
          </Alert>
        )}
        <Group>
          <Button type="submit" size="md" loading={ask.isPending}>
            {t('ask.submit')}
          </Button>
          {ask.isPending && (
            <Text size="sm" c="dimmed" role="status">
              {t('ask.working')}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  )
}
