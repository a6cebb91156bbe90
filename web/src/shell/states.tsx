// What a page shows when it has nothing, not yet, or not at all.
import { Alert, Button, Center, Loader, Paper, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff, type Icon } from '@tabler/icons-react'
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { asProblem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import { Plain } from './plain'

export function Empty(props: { icon: Icon; title: string; hint?: string; children?: ReactNode }) {
  const { icon: Icon, title, hint, children } = props
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <ThemeIcon variant="light" size={56} radius="xl">
          <Icon size={28} stroke={1.6} />
        </ThemeIcon>
        <Title order={3} mt="xs">
          {title}
        </Title>
        {hint && (
          <Text c="dimmed" size="sm">
            {hint}
          </Text>
        )}
        {children && <div style={{ marginTop: 12 }}>{children}</div>}
      </Stack>
    </Center>
  )
}

export function Rows({ count = 6 }: { count?: number }) {
  const { t } = useTranslation()
  return (
    <Paper p="md" aria-busy aria-label={t('app.loading')}>
      <Stack gap="md">
        {Array.from({ length: count }, (_, row) => (
          <Skeleton key={row} height={22} width={`${92 - ((row * 17) % 40)}%`} />
        ))}
      </Stack>
    </Paper>
  )
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={problemText(error)} role="alert" data-testid="failed">
      {retry && (
        <Button size="xs" variant="default" onClick={retry} mt="xs">
          {t('app.tryAgain')}
        </Button>
      )}
    </Alert>
  )
}

export function PageLoading() {
  const { t } = useTranslation()
  return (
    <Center mih="60dvh" aria-busy aria-label={t('app.loading')}>
      <Loader type="dots" />
    </Center>
  )
}

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Plain title={t('page.notFound')} lead={t('page.notFoundHint')}>
      <Button component={Link} to="/">
        {t('page.home')}
      </Button>
    </Plain>
  )
}

const RETRY_MS = 4_000

export function ErrorPage({ error }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  const offline = asProblem(error).code === 'offline'
  useEffect(() => {
    if (!offline) return
    const timer = setInterval(() => void router.invalidate(), RETRY_MS)
    return () => clearInterval(timer)
  }, [offline, router])
  return (
    <Plain
      title={t(offline ? 'page.unreachable' : 'page.failed')}
      lead={offline ? t('page.unreachableHint') : problemText(error)}
    >
      <Button leftSection={offline && <IconCloudOff size={18} />} onClick={() => void router.invalidate()}>
        {t('app.tryAgain')}
      </Button>
    </Plain>
  )
}
