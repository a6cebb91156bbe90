import { Box, Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

import { Logo } from './logo'
import { SchemeToggle } from './scheme-toggle'

/** A page with one card, for everybody who is not signed in yet. */
export function Plain({
  title,
  lead,
  width = 440,
  children,
}: {
  title: string
  lead?: string
  width?: number
  children?: ReactNode
}) {
  return (
    <Box mih="100dvh" component="main">
      <Group justify="flex-end" p="sm">
        <SchemeToggle />
      </Group>
      <Center px="md" pb="xl">
        <Stack w="100%" maw={width} gap="lg">
          <Center>
            <Logo height={36} />
          </Center>
          <Paper p={{ base: 'lg', sm: 'xl' }} shadow="xs">
            <Stack gap="lg">
              <div>
                <Title order={1} size="h2">
                  {title}
                </Title>
                {lead && (
                  <Text c="dimmed" size="sm" mt={6}>
                    {lead}
                  </Text>
                )}
              </div>
              {children}
            </Stack>
          </Paper>
        </Stack>
      </Center>
    </Box>
  )
}
