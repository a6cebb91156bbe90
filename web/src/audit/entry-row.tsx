import { Code, Collapse, Stack, Table, Text, ThemeIcon, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAlertTriangle, IconChevronDown, IconEye, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'

import type { AuditEntry } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import classes from './entry-row.module.css'
import { changes, sentence } from './sentence'

const looks = {
  create: { icon: IconPlus, color: 'pine' },
  change: { icon: IconPencil, color: 'pine' },
  delete: { icon: IconTrash, color: 'gray' },
  refuse: { icon: IconAlertTriangle, color: 'red' },
  look: { icon: IconEye, color: 'marigold' },
} as const

/** One entry as a sentence; its fields before and after on demand. */
export function EntryRow({ entry, zone }: { entry: AuditEntry; zone: string }) {
  const [opened, details] = useDisclosure()
  const id = useId()
  const said = useSentence(entry)
  const { icon: Icon, color } = looks[entry.action]
  const where = [entry.address, entry.device].filter(Boolean).join(', ')
  return (
    <li className={classes.row} data-testid="audit-entry" data-seq={entry.seq}>
      <UnstyledButton className={classes.head} onClick={details.toggle} aria-expanded={opened} aria-controls={id}>
        <ThemeIcon variant="light" color={color} size={32} radius="xl" aria-hidden>
          <Icon size={18} stroke={1.7} />
        </ThemeIcon>
        <div className={classes.what}>
          <Text fw={540} className={classes.value}>
            {said}
          </Text>
          <Text size="xs" c="dimmed" className={classes.value}>
            {[dateAndTime(entry.at, zone), where].filter(Boolean).join(', ')}
          </Text>
        </div>
        <IconChevronDown size={18} className={classes.chevron} data-open={opened || undefined} aria-hidden />
      </UnstyledButton>
      <Collapse expanded={opened} id={id}>
        {opened && <Details entry={entry} />}
      </Collapse>
    </li>
  )
}

function useSentence(entry: AuditEntry): string {
  const { t } = useTranslation()
  const { actor, subject } = entry
  const who = {
    account: actor.name || actor.username || t('audit.gone'),
    stranger: t('audit.stranger'),
    operator: actor.name ? t('audit.operatorNamed', { name: actor.name }) : t('audit.operator'),
    program: t('audit.program'),
  }[actor.kind]
  const { key, table } = sentence(entry)
  const whom = subject.name || subject.person || t('audit.gone')
  // Which of them there are is for sentence.ts to know.
  return t(`audit.did.${key}` as 'audit.did.made', { who, whom, table })
}

function Details({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation()
  const fields = changes(entry.before, entry.after)
  return (
    <Stack gap="sm" className={classes.details}>
      {fields.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('audit.noChanges')}
        </Text>
      ) : (
        <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing="xs" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('audit.field')}</Table.Th>
              <Table.Th>{t('audit.before')}</Table.Th>
              <Table.Th>{t('audit.after')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map((change) => (
              <Table.Tr key={change.field}>
                <Table.Td className={classes.value}>{change.field}</Table.Td>
                <Table.Td className={classes.value}>
                  <Value of={change.before} />
                </Table.Td>
                <Table.Td className={classes.value}>
                  <Value of={change.after} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="xs" c="dimmed" className={classes.value}>
        {t('audit.entry')} {entry.seq}, {t('audit.operation')} <Code>{entry.operation || '–'}</Code>, {t('audit.subject')}{' '}
        <Code>{`${entry.subject.table} ${entry.subject.key}`}</Code>
        <br />
        {t('audit.hash')} <Code>{entry.hash}</Code>
      </Text>
    </Stack>
  )
}

function Value({ of }: { of: string | undefined }) {
  const { t } = useTranslation()
  if (of === undefined) return <span aria-hidden>–</span>
  if (of === '(hidden)')
    return (
      <Text span size="sm" c="dimmed" fs="italic">
        {t('audit.hidden')}
      </Text>
    )
  return of
}
