import { Accordion, Anchor, Badge, Box, Code, Container, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { problemFrom } from '../api/problem'
import { Logo } from '../shell/logo'
import { useTabTitle } from '../shell/page-title'
import { SchemeToggle } from '../shell/scheme-toggle'
import { Failed, Rows } from '../shell/states'
import { groups, resolve, typeName, type Document, type Listed, type Schema } from './openapi'

/** The API's operations, read from the document that the server itself gives. */
export function DocsPage() {
  const { t } = useTranslation()
  useTabTitle(t('docs.title'))
  const answer = useQuery({
    queryKey: ['openapi'],
    queryFn: async () => {
      const response = await fetch('/openapi.json')
      if (!response.ok) throw problemFrom(response.status, null)
      return (await response.json()) as Document
    },
  })
  return (
    <Container size="md" py="lg" component="main">
      <Stack gap="lg">
        <Group justify="space-between">
          <Link to="/" aria-label={t('docs.back')} style={{ color: 'inherit' }}>
            <Logo height={26} />
          </Link>
          <SchemeToggle />
        </Group>
        <div>
          <Title order={1}>{t('docs.title')}</Title>
          <Text c="dimmed">
            {t('docs.lead')} <Anchor href="/openapi.json">{t('docs.document')}</Anchor>
          </Text>
          <Text mt="sm" size="sm">
            {t('docs.start')}
          </Text>
        </div>
        {answer.isPending && <Rows />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data &&
          groups(answer.data).map(([tag, operations]) => (
            <section key={tag}>
              <Title order={2} mb="xs">
                {tag}
              </Title>
              <Accordion variant="separated" multiple>
                {operations.map((operation) => (
                  <OperationItem key={operation.operationId} document={answer.data} operation={operation} />
                ))}
              </Accordion>
            </section>
          ))}
      </Stack>
    </Container>
  )
}

const colors: Record<string, string> = { GET: 'pine', DELETE: 'red' }

function OperationItem({ document, operation }: { document: Document; operation: Listed }) {
  const { t } = useTranslation()
  const bodies = Object.entries(operation.requestBody?.content ?? {})
  return (
    <Accordion.Item value={operation.operationId}>
      <Accordion.Control>
        <Group gap="sm" wrap="nowrap">
          <Badge color={colors[operation.method] ?? 'marigold'} variant="light" w={72} style={{ flex: 'none' }}>
            {operation.method}
          </Badge>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {operation.path}
            </Text>
            <Text size="sm" c="dimmed">
              {operation.summary}
            </Text>
          </div>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="md">
          {operation.description && (
            <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
              {operation.description.trim()}
            </Text>
          )}
          {operation.parameters && operation.parameters.length > 0 && (
            <Section title={t('docs.parameters')}>
              <Fields
                rows={operation.parameters.map((one) => ({
                  name: one.name,
                  type: `${typeName(one.schema)}, in ${one.in}`,
                  required: one.required,
                  text: one.description,
                }))}
              />
            </Section>
          )}
          {bodies.map(([type, { schema }]) => (
            <Section key={type} title={`${t('docs.body')}: ${type}`}>
              <Fields rows={rowsOf(resolve(document, schema))} />
            </Section>
          ))}
          <Section title={t('docs.answers')}>
            <Stack gap="xs">
              {Object.entries(operation.responses ?? {}).map(([status, response]) => {
                const content = Object.entries(response.content ?? {})[0]
                return (
                  <Box key={status}>
                    <Text size="sm">
                      <b>{status}</b> {response.description} {content && <Code>{content[0]}</Code>}
                    </Text>
                    {status.startsWith('2') && content && <Fields rows={rowsOf(resolve(document, content[1].schema))} />}
                  </Box>
                )
              })}
            </Stack>
          </Section>
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text fw={620} size="sm" mb={4}>
        {title}
      </Text>
      {children}
    </div>
  )
}

interface Row {
  name: string
  type: string
  required?: boolean
  text?: string
}

function rowsOf(schema: Schema): Row[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    type: typeName(property),
    required: schema.required?.includes(name),
    text: property.description,
  }))
}

function Fields({ rows }: { rows: Row[] }) {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table fz="sm" verticalSpacing={4}>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Td w="30%">
                <Code>{row.name}</Code> {row.required && <Text span size="xs" c="dimmed">{t('docs.required')}</Text>}
              </Table.Td>
              <Table.Td w="25%" c="dimmed">
                {row.type}
              </Table.Td>
              <Table.Td>{row.text}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
