import { Alert, Badge, Button, Group, Paper, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHeartbeat, IconStethoscope } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { dateAndTime, duration } from '../clock/clock'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { AlarmsCard } from './alarms-card'
import { healthKey, overall, useAlarmHistory, useHealth, type Finding, type Health, type Level } from './health'
import '../locale/office'

const colors: Record<Level, string> = { ok: 'pine', warn: 'marigold', fail: 'red' }
const icons = { ok: IconCircleCheck, warn: IconAlertTriangle, fail: IconCircleX }

/** How the installation does, for who operates it. */
export function HealthPage() {
  const { t } = useTranslation()
  const { company, role, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const health = useHealth(company)
  const examine = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/companies/{company}/health/examination', { params: { path: { company } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: healthKey(company) }),
  })
  const elsewhere = health.error && asProblem(health.error).code === 'not_found'
  return (
    <>
      <PageTitle title={t('health.title')} sub={t('health.lead')}>
        {role === 'admin' && health.data && (
          <Button
            variant="default"
            leftSection={<IconStethoscope size={18} />}
            loading={examine.isPending}
            onClick={() => examine.mutate()}
            data-testid="examine"
          >
            {t('health.examine')}
          </Button>
        )}
      </PageTitle>
      {examine.error && (
        <Alert color="red" role="alert">
          {problemText(examine.error)}
        </Alert>
      )}
      {health.isPending && <Rows count={6} />}
      {elsewhere && <Empty icon={IconHeartbeat} title={t('health.elsewhere')} hint={t('health.elsewhereHint')} />}
      {health.error && !elsewhere && <Failed error={health.error} retry={() => void health.refetch()} />}
      {health.data && (
        <>
          <Overall health={health.data} zone={zone} />
          <AlarmsCard alarms={health.data.alarms} mailed={health.data.mailed} company={company} zone={zone} mayChange={role === 'admin'} />
          <Findings health={health.data} zone={zone} />
          <History company={company} zone={zone} />
        </>
      )}
    </>
  )
}

function Overall({ health, zone }: { health: Health; zone: string }) {
  const { t } = useTranslation()
  const level = overall(health)
  const Icon = icons[level]
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} data-testid="overall" data-level={level}>
      <Stack gap="lg">
        <Group wrap="nowrap" align="flex-start">
          <ThemeIcon size={44} radius="xl" variant="light" color={colors[level]}>
            <Icon size={26} />
          </ThemeIcon>
          <div>
            <Title order={2}>{t(`health.overall.${level}`)}</Title>
            <Text size="sm" c="dimmed">
              {t(`health.overallHint.${level}`)}
            </Text>
          </div>
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
          <Fact label={t('health.backup.title')} value={backupNow(health, t)} hint={backupDrill(health, zone, t)} />
          <Fact label={t('health.about.version')} value={health.version} hint={t('health.about.since', { when: dateAndTime(health.started, zone) })} />
          <Fact label={t('health.about.model')} value={health.model} />
        </SimpleGrid>
      </Stack>
    </Paper>
  )
}

type Translate = TFunction

/** A backup is behind by a second or two while it works. */
const BEHIND = 60

function backupNow({ backup }: Health, t: Translate): string {
  if (!backup) return t('health.backup.none')
  return backup.behind_seconds < BEHIND ? t('health.backup.now') : t('health.backup.behind', { time: duration(backup.behind_seconds) })
}

function backupDrill({ backup }: Health, zone: string, t: Translate): string {
  if (!backup) return ''
  if (backup.drill_error) return t('health.backup.drillFailed')
  return backup.drill_at ? t('health.backup.drill', { when: dateAndTime(backup.drill_at, zone) }) : t('health.backup.noDrill')
}

function Fact({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fw={580} style={{ overflowWrap: 'anywhere' }}>
        {value}
      </Text>
      {hint && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
    </div>
  )
}

function Findings({ health: { examination }, zone }: { health: Health; zone: string }) {
  const { t } = useTranslation()
  const worth = examination?.findings.filter(({ level }) => level !== 'ok') ?? []
  const fine = (examination?.findings.length ?? 0) - worth.length
  const order = { fail: 0, warn: 1, ok: 2 }
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} data-testid="findings">
      <Stack>
        <div>
          <Title order={2}>{t('health.findings.title')}</Title>
          <Text size="sm" c="dimmed">
            {examination ? `${t('health.examined')} ${dateAndTime(examination.at, zone)}` : t('health.findings.none')}
          </Text>
        </div>
        {worth
          .sort((a, b) => order[a.level] - order[b.level])
          .map((finding, index) => (
            <FindingRow key={index} finding={finding} />
          ))}
        {examination && fine > 0 && (
          <Text size="sm" c="dimmed">
            {t('health.findings.fine', { count: fine })}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

function FindingRow({ finding: { check, level, what, why, fix } }: { finding: Finding }) {
  const Icon = icons[level]
  return (
    <Alert variant="light" color={colors[level]} icon={<Icon size={20} />} title={what} data-testid={`finding-${check}`}>
      <Text size="sm">{why}</Text>
      <Text size="sm" mt={4} fw={550} style={{ overflowWrap: 'anywhere' }}>
        {fix}
      </Text>
    </Alert>
  )
}

function History({ company, zone }: { company: string; zone: string }) {
  const { t } = useTranslation()
  const history = useAlarmHistory(company)
  const told = history.data?.filter(({ from, to }) => to === 'alarm' || from === 'alarm') ?? []
  if (!history.data) return null
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} data-testid="alarm-history">
      <Stack gap="sm">
        <Title order={2}>{t('health.history.title')}</Title>
        {told.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('health.history.none')}
          </Text>
        )}
        {told.slice(0, 50).map(({ name, at, to }) => (
          <Group key={`${name} ${at}`} justify="space-between" gap="xs">
            <Group gap="xs" wrap="nowrap">
              <Badge size="xs" circle color={to === 'alarm' ? 'red' : 'pine'} aria-hidden />
              <Text size="sm">
                {t(to === 'alarm' ? 'health.history.raised' : to === 'ok' ? 'health.history.cleared' : 'health.history.noData', { name })}
              </Text>
            </Group>
            <Text size="sm" c="dimmed" className="figures">
              {dateAndTime(at, zone)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
