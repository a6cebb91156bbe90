import { Group, Text, Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'

/** The heading of a page, and the browser tab's title with it. */
export function PageTitle({ title, sub, children }: { title: string; sub?: string; children?: ReactNode }) {
  useTabTitle(title)
  return (
    <Group justify="space-between" align="flex-end" gap="sm">
      <div>
        <Title order={1}>{title}</Title>
        {sub && (
          <Text c="dimmed" size="sm" mt={2}>
            {sub}
          </Text>
        )}
      </div>
      {children}
    </Group>
  )
}

export function useTabTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · Hajir` : 'Hajir'
  }, [title])
}
