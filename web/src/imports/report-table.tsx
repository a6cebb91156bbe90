import { Badge, Button, Center, Group, Stack, Switch, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { ImportReport } from '../api/shapes'
import { sentence } from '../locale/problem-text'
import { wantsLook } from './imports'

const colors = { new: 'pine', changed: 'blue', same: 'gray', refused: 'red' } as const
const outcomes = ['new', 'changed', 'same', 'refused'] as const

const PAGE = 100

/** What became, or would become, of each line: counts, and the lines themselves. */
export function ReportTable({ report }: { report: ImportReport }) {
  const { t } = useTranslation()
  const problems = report.lines.filter(wantsLook)
  const [only, setOnly] = useState(problems.length > 0)
  const [shown, setShown] = useState(PAGE)
  const lines = only ? problems : report.lines
  return (
    <Stack gap="sm" data-testid="import-lines">
      <Group justify="space-between">
        <Group gap={6}>
          {outcomes.map((outcome) => (
            <Badge key={outcome} color={colors[outcome]} variant="light" tt="none" size="lg" data-testid={`count-${outcome}`}>
              {t(`imports.count.${outcome}`, { count: report[outcome] })}
            </Badge>
          ))}
        </Group>
        <Switch
          label={t('imports.only')}
          checked={only}
          onChange={(event) => {
            setOnly(event.currentTarget.checked)
            setShown(PAGE)
          }}
        />
      </Group>
      {report.ignored && (
        <Text size="sm" c="dimmed">
          {t('imports.ignored', { columns: report.ignored.join(', ') })}
        </Text>
      )}
      {!!report.omitted && (
        <Text size="sm" c="dimmed">
          {t('imports.omitted', { count: report.omitted })}
        </Text>
      )}
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t(report.lines.length > 0 ? 'imports.noProblems' : 'imports.noLines')}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={0} mah={420}>
          <Table verticalSpacing={6} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('imports.line')}</Table.Th>
                <Table.Th>{t('imports.about')}</Table.Th>
                <Table.Th>{t('imports.outcome')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.slice(0, shown).map((line) => (
                <Table.Tr key={line.line} data-testid={`import-${line.outcome}`}>
                  <Table.Td className="figures">{line.line}</Table.Td>
                  <Table.Td style={{ wordBreak: 'break-word' }}>
                    {line.name || line.username}
                    {line.name && line.username && (
                      <Text size="xs" c="dimmed">
                        {line.username}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Badge color={colors[line.outcome]} variant="light" tt="none" miw="max-content">
                      {t(`imports.is.${line.outcome}`)}
                    </Badge>
                    {(line.problem || line.detail) && (
                      <Text size="sm" mt={2} style={{ wordBreak: 'break-word' }}>
                        {sentence(line.problem ?? line.detail ?? '')}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {lines.length > shown && (
        <Center>
          <Button variant="default" size="xs" onClick={() => setShown(shown + PAGE)}>
            {t('imports.more', { count: lines.length - shown })}
          </Button>
        </Center>
      )}
    </Stack>
  )
}
