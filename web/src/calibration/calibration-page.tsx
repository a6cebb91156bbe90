import { Button, Group, NumberInput, Paper, Select, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconScan } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { companyKey } from '../settings/company'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { asScore, oneIn, useCalibration, type Calibration } from './calibration'
import { People } from './people'
import { Plot } from './plot'
import '../locale/office'

const RATES = [0.1, 0.05, 0.01, 0.005, 0.001, 0.0001]

/** How well the enrolled faces can be told apart, and which threshold follows. */
export function CalibrationPage() {
  const { t } = useTranslation()
  const { company } = useMe()
  const [rate, setRate] = useState(0.01)
  const [headCount, setHeadCount] = useState<number | ''>('')
  const [asked] = useDebouncedValue(headCount, 400)
  const answer = useCalibration(company, rate, asked || 0)
  const found = answer.data
  return (
    <>
      <PageTitle title={t('calibration.title')} />
      <Text c="dimmed" size="sm" maw={760} mt={-12}>
        {t('calibration.lead')}
      </Text>
      {answer.isPending && <Rows count={8} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {found?.faces === 0 && <Empty icon={IconScan} title={t('calibration.none')} hint={t('calibration.noneHint')} />}
      {found && found.faces > 0 && (
        <>
          <Card title={t('calibration.plot')} lead={`${t('calibration.seen', { faces: found.faces, people: found.people })}, ${t('calibration.comparisons', { count: found.comparisons })}`}>
            <Plot found={found} />
          </Card>
          <Card title={t('calibration.rates')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }} maw={560} spacing="sm">
              <Select
                label={t('calibration.rate')}
                data={RATES.map((value) => ({ value: String(value), label: t('calibration.oneIn', { count: oneIn(value) }) }))}
                value={String(rate)}
                onChange={(value) => value && setRate(Number(value))}
                allowDeselect={false}
              />
              <NumberInput
                label={t('calibration.headCount')}
                placeholder={String(found.people)}
                min={1}
                max={1_000_000}
                allowDecimal={false}
                allowNegative={false}
                value={headCount}
                onChange={(value) => setHeadCount(typeof value === 'number' ? value : '')}
              />
            </SimpleGrid>
            <Points found={found} />
          </Card>
          <People found={found} />
        </>
      )}
    </>
  )
}

export function Card({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-label={title}>
      <Stack gap="md">
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          {lead && (
            <Text size="sm" c="dimmed" maw={760}>
              {lead}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Paper>
  )
}

function Points({ found }: { found: Calibration }) {
  const { t } = useTranslation()
  const { role } = useMe()
  const proposed = found.found
  return (
    <Stack gap="sm" data-testid="operating-points">
      <Table.ScrollContainer minWidth={520}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              <Table.Th>{t('calibration.threshold')}</Table.Th>
              <Table.Th>{t('calibration.strangers')}</Table.Th>
              <Table.Th>{t('calibration.facesFound')}</Table.Th>
              <Table.Th>{t('calibration.restsOn')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Point name={t('calibration.now')} point={found.in_force} />
            {proposed && <Point name={t('calibration.proposed')} point={proposed} />}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {proposed?.low !== undefined && proposed.high !== undefined ? (
        <Text size="sm" c="dimmed">
          {t('calibration.interval', { low: asScore(proposed.low), high: asScore(proposed.high) })}
        </Text>
      ) : (
        <Text size="sm">{t('calibration.few', { needed: found.needed, count: found.comparisons })}</Text>
      )}
      {role === 'admin' && proposed && <Use threshold={proposed.threshold} />}
    </Stack>
  )
}

function Point({ name, point }: { name: string; point: Calibration['in_force'] }) {
  const { t } = useTranslation()
  const unknown = t('calibration.unknown')
  return (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td>{asScore(point.threshold)}</Table.Td>
      <Table.Td>{point.rate === undefined ? unknown : t('calibration.oneIn', { count: oneIn(point.rate) })}</Table.Td>
      <Table.Td>{point.genuine === undefined ? unknown : `${(100 * point.genuine).toFixed(1)} %`}</Table.Td>
      <Table.Td>{point.basis === 'none' ? unknown : t(`calibration.${point.basis}`)}</Table.Td>
    </Table.Tr>
  )
}

function Use({ threshold }: { threshold: number }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const rounded = Math.ceil(threshold * 1000) / 1000
  const use = useMutation({
    mutationFn: () =>
      ok(api.PATCH('/api/v1/companies/{company}', { params: { path: { company } }, body: { match_threshold: rounded } })),
    onSuccess: async (changed) => {
      queries.setQueryData(companyKey(company), changed)
      notifications.show({ message: t('calibration.used', { threshold: asScore(rounded) }) })
      await queries.invalidateQueries({ queryKey: ['calibration', company] })
    },
    onError: (error) => notifications.show({ color: 'red', message: problemText(error) }),
  })
  return (
    <Group>
      <Button variant="default" loading={use.isPending} onClick={() => use.mutate()}>
        {t('calibration.use', { threshold: asScore(rounded) })}
      </Button>
    </Group>
  )
}
