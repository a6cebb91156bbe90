import { Stack, Textarea, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import type { PublishedQuestion } from '../api/shapes'
import { Answers } from './answers'
import { characters } from './questions'

export const MIN = 10
export const MAX = 2000

interface Props {
  value: string
  error?: React.ReactNode
  zone: string
  onChange: (value: string) => void
  onFocus?: () => void
  /** Finds what is published and like a text. */
  alike: (text: string, signal: AbortSignal) => Promise<{ questions: PublishedQuestion[] }>
  alikeKey: readonly string[]
}

/** Where a question is typed; it shows what is answered already. */
export function QuestionField({ value, error, zone, onChange, onFocus, alike, alikeKey }: Props) {
  const { t } = useTranslation()
  const [text] = useDebouncedValue(value.trim(), 600)
  const long = characters(value)
  const answer = useQuery({
    queryKey: [...alikeKey, 'alike', text],
    queryFn: ({ signal }) => alike(text, signal),
    enabled: characters(text) >= MIN && characters(text) <= MAX,
    retry: false,
  })
  const found = long >= MIN ? (answer.data?.questions ?? []) : []
  return (
    <>
      <Textarea
        size="md"
        label={t('ask.question')}
        description={long > MAX - 200 ? t('ask.left', { count: Math.max(0, MAX - long) }) : t('ask.questionHint', { max: MAX })}
        autosize
        minRows={4}
        maxRows={14}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onFocus={onFocus}
        error={error}
      />
      {found.length > 0 && (
        <Stack gap="xs" role="status" data-testid="alike">
          <Title order={2} size="h3">
            {t('ask.alike')}
          </Title>
          <Answers questions={found} zone={zone} />
        </Stack>
      )}
    </>
  )
}

/** What is wrong with a question's length, if anything. */
export function lengthProblem(value: string): 'ask.tooShort' | 'ask.tooLong' | null {
  const long = characters(value)
  if (long < MIN) return 'ask.tooShort'
  return long > MAX ? 'ask.tooLong' : null
}
