import { Box, Button, Center, Group, Paper, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { Logo } from '../shell/logo'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { SchemeToggle } from '../shell/scheme-toggle'
import { Failed, PageLoading, Rows } from '../shell/states'
import { Answers } from './answers'
import { AskForm } from './ask-form'
import classes from './questions.module.css'

/** Where everybody asks a company, and reads what it has answered. */
export function AskPage() {
  const { t } = useTranslation()
  const { slug } = useParams({ from: '/ask/$slug' })
  const page = useQuery({
    queryKey: ['ask', slug],
    queryFn: () => ok(api.GET('/api/v1/ask/{slug}', { params: { path: { slug } } })),
  })
  const title = page.data ? t('ask.title', { company: page.data.company_name }) : ''
  useTabTitle(title)
  if (page.error)
    return asProblem(page.error).code === 'not_found' ? (
      <Plain title={t('ask.closed')} lead={t('ask.closedHint')} />
    ) : (
      <Plain title={t('page.failed')}>
        <Failed error={page.error} retry={() => void page.refetch()} />
      </Plain>
    )
  if (!page.data) return <PageLoading />
  const { categories, time_zone: zone, language } = page.data
  return (
    <Box component="main" className={classes.page}>
      <Group justify="flex-end" p="sm">
        <SchemeToggle />
      </Group>
      <Stack gap="xl" className={classes.column}>
        <div>
          <Title order={1}>{title}</Title>
          <Text c="dimmed" mt={6}>
            {t('ask.lead')}
          </Text>
        </div>
        <Paper p={{ base: 'lg', sm: 'xl' }} shadow="xs">
          <AskForm slug={slug} categories={categories} zone={zone} language={language} />
        </Paper>
        <Published slug={slug} categories={categories} zone={zone} />
        <Group justify="center" gap="xs" c="dimmed">
          <Text size="xs">{t('ask.madeWith')}</Text>
          <Logo height={16} />
        </Group>
      </Stack>
    </Box>
  )
}

function Published({ slug, categories, zone }: { slug: string; categories: string[]; zone: string }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [category, setCategory] = useState<string | null>(null)
  const [search] = useDebouncedValue(typed.trim(), 300)
  const answer = useInfiniteQuery({
    queryKey: ['ask', slug, 'published', search, category],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/ask/{slug}/questions', {
          params: {
            path: { slug },
            query: { limit: 20, ...(search && { search }), ...(category && { category }), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (before) => before,
  })
  const found = answer.data?.pages.flatMap((page) => page.questions) ?? []
  const any = found.length > 0 || search !== '' || category !== null
  return (
    <Stack component="section" aria-label={t('ask.published')}>
      <Title order={2}>{t('ask.published')}</Title>
      {any && (
        <Group align="flex-end">
          <TextInput
            style={{ flex: '1 1 14rem' }}
            aria-label={t('ask.search')}
            placeholder={t('ask.search')}
            leftSection={<IconSearch size={18} />}
            type="search"
            maxLength={200}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {categories.length > 0 && (
            <Select
              style={{ flex: '1 1 10rem' }}
              aria-label={t('questions.category')}
              placeholder={t('questions.anyCategory')}
              clearable
              data={categories}
              value={category}
              onChange={setCategory}
            />
          )}
        </Group>
      )}
      {answer.isPending && <Rows count={3} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && found.length === 0 && <Text c="dimmed">{t(any ? 'ask.nothingFound' : 'ask.nothing')}</Text>}
      <Answers questions={found} zone={zone} />
      {answer.hasNextPage && (
        <Center>
          <Button variant="default" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('ask.more')}
          </Button>
        </Center>
      )}
    </Stack>
  )
}
