import { Anchor, Code, Collapse, Group, Input, Paper, Progress, SegmentedControl, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBeach, IconCalendarEvent, IconCalendarTime, IconClockHour4, IconDoor, IconUsers, type Icon } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { ImportKind } from '../api/shapes'
import { ZoneSelect } from '../clock/zone-select'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Failed, Rows } from '../shell/states'
import classes from './import-page.module.css'
import { ImportSteps } from './import-steps'
import { importsKey, sendImport, useImportKinds, useImports, type Kind, type Options } from './imports'
import { PastImports } from './past-imports'
import '../locale/office'

const icons: Record<Kind, Icon> = {
  employees: IconUsers,
  shifts: IconClockHour4,
  roster: IconCalendarTime,
  leave: IconBeach,
  days: IconCalendarEvent,
  devices: IconDoor,
}

/** Where an admin brings files in. */
export function ImportPage() {
  const { t } = useTranslation()
  const { company } = useMe()
  const kinds = useImportKinds(company)
  const [kind, setKind] = useState<Kind | null>(null)
  // Each file begins with a form of its own.
  const [round, setRound] = useState(0)
  const chosen = kinds.data?.kinds.find((one) => one.kind === kind)
  return (
    <>
      <Stack gap={4}>
        <Anchor component={Link} to="/settings" size="sm">
          {t('imports.back')}
        </Anchor>
        <PageTitle title={t('imports.title')} sub={t('imports.lead')} />
      </Stack>
      {kinds.isPending && <Rows count={4} />}
      {kinds.error && <Failed error={kinds.error} retry={() => void kinds.refetch()} />}
      {kinds.data && (
        <div className={classes.kinds} role="group" aria-label={t('imports.what')}>
          {kinds.data.kinds.map(({ kind: one }) => {
            const Icon = icons[one]
            return (
              <UnstyledButton
                key={one}
                className={classes.kind}
                aria-pressed={one === kind}
                onClick={() => {
                  setKind(one)
                  setRound(round + 1)
                }}
                data-testid={`kind-${one}`}
              >
                <Icon size={22} stroke={1.7} />
                <span>
                  <Text fw={580} component="span" display="block">
                    {t(`imports.kind.${one}`)}
                  </Text>
                  <Text size="xs" c="dimmed" component="span">
                    {t(`imports.short.${one}`)}
                  </Text>
                </span>
              </UnstyledButton>
            )
          })}
        </div>
      )}
      {chosen && <OneKind key={`${chosen.kind}-${round}`} kind={chosen} onDone={() => setRound(round + 1)} />}
      <PastImports />
    </>
  )
}

function OneKind({ kind, onDone }: { kind: ImportKind; onDone: () => void }) {
  const { t } = useTranslation()
  const { company, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const [options, setOptions] = useState<Options>({ dates: '', zone })
  const [begun, setBegun] = useState('')
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} data-testid="import-steps">
      <ImportSteps
        send={(file, dryRun) => sendImport(company, kind.kind, file, dryRun, options)}
        options={JSON.stringify(options)}
        template={{ name: `${kind.kind}.csv`, content: kind.example }}
        words={{
          ready: (count) => t('imports.ready', { count }),
          go: (count) => t('imports.go', { count }),
          done: (count) => t('imports.imported', { count }),
          hint: t('imports.importedHint'),
        }}
        progress={<Working file={begun} />}
        onBegun={(file) => setBegun(file.name)}
        onEnded={() => {
          setBegun('')
          void queries.invalidateQueries({ queryKey: importsKey(company) })
        }}
        // Days, people and balances are shown all over the site.
        onImported={() => void queries.invalidateQueries()}
        onDone={onDone}
      >
        <div>
          <Title order={2}>{t(`imports.kind.${kind.kind}`)}</Title>
          <Text size="sm" c="dimmed" maw={720}>
            {t(`imports.about_${kind.kind}`)}
          </Text>
        </div>
        <Columns kind={kind} />
        <Group align="flex-end" gap="lg">
          {kind.kind !== 'shifts' && (
            <Input.Wrapper size="md" label={t('imports.dates')} labelElement="div">
              <SegmentedControl
                aria-label={t('imports.dates')}
                value={options.dates}
                onChange={(dates) => setOptions({ ...options, dates })}
                data={[
                  { value: '', label: t('imports.order.none') },
                  { value: 'day', label: t('imports.order.day') },
                  { value: 'month', label: t('imports.order.month') },
                ]}
              />
            </Input.Wrapper>
          )}
          {kind.kind === 'devices' && (
            <ZoneSelect
              label={t('imports.zone')}
              value={options.zone}
              onChange={(value) => setOptions({ ...options, zone: value ?? zone })}
              w={280}
            />
          )}
        </Group>
      </ImportSteps>
    </Paper>
  )
}

function Columns({ kind }: { kind: ImportKind }) {
  const { t } = useTranslation()
  const [opened, toggle] = useDisclosure()
  return (
    <div>
      <Group gap={6}>
        {kind.columns.map((column) => (
          <Code key={column.name} fz="sm">
            {column.name}
            {column.required ? ' *' : ''}
          </Code>
        ))}
      </Group>
      <Anchor component="button" type="button" size="sm" mt={6} aria-expanded={opened} onClick={toggle.toggle}>
        {t(opened ? 'imports.less' : 'imports.columns')}
      </Anchor>
      <Collapse expanded={opened}>
        <Stack gap={4} mt={6}>
          <Text size="sm">{t('imports.rules', { lines: kind.max_lines.toLocaleString('en-GB') })}</Text>
          {kind.columns.map(
            ({ name, also }) =>
              also && (
                <Text key={name} size="sm" c="dimmed">
                  {t('imports.also', { column: name, names: also.join(', ') })}
                </Text>
              ),
          )}
        </Stack>
      </Collapse>
    </div>
  )
}

/** How far the import of a file is, as its record tells. */
function Working({ file }: { file: string }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const one = useImports(company, true).data?.imports.find((each) => each.state === 'running' && each.file === file)
  const part = one && one.total > 0 ? (100 * one.done) / one.total : 0
  return (
    <div data-testid="import-progress">
      <Progress value={one ? part : 100} animated size="lg" aria-label={t('imports.working')} />
      <Text size="sm" c="dimmed" mt={4}>
        {one
          ? t('imports.progress', { done: one.done.toLocaleString('en-GB'), total: one.total.toLocaleString('en-GB') })
          : t('imports.working')}
      </Text>
    </div>
  )
}
